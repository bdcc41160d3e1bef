"""The messages that other programs get: plain values that become strict JSON, one object each.

``live_output.schema.json`` beside this file says the same as a JSON Schema; docs/live-output.md explains it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.version import __version__

if TYPE_CHECKING:
    from engine.annotations import Annotation
    from engine.faults import Fault
    from engine.types import FloatArray, Prediction, Word

SCHEMA = "attune live output"
VERSION = 1
"""Another number when a reader of this version could misunderstand a message; new fields and types do not change it."""

TIME_DIGITS, SHARE_DIGITS = 4, 6

Fields = dict[str, Any]


def hello(
    *,
    source: str,
    live: bool,
    duration_s: float | None,
    labels: Sequence[str],
    fusions: Sequence[str],
    step_s: float,
    unsure_below: float,
    zero_unix_s: float | None,
) -> Fields:
    """The first message of a session: what the others are about.

    ``zero_unix_s`` is the wall clock at media time 0, None for a recording, which can be held and wound.
    """
    return {
        "type": "hello",
        "schema": SCHEMA,
        "version": VERSION,
        "program": f"attune {__version__}",
        "source": _text(source),
        "live": live,
        "duration_s": _time(duration_s),
        "labels": [_text(one) for one in labels],
        "fusions": list(fusions),
        "step_s": _time(step_s),
        "unsure_below": round(unsure_below, SHARE_DIGITS),
        "zero_unix_s": _time(zero_unix_s),
    }


def prediction(made: Prediction, certainty: str) -> Fields:
    """What the models say at a moment; `nothing` where a model's figures are no numbers.

    ``certainty`` is the mean's top probability in words.
    """
    every = {name: _shares(made.labels, one.probabilities) for name, one in made.outcomes.items()}
    mean = _shares(made.labels, made.probabilities)
    if not all(math.isfinite(value) for one in (mean, *every.values()) for value in one.values()):
        return nothing()
    return {
        "type": "prediction",
        "top": _text(made.top),
        "certainty": certainty,
        "probabilities": mean,
        "fusions": every,
        "present": list(made.present),
        "muted": sorted(made.muted),
        "utterance": made.utterance,
        "window_start_s": _time(made.window_start_s),
        "latency_s": {name: _time(value) for name, value in made.latency_s.items() if math.isfinite(value)},
    }


def nothing() -> Fields:
    """A moment at which there was nothing to predict from."""
    return {"type": "nothing"}


def words(utterance: int, said: Sequence[Word], *, final: bool, missing: bool = False) -> Fields:
    """The words of an utterance as known now, in place of all that was told of it; with ``final`` they stay.

    ``missing`` says that the recogniser failed, so that words were said that are not here.
    """
    every = [
        {
            "text": _text(one.text),
            "start_s": _time(one.start_s),
            "end_s": _time(one.end_s),
            "confidence": round(one.confidence, SHARE_DIGITS) if math.isfinite(one.confidence) else None,
        }
        for one in said
    ]
    return {"type": "words", "utterance": utterance, "final": final, "missing": missing, "words": every}


def utterance(kind: str, index: int, at_s: float) -> Fields:
    """An utterance has started or ended (``kind`` is "start" or "end") at ``at_s``, which is known only now."""
    return {"type": f"utterance_{kind}", "utterance": index, "at_s": _time(at_s)}


def fault(one: Fault) -> Fields:
    """Something failed, and the session goes on."""
    return {"type": "fault", "part": one.part, "text": _text(one.text), "lasting": one.lasting}


def device(kind: str, name: str, status: str, text: str) -> Fields:
    """How a device stands now; ``text`` is "" while all is well."""
    return {"type": "device", "kind": kind, "name": _text(name), "status": status, "text": _text(text)}


def annotation(one: Annotation) -> Fields:
    """A person has marked a moment or span, or changed a mark: the newest of an id counts."""
    return {
        "type": "annotation",
        "id": _text(one.id),
        "start_s": _time(one.start_s),
        "end_s": _time(one.end_s),
        "text": _text(one.text),
        "label": None if one.label is None else _text(one.label),
    }


def jump() -> Fields:
    """The recording was wound: what follows begins at the time of this message."""
    return {"type": "jump"}


def lost(count: int) -> Fields:
    """The reader was too slow for so many messages, which are gone."""
    return {"type": "lost", "count": count}


def end() -> Fields:
    """The session is over; another may follow."""
    return {"type": "end"}


def stamped(fields: Fields, number: int, t_s: float, wall_s: float) -> Fields:
    """A message as it is sent: its type, its number, and when it was.

    Parameters
    ----------
    number : counts all messages of a program's run from 1; a gap is what a reader has missed.
    t_s : media time that it is about.
    wall_s : Unix time at which that was captured, or played from a recording.
    """
    head = {"type": fields["type"], "number": number, "t_s": _time(t_s), "wall_s": _time(wall_s)}
    return head | fields


def to_line(message: Mapping[str, Any]) -> str:
    r"""Strict JSON without a line break.

    >>> to_line({"type": "nothing", "text": "a\nb"})
    '{"type":"nothing","text":"a\\nb"}'
    """
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _shares(labels: Sequence[str], values: FloatArray) -> dict[str, float]:
    return {_text(name): round(float(value), SHARE_DIGITS) for name, value in zip(labels, values, strict=True)}


def _time(value_s: float | None) -> float | None:
    return None if value_s is None or not math.isfinite(value_s) else round(float(value_s), TIME_DIGITS)


def _text(text: str) -> str:
    """Text that every reader can decode: file names may hold bytes that are none."""
    return text.encode("utf-8", "replace").decode("utf-8")
