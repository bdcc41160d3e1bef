"""Where an answer comes from, in one line of words; true to the Shapley shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from demo.names import name_of
from demo.origin import Shares
from demo.widgets.figures import number, percent
from engine.config import Fusion, Modality

_CONTEXT = "OriginView"

STEPS: tuple[Modality, ...] = ("video", "audio", "text")
"""Modalities in the order of the steps from nothing to the answer."""

MOSTLY = 0.6
"""From this part of all that speaks for the emotion on, one modality is "mostly" what it comes from."""

LITTLE = 0.03
"""Shares below are not worth telling."""

_THE = {
    "audio": QT_TRANSLATE_NOOP("OriginView", "the voice"),
    "video": QT_TRANSLATE_NOOP("OriginView", "the face"),
    "text": QT_TRANSLATE_NOOP("OriginView", "the words"),
}


def steps_of(used: Collection[Modality]) -> tuple[Modality, ...]:
    """The steps that models take which use these modalities.

    >>> steps_of(("audio", "text"))
    ('audio', 'text')
    """
    return tuple(one for one in STEPS if one in used)


def the(modality: str) -> str:
    """A modality with its article: "the face"."""
    return _tr(_THE[modality])


def points(share: float) -> str:
    """A signed share in percentage points: "+52"."""
    rounded = round(share * 100)
    return number(0) if rounded == 0 else ("+" if rounded > 0 else "\N{MINUS SIGN}") + number(abs(rounded))


def origin_sentence(one: Shares) -> str:
    """Which modalities an answer mostly comes from, and how far they took it.

    One modality with ``MOSTLY`` of everything that raised the emotion is named alone; else all that raised it by more
    than ``LITTLE``. Where nothing did, that is said.
    """
    name, low, high = name_of(one.top), percent(one.with_none), percent(one.with_all)
    raised = [(share, modality) for modality, share in one.shares.items() if share > LITTLE]
    raised.sort(reverse=True)
    if not raised:
        return _tr("Nothing here raised {0}: it is at {1}, and at {2} without anything.").format(name, high, low)
    share, modality = raised[0]
    total = sum(share for share, _ in raised)
    if share >= MOSTLY * total:
        return _tr("Mostly {0}: {1} went from {2} to {3}, and {0} made {4} points of that.").format(
            the(modality), name, low, high, number(round(share * 100))
        )
    return _tr("From {0} together: {1} went from {2} to {3}.").format(
        _listed([the(modality) for _, modality in raised]), name, low, high
    )


def origin_lines(shares: Mapping[Fusion, Shares]) -> list[tuple[Fusion | None, str]]:
    """What to say of all fusions: one sentence of their mean where they name the same emotion, else one for each.

    Shapley shares are linear, so the means of both are the exact shares of the mean.
    """
    every = list(shares.values())
    if len({one.top for one in every}) == 1 and len(every) > 1:
        mean = Shares(
            top=every[0].top,
            with_all=_mean([one.with_all for one in every]),
            with_none=_mean([one.with_none for one in every]),
            shares={modality: _mean([one.shares.get(modality, 0.0) for one in every]) for modality in STEPS},
        )
        return [(None, origin_sentence(mean))]
    return [(fusion if len(every) > 1 else None, origin_sentence(one)) for fusion, one in shares.items()]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def without_sentence(muted: Collection[Modality]) -> str:
    """What is muted: "Without the face and the words"; empty where nothing is."""
    names = [the(one) for one in STEPS if one in muted]
    return _tr("Without {0}").format(_listed(names)) if names else ""


def unused_sentence(used: Collection[Modality]) -> str:
    """What the models do not use: "The models that run do not use the face."; empty where they use everything."""
    names = [the(one) for one in STEPS if one not in used]
    return _tr("The models that run do not use {0}.").format(_listed(names)) if names else ""


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _tr("{0} and {1}").format(_tr(", ").join(names[:-1]), names[-1])


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
