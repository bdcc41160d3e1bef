"""What attention maps say, in values small enough to put into words: the strongest look, and what each word receives.

Everything here is read off the weights; nothing is estimated or smoothed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.config import Fusion, Modality
from engine.types import AttentionMap, FloatArray, Word

WordKey = tuple[float, str]
"""What tells the words of a session apart: start in seconds, and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaze:
    """One look, read off a map: while ``target`` was at ``target_s``, it looked at ``source`` at ``source_s``.

    Attributes
    ----------
    target, source : the modality that looks and the one that is looked at.
    target_s, source_s : media time of the two positions.
    weight : attention of that pair, 0..1; ``evenly`` what each pair would get if it looked everywhere alike.
    target_word, source_word : the words there; for the voice the one being said. None for faces and silence.
    """

    target: Modality
    source: Modality
    target_s: float
    source_s: float
    weight: float
    evenly: float
    target_word: str | None = None
    source_word: str | None = None

    @property
    def times_even(self) -> float:
        """How many times the even share the weight is."""
        return self.weight / self.evenly


def shown_weights(one: AttentionMap, head: int | None = None) -> FloatArray:
    """Weights of one head, or their mean over the heads. [Tq, Tk] f32, rows summing to one.

    Parameters
    ----------
    one : the map.
    head : from 0; None stands for the mean.

    Raises
    ------
    IndexError : the map has no such head.
    """
    weights: FloatArray = one.weights.mean(axis=0, dtype=np.float32) if head is None else one.weights[head]
    return weights


def gaze_at(one: AttentionMap, words: Sequence[Word], head: int | None, row: int, column: int) -> Gaze:
    """The look of one cell of a map.

    Parameters
    ----------
    one : the map.
    words : of the window, in the order of text positions.
    head : from 0; None stands for the mean over the heads.
    row, column : position of the target and of the source.

    Raises
    ------
    IndexError : the map has no such head or cell.
    """
    weights = shown_weights(one, head)
    return Gaze(
        target=one.target,
        source=one.source,
        target_s=float(one.target_times_s[row]),
        source_s=float(one.source_times_s[column]),
        weight=float(weights[row, column]),
        evenly=1 / weights.shape[1],
        target_word=_word(one.target, words, row, float(one.target_times_s[row])),
        source_word=_word(one.source, words, column, float(one.source_times_s[column])),
    )


def strongest(one: AttentionMap, words: Sequence[Word], head: int | None = None) -> Gaze | None:
    """The most remarkable look of a map: the cell whose weight is the most times the even share.

    All rows of a map share their even share, 1 / Tk, so that is the largest weight of the whole map, and hence also
    the largest of its row. Of equal ones it is the earliest target, then the earliest source.

    Parameters
    ----------
    one : the map.
    words : of the window, in the order of text positions.
    head : from 0; None stands for the mean over the heads.

    Returns
    -------
    None for a map without a row, or with fewer than two columns: where there is nothing to choose from, a weight of
    one says nothing.

    Raises
    ------
    IndexError : the map has no such head.
    """
    weights = shown_weights(one, head)
    if weights.shape[0] < 1 or weights.shape[1] < 2:
        return None
    row, column = np.unravel_index(int(weights.argmax()), weights.shape)
    return gaze_at(one, words, head, int(row), int(column))


def received(
    maps: Mapping[Fusion, Iterable[AttentionMap]], fusion: Fusion | None, words: Sequence[Word]
) -> dict[WordKey, float]:
    """How much attention each word of a window receives, as a share of what the most attended one does.

    That is the mean over the rows and heads of every map whose source is text, of one fusion or (None) of all; each
    map counts alike.

    Parameters
    ----------
    maps : per fusion the maps of one prediction.
    fusion : which to read, None for all.
    words : of the window, in the order of text positions.

    Returns
    -------
    By start and text of the word, 0..1; empty where no map looks at words. Of words that begin and read alike, the
    most attended counts.
    """
    chosen = maps.values() if fusion is None else [maps.get(fusion, ())]
    looks = [one.weights.mean(axis=(0, 1)) for some in chosen for one in some if one.source == "text"]
    looks = [one for one in looks if len(one) == len(words)]
    if not looks or not words:
        return {}
    mean = np.mean(looks, axis=0)
    scaled = mean / max(float(mean.max()), float(np.finfo(np.float32).tiny))
    result: dict[WordKey, float] = {}
    for word, share in zip(words, scaled, strict=True):
        key = (word.start_s, word.text)
        result[key] = max(result.get(key, 0.0), float(share))
    return result


def _word(modality: Modality, words: Sequence[Word], position: int, seconds: float) -> str | None:
    """The word at a position: that of a text position, or the one that the voice was saying then."""
    if modality == "text":
        return words[position].text if position < len(words) else None
    if modality == "audio":
        return next((one.text for one in words if one.start_s <= seconds < one.end_s), None)
    return None
