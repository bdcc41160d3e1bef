"""What is said as subtitles: short pieces with the times of their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.export.findings import Findings, mean_of
from engine.types import Word
from engine.utterance import Utterance

COLUMNS = 42
"""Characters a line, as broadcasters have it."""

LINES = 2
SHORTEST_MS = 1000
MISSING = "[words missing]"

_HIDDEN = dict.fromkeys([*range(32), 127, *range(0x80, 0xA0), 0x2028, 0x2029], " ")
"""Control characters and line ends, which a word may not bring into a subtitle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A subtitle.

    Attributes
    ----------
    start_ms, end_ms : when it is shown; none overlaps with another.
    lines : its text with the emotion in front, at most two lines of at most 42 characters each, unless a single word
        is longer.
    words : the words that it shows.
    label, probability : top emotion of its utterance and the mean of its probability; None without a prediction.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    words: tuple[Word, ...]
    label: str | None = None
    probability: float | None = None

    @property
    def mark(self) -> str:
        """The emotion as it stands in front of the text, "" without one."""
        return emotion_mark(self.label, self.probability)


def emotion_mark(label: str | None, probability: float | None) -> str:
    """An emotion with its certainty, as viewers read it.

    >>> emotion_mark("happy", 0.826)
    '[happy 83 %]'
    """
    if label is None or probability is None:
        return ""
    return f"[{one_line(label)} {100 * probability:.0f} %]"


def one_line(text: str) -> str:
    r"""The text without line ends, control characters and repeated spaces.

    >>> one_line(" a\n b ")
    'a b'
    """
    return " ".join(text.translate(_HIDDEN).split())


def cues(findings: Findings) -> list[Cue]:
    """Subtitles of everything that was said, in order of time; the words of an utterance in as many as they need."""
    found: list[Cue] = []
    free_ms = 0
    for utterance in sorted(findings.utterances, key=lambda one: (one.start_s, one.index)):
        label, probability = _emotion(utterance)
        for words, lines in _pieces(said_words(utterance), emotion_mark(label, probability)):
            start_ms = max(round(1000 * words[0].start_s), free_ms, 0)
            end_ms = max(round(1000 * max(one.end_s for one in words)), start_ms + SHORTEST_MS)
            cue = Cue(start_ms=start_ms, end_ms=end_ms, lines=lines, words=words, label=label, probability=probability)
            found.append(cue)
            free_ms = end_ms
    return found


def said_words(utterance: Utterance) -> tuple[Word, ...]:
    """The words of an utterance; where the recogniser failed, with a last one that says so."""
    if not utterance.missing:
        return utterance.words
    start_s = max([utterance.start_s, *(one.end_s for one in utterance.words)])
    end_s = max(utterance.end_s, start_s)
    return (*utterance.words, Word(text=MISSING, start_s=start_s, end_s=end_s, confidence=0.0, final=True))


def said(utterance: Utterance) -> str:
    """What was said in an utterance, as one text."""
    return " ".join(one.text for one in said_words(utterance))


def _emotion(utterance: Utterance) -> tuple[str | None, float | None]:
    mean = mean_of(utterance)
    return (None, None) if mean is None else (utterance.top, float(mean.max()))


def _pieces(words: Sequence[Word], mark: str) -> Iterator[tuple[tuple[Word, ...], tuple[str, ...]]]:
    """The words of each cue and their lines, as full as they may be."""
    piece: list[Word] = []
    lines: list[str] = []
    for word in words:
        text = one_line(word.text)
        if not text:
            continue
        grown = _with(lines or ([mark] if mark else []), text)
        if piece and len(grown) > LINES:
            yield tuple(piece), tuple(lines)
            piece, grown = [], _with([mark] if mark else [], text)
        piece.append(word)
        lines = grown
    if piece:
        yield tuple(piece), tuple(lines)


def _with(lines: Sequence[str], text: str) -> list[str]:
    if lines and len(lines[-1]) + 1 + len(text) <= COLUMNS:
        return [*lines[:-1], f"{lines[-1]} {text}"]
    return [*lines, text]
