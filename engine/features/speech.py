"""Hearing: from the audio of a source to features, voice activity and utterances, in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.config import SAMPLE_RATE_HZ
from engine.features.audio import MfccExtractor
from engine.features.endpoint import Endpointer, SpeechEvent, VoiceFrame
from engine.features.resample import JITTER_S, Resampler, SampleClock
from engine.features.vad import FRAME, VoiceActivity
from engine.types import AudioBlock, FeatureBlock, FloatArray

_NOTHING = np.zeros(0, np.float32)
_MARGIN_S = 1e-6  # a frame that is due just then has not come out yet

__all__ = ["Endpointer", "Heard", "Hearing", "SpeechEvent", "VoiceFrame"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one block of 512 samples brought.

    Attributes
    ----------
    block : the samples at 16 kHz: 512, fewer at the end of a signal, None where there is no sound.
    features : feature frames that it completed.
    voice : its voice frame.
    events : starts and ends of utterances that it decided.
    until_s : watermark: everything that is available by then has been emitted; never goes back.
    speech_gain : multiply the samples by this for a usual level of speech; 1 where there is no sound.
    """

    block: AudioBlock | None
    features: tuple[FeatureBlock, ...]
    voice: tuple[VoiceFrame, ...]
    events: tuple[SpeechEvent, ...]
    until_s: float
    speech_gain: float = 1.0


class Hearing:
    """Resampling, MFCC, voice activity and endpointing of one audio stream.

    Works in blocks of 512 samples at 16 kHz, counted from the start of a signal, so what comes out
    does not depend on how the input is split. A gap ends the signal: its last samples and
    feature frames come out before the new one begins; an utterance goes on over a short gap.

    Raises
    ------
    AssetError : silero-vad is not installed.
    """

    def __init__(self) -> None:
        self._resampler = Resampler()
        self._mfcc = MfccExtractor()
        self._voice = VoiceActivity()
        self._endpointer = Endpointer()
        self._clock = SampleClock(SAMPLE_RATE_HZ)
        self._pending = _NOTHING
        self._gap = False
        self._captured_s = 0.0
        self._until_s = 0.0
        self._seq = 0

    def feed(self, block: AudioBlock) -> list[Heard]:
        """Take a mono block of any rate; return what it completes, in order of time."""
        out: list[Heard] = []
        for resampled in self._resampler.feed(block):
            out += self._take(resampled)
        return out

    def advance(self, clock_s: float) -> list[Heard]:
        """All sound before ``clock_s`` has been fed: where it is missing, go on without it.

        Call it with the time stamps of what a source delivers in order, as often or seldom as
        convenient: it only makes known earlier what the next block or `flush` would reveal.
        """
        expected_s = self._resampler.expected_s
        if clock_s <= (self._until_s if expected_s is None else expected_s) + JITTER_S:
            return []
        out = self._end_signal() if expected_s is not None else []
        events = self._endpointer.advance(clock_s)
        self._until_s = max(self._until_s, clock_s)
        return [*out, self._heard(None, (), (), tuple(events))]

    def flush(self) -> list[Heard]:
        """End of the stream: the last samples and frames, and the end of an open utterance."""
        out = self._end_signal()
        events = self._endpointer.flush()
        if out:
            out[-1] = replace(out[-1], events=(*out[-1].events, *events))
        elif events:
            out = [self._heard(None, (), (), tuple(events))]
        return out

    def _take(self, block: AudioBlock) -> list[Heard]:
        out: list[Heard] = []
        if block.gap or not self._clock.running:
            out += self._end_blocks()
            self._clock.start(block.pts_s)
        self._captured_s = block.captured_s
        self._gap = self._gap or block.gap
        samples = np.concatenate((self._pending, block.samples)) if len(self._pending) else block.samples
        whole = len(samples) // FRAME * FRAME
        for at in range(0, whole, FRAME):
            out.append(self._hear(self._block(samples[at : at + FRAME])))
        self._pending = samples[whole:].copy()
        return out

    def _block(self, samples: FloatArray) -> AudioBlock:
        block = AudioBlock(
            seq=self._seq,
            pts_s=self._clock.now_s,
            captured_s=self._captured_s,
            rate_hz=SAMPLE_RATE_HZ,
            samples=samples,
            gap=self._gap,
        )
        self._seq += 1
        self._gap = False
        self._clock.count(len(samples))
        return block

    def _hear(self, block: AudioBlock) -> Heard:
        features = self._mfcc.feed(block)
        voice = self._voice.feed(block)
        if len(block.samples) < FRAME:  # the end of a signal
            features += self._mfcc.flush()
            voice += self._voice.flush()
        events = [event for frame in voice for event in self._endpointer.feed(frame)]
        self._until_s = max(self._until_s, min(block.end_s, self._mfcc.complete_until_s - _MARGIN_S))
        return self._heard(block, tuple(features), tuple(voice), tuple(events))

    def _heard(
        self,
        block: AudioBlock | None,
        features: tuple[FeatureBlock, ...],
        voice: tuple[VoiceFrame, ...],
        events: tuple[SpeechEvent, ...],
    ) -> Heard:
        gain = voice[-1].gain if voice else 1.0
        return Heard(
            block=block, features=features, voice=voice, events=events, until_s=self._until_s, speech_gain=gain
        )

    def _end_signal(self) -> list[Heard]:
        out = [heard for block in self._resampler.flush() for heard in self._take(block)]
        return out + self._end_blocks()

    def _end_blocks(self) -> list[Heard]:
        pending, self._pending = self._pending, _NOTHING
        out: list[Heard] = []
        if len(pending):
            out.append(self._hear(self._block(pending)))
        elif self._clock.running:
            features = self._mfcc.flush()
            self._voice.flush()
            self._until_s = max(self._until_s, self._clock.now_s)
            if features:
                out.append(self._heard(None, tuple(features), (), ()))
        self._clock.stop()
        self._gap = False
        return out
