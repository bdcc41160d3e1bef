"""From speech probabilities to utterances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STARTS_AT = 0.5
GOES_ON_AT = 0.35
LEAD_S = 0.3
TAIL_S = 0.2
PAUSE_S = 0.8
MIN_SPEECH_S = 0.2
MAX_HOLE_S = 0.1
LONG_S = 12.0
SHORT_PAUSE_S = 0.2
LONGEST_S = 20.0

_EPSILON_S = 1e-6  # sums of 32 ms are not exact


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFrame:
    """Speech probability of one voice-activity frame.

    Attributes
    ----------
    pts_s, end_s : media time of the frame.
    probability : 0..1.
    gain : by which the samples were multiplied before the decision.
    """

    pts_s: float
    end_s: float
    probability: float
    gain: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEvent:
    """An utterance starts or ends.

    Attributes
    ----------
    kind : "start" or "end"; every start is followed by its end, and the next start is not before it.
    utterance : counts from 0.
    pts_s : where the utterance starts or ends.
    known_s : media time at which that was decided, never before ``pts_s``.
    """

    kind: Literal["start", "end"]
    utterance: int
    pts_s: float
    known_s: float


class Endpointer:
    """Finds utterances in a sequence of voice frames.

    Speech starts at a probability of 0.5 and goes on while it is at least 0.35. 0.2 s of it, with
    holes of at most 0.1 s, open an utterance, which then starts 0.3 s before the speech (not
    before 0, nor before the end of the last one). A pause of 0.8 s closes it 0.2 s after the last
    speech. From 12 s on a pause of 0.2 s is enough; at 20 s it is cut, and if somebody speaks the
    next begins at once. Time without frames (a gap) is a pause.
    """

    def __init__(self) -> None:
        self._now_s = 0.0
        self._sound_end_s = 0.0
        self._previous_end_s = 0.0
        self._utterance = 0
        self._start_s: float | None = None
        self._onset_s: float | None = None  # of speech that has not opened an utterance yet
        self._spoken_s = 0.0
        self._last_speech_s = 0.0
        self._speaking = False

    def feed(self, frame: VoiceFrame) -> list[SpeechEvent]:
        """Take the next frame; return what it decides."""
        out = self.advance(frame.pts_s) if frame.pts_s > self._now_s + _EPSILON_S else []
        self._now_s = self._sound_end_s = frame.end_s
        self._speaking = frame.probability >= (GOES_ON_AT if self._speaking else STARTS_AT)
        if self._speaking:
            self._last_speech_s = frame.end_s
        if self._start_s is None:
            return out + self._wait(frame)
        return out + self._close_when_due(self._start_s, frame.end_s)

    def advance(self, until_s: float) -> list[SpeechEvent]:
        """There is no sound until ``until_s``: close an utterance whose pause has become long enough."""
        if until_s <= self._now_s:
            return []
        self._speaking = False
        if self._start_s is None and until_s - self._last_speech_s > MAX_HOLE_S + _EPSILON_S:
            self._onset_s = None
        out = [] if self._start_s is None else self._close_when_due(self._start_s, until_s)
        self._now_s = until_s
        return out

    def flush(self) -> list[SpeechEvent]:
        """End of the stream: close an open utterance.

        It is decided when silence would have decided it, after the end of the sound: a moment that
        a watermark has already passed must not change.
        """
        self._speaking, self._onset_s = False, None
        return [] if self._start_s is None else [self._close(self._due_s(self._start_s))]

    def _wait(self, frame: VoiceFrame) -> list[SpeechEvent]:
        if not self._speaking:
            if frame.end_s - self._last_speech_s > MAX_HOLE_S + _EPSILON_S:
                self._onset_s = None
            return []
        if self._onset_s is None:
            self._onset_s, self._spoken_s = frame.pts_s, 0.0
        self._spoken_s += frame.end_s - frame.pts_s
        if self._spoken_s < MIN_SPEECH_S - _EPSILON_S:
            return []
        return [self._open(max(0.0, self._previous_end_s, self._onset_s - LEAD_S), frame.end_s)]

    def _due_s(self, start_s: float) -> float:
        """When an utterance ends if nothing more is said."""
        short_pause_s = max(self._last_speech_s + SHORT_PAUSE_S, start_s + LONG_S)
        return min(self._last_speech_s + PAUSE_S, short_pause_s, start_s + LONGEST_S)

    def _close_when_due(self, start_s: float, now_s: float) -> list[SpeechEvent]:
        due_s = self._due_s(start_s)
        if now_s < due_s - _EPSILON_S:
            return []
        known_s = max(self._now_s, due_s)  # among frames the end of one; in a gap the very moment
        end = self._close(known_s)
        return [end, self._open(end.pts_s, known_s)] if self._speaking else [end]

    def _open(self, pts_s: float, known_s: float) -> SpeechEvent:
        self._start_s, self._onset_s = pts_s, None
        return SpeechEvent(kind="start", utterance=self._utterance, pts_s=pts_s, known_s=known_s)

    def _close(self, known_s: float) -> SpeechEvent:
        pts_s = known_s if self._speaking else min(known_s, self._last_speech_s + TAIL_S, self._sound_end_s)
        event = SpeechEvent(kind="end", utterance=self._utterance, pts_s=pts_s, known_s=known_s)
        self._start_s, self._previous_end_s = None, pts_s
        self._utterance += 1
        return event
