"""From what a person has labelled in recordings to the items of a manifest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.annotations import Annotation, Annotations
from engine.config import AUDIO_HOP_S, MAX_AUDIO_FRAMES
from engine.corpora.manifest import Part
from engine.corpora.releases.release import Release, Row
from engine.types import Word

SHORTEST_S = 0.5
"""Less tells a model nothing."""

LONGEST_S = MAX_AUDIO_FRAMES * AUDIO_HOP_S
"""What a window holds; longer spans are divided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRecording:
    """A recording with what was labelled in it.

    Attributes
    ----------
    name : begins the ids of its items.
    media : the file.
    annotations, words : in media time.
    from_s, until_s : media time of the beginning and of the end of the file.
    sound, pictures : whether it has them.
    """

    name: str
    media: Path
    annotations: Annotations
    words: Sequence[Word] = ()
    from_s: float = 0.0
    until_s: float = math.inf
    sound: bool = True
    pictures: bool = True


def labelled_items(
    recordings: Iterable[LabelledRecording], classes: Sequence[str] | None, speaker: str | None = None
) -> Release:
    """Make an item of every labelled span.

    A span that is longer than a window becomes several items of equal length. The words of an item are those whose
    middle lies within it.

    Parameters
    ----------
    recordings : where spans were labelled.
    classes : labels that are of use, whatever their case; None for all.
    speaker : who speaks in all of them.
    """
    known = None if classes is None else {name.casefold(): name for name in classes}
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    clashes = 0
    for recording in _named_apart(recordings):
        kept: list[Annotation] = []
        for one in recording.annotations:
            reason = _useless(one, recording, known)
            if reason is not None:
                left_out[reason] += 1
                continue
            kept.append(one)
            rows += _rows(one, recording, known, speaker)
        clashes += _clashes(kept)
    notes = []
    if clashes:
        notes.append(
            f"{clashes} spans overlap one with another label: both are used, and a model cannot have both right"
        )
    if rows and not any(row.text for row in rows):
        notes.append("no item has words")
    return Release(rows=tuple(rows), left_out=dict(left_out), notes=tuple(notes))


def _named_apart(recordings: Iterable[LabelledRecording]) -> Iterator[LabelledRecording]:
    """The same, with a number behind a name that was there already."""
    taken: set[str] = set()
    for one in recordings:
        name, count = one.name, 1
        while name in taken:
            count += 1
            name = f"{one.name}-{count}"
        taken.add(name)
        yield replace(one, name=name)


def _useless(one: Annotation, recording: LabelledRecording, known: Mapping[str, str] | None) -> str | None:
    """Why nothing can be learned of an annotation; None where something can."""
    label = (one.label or "").strip()
    if not label:
        return "without a label"
    if known is not None and label.casefold() not in known:
        return f"labelled {label}, which is none of {', '.join(known.values())}"
    if one.moment:
        return "labelled at a moment: give them an end"
    start_s, end_s = _clipped(one, recording)
    if end_s - start_s >= SHORTEST_S:
        return None
    outside = end_s - start_s < one.end_s - one.start_s
    return "outside of the recording" if outside else f"shorter than {SHORTEST_S:g} s"


def _clipped(one: Annotation, recording: LabelledRecording) -> tuple[float, float]:
    return max(one.start_s, recording.from_s), min(one.end_s, recording.until_s)


def _rows(
    one: Annotation, recording: LabelledRecording, known: Mapping[str, str] | None, speaker: str | None
) -> Iterator[Row]:
    label = (one.label or "").strip()
    start_s, end_s = _clipped(one, recording)
    count = max(1, math.ceil((end_s - start_s) / LONGEST_S - 1e-9))
    length_s = (end_s - start_s) / count
    for piece in range(count):
        from_s = start_s + piece * length_s
        until_s = end_s if piece == count - 1 else from_s + length_s
        part = Part(start_s=from_s - recording.from_s, end_s=until_s - recording.from_s)
        said = [word.text for word in recording.words if from_s <= (word.start_s + word.end_s) / 2 < until_s]
        yield Row(
            id=f"{recording.name}-{one.id}" + (f"-{piece + 1}" if count > 1 else ""),
            label=label if known is None else known[label.casefold()],
            audio=recording.media if recording.sound else None,
            heard=part,
            video=recording.media if recording.pictures else None,
            part=part,
            text=" ".join(said) or None,
            speaker=speaker,
        )


def _clashes(spans: Sequence[Annotation]) -> int:
    """Spans that share time with one of another label."""
    found = 0
    for one in spans:
        label = (one.label or "").strip().casefold()
        found += any(
            other.start_s < one.end_s and one.start_s < other.end_s and (other.label or "").strip().casefold() != label
            for other in spans
        )
    return found
