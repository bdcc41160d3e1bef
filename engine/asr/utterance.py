"""What the recognisers share: recent sound, and the one utterance that is being spoken."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engine.asr.base import TranscriptUpdate
from engine.closing import Closing
from engine.config import SAMPLE_RATE_HZ
from engine.types import AudioBlock, FloatArray, Word

if TYPE_CHECKING:
    from engine.features.speech import Heard, SpeechEvent, VoiceFrame

KEEP_S = 3.0
"""Past kept between utterances: one is known to have started up to about 1.2 s after its start."""

GOES_BACK_S = 0.5
"""Sound that starts this much before the end of what was heard belongs to another stream: all is forgotten."""

VOICED_AT = 0.5
"""Speech probability from which a voice frame counts as speech."""


class SoundHistory:
    """The most recent 16 kHz sound, addressed by media time. Where a gap was there is silence."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[int, FloatArray]] = deque()
        self._end = 0

    def append(self, block: AudioBlock) -> None:
        """Add the next block.

        Raises
        ------
        ValueError : the block is not at 16 kHz.
        """
        if block.rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"recognition works at {SAMPLE_RATE_HZ} Hz, got {block.rate_hz} Hz")
        first = round(block.pts_s * SAMPLE_RATE_HZ)
        if abs(first - self._end) <= 1:  # times are rounded; samples that follow each other must stay together
            first = self._end
        self._blocks.append((first, block.samples))
        self._end = first + len(block.samples)

    def between(self, start: int, end: int) -> FloatArray:
        """Samples [end - start] from index ``start`` to ``end`` (index = media time times 16,000)."""
        out = np.zeros(max(0, end - start), np.float32)
        for first, samples in self._blocks:
            low, high = max(first, start), min(first + len(samples), end)
            if low < high:
                out[low - start : high - start] = samples[low - first : high - first]
        return out

    def forget_before(self, index: int) -> None:
        """Drop whole blocks that end at or before ``index``."""
        while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) <= index:
            self._blocks.popleft()

    @property
    def end(self) -> int:
        """Index just after the last sample."""
        return self._end


@dataclass(slots=True)
class Utterance:
    """The utterance that is open.

    Attributes
    ----------
    index : as in its speech events.
    start_s : where it starts; ``start`` is the same as a sample index.
    gain : amplification that voice activity used when it found the utterance.
    voiced : media times (start, end) of its voice frames that hold speech, in order.
    voiced_s : their total duration.
    """

    index: int
    start_s: float
    gain: float
    voiced: list[tuple[float, float]] = field(default_factory=list)
    voiced_s: float = 0.0

    @property
    def start(self) -> int:
        """Index of its first sample."""
        return round(self.start_s * SAMPLE_RATE_HZ)

    def add(self, frame: VoiceFrame) -> None:
        """Count a voice frame that holds speech."""
        if frame.probability >= VOICED_AT and frame.end_s > self.start_s:
            self.voiced.append((frame.pts_s, frame.end_s))
            self.voiced_s += frame.end_s - frame.pts_s


class UtteranceRecognizer(Closing):
    """A recogniser that works utterance by utterance; sound between utterances is not recognised.

    Voice frames and speech events are handled in order of media time, so it makes no difference
    how the sound was split on the way here.
    """

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        self._sound = SoundHistory()
        self._frames: deque[VoiceFrame] = deque()
        self._open: Utterance | None = None
        self._now_s = 0.0

    def feed(self, heard: Heard) -> list[TranscriptUpdate]:
        """Take the next piece of hearing; return the updates that it brings, in order of time."""
        if heard.block is not None:
            if heard.block.pts_s < self._sound.end / SAMPLE_RATE_HZ - GOES_BACK_S:
                self.reset()
            self._sound.append(heard.block)
        out: list[TranscriptUpdate] = []
        # An event that a frame decided comes before the frame: the last frame of an utterance brings no partial words.
        happenings: list[tuple[float, SpeechEvent | VoiceFrame]] = [(event.known_s, event) for event in heard.events]
        happenings += [(frame.end_s, frame) for frame in heard.voice]
        for when_s, what in sorted(happenings, key=lambda one: one[0]):
            out += self._take(what, heard)
            self._now_s = max(self._now_s, when_s)
        self._forget()
        return out

    def flush(self) -> list[TranscriptUpdate]:
        """End of the stream: give the final update of an utterance that is still open.

        The recogniser is then ready for another stream.
        """
        out: list[TranscriptUpdate] = []
        if self._open is not None:
            end_s = max(self._sound.end / SAMPLE_RATE_HZ, self._open.start_s)
            out = self._end(self._open, end_s, max(self._now_s, end_s))
        self.reset()
        return out

    def close(self) -> None:
        """Release the model; safe to call again."""
        self.reset()

    @abstractmethod
    def _begin(self, utterance: Utterance) -> None:
        """Prepare for an utterance."""

    @abstractmethod
    def _grow(self, utterance: Utterance, until_s: float) -> Sequence[Word] | None:
        """There is sound until ``until_s``: its words so far, or None where there is nothing new."""

    @abstractmethod
    def _finish(self, utterance: Utterance, end_s: float) -> Sequence[Word]:
        """Its words for good; sound after ``end_s`` is not part of it."""

    def _take(self, what: SpeechEvent | VoiceFrame, heard: Heard) -> list[TranscriptUpdate]:
        kind = getattr(what, "kind", "frame")
        if kind == "frame":
            return self._take_frame(what)  # type: ignore[arg-type]
        event: SpeechEvent = what  # type: ignore[assignment]
        if kind == "end":
            return [] if self._open is None else self._end(self._open, event.pts_s, event.known_s)
        gains = [frame.gain for frame in (*self._frames, *heard.voice) if frame.end_s <= event.known_s + 1e-6]
        gain = gains[-1] if gains else heard.speech_gain
        self._open = Utterance(index=event.utterance, start_s=event.pts_s, gain=gain)
        for frame in self._frames:
            self._open.add(frame)
        self._begin(self._open)
        return []

    def _take_frame(self, frame: VoiceFrame) -> list[TranscriptUpdate]:
        self._frames.append(frame)
        if self._open is None:
            return []
        self._open.add(frame)
        words = self._grow(self._open, frame.end_s)
        if words is None:
            return []
        return [self._update(self._open, words, frame.end_s, frame.end_s, final=False)]

    def _end(self, utterance: Utterance, end_s: float, known_s: float) -> list[TranscriptUpdate]:
        self._open = None
        return [self._update(utterance, self._finish(utterance, end_s), end_s, known_s, final=True)]

    @staticmethod
    def _update(
        utterance: Utterance, words: Sequence[Word], end_s: float, known_s: float, *, final: bool
    ) -> TranscriptUpdate:
        inside = tuple(
            Word(
                text=word.text,
                start_s=max(word.start_s, utterance.start_s),
                end_s=min(word.end_s, end_s),
                confidence=min(1.0, max(0.0, word.confidence)),
                final=final,
            )
            for word in words
            if word.start_s < end_s and word.end_s > utterance.start_s
        )
        return TranscriptUpdate(pts_s=known_s, utterance=utterance.index, words=inside, final=final)

    def reset(self) -> None:
        """Forget everything that was heard; what follows is as with a new recogniser."""
        self._sound = SoundHistory()
        self._frames.clear()
        self._open = None
        self._now_s = 0.0

    def _forget(self) -> None:
        keep_from_s = self._sound.end / SAMPLE_RATE_HZ - KEEP_S
        while self._frames and self._frames[0].end_s < keep_from_s:
            self._frames.popleft()
        if self._open is not None:
            keep_from_s = min(keep_from_s, self._open.start_s)
        self._sound.forget_before(int(keep_from_s * SAMPLE_RATE_HZ))
