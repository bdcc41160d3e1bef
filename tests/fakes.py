"""Small implementations of the parts of a session, exact and quick, in place of models and devices."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.asr.utterance import Utterance, UtteranceRecognizer
from engine.components import Components
from engine.config import EMOTIONS, MODALITIES, Fusion, Modality
from engine.features.speech import Hearing, VoiceFrame
from engine.sources.base import Item, SourceInfo
from engine.types import AttentionMap, AudioBlock, Face, FloatArray, Outcome, UtteranceWindow, VideoFrame, Word


class FakeSource:
    """Delivers a list of items; ``before`` is called with each one first, and may block or raise."""

    def __init__(
        self,
        items: Sequence[Item],
        *,
        live: bool = False,
        has_audio: bool = True,
        has_video: bool = True,
        before: Callable[[Item], None] = lambda item: None,
    ) -> None:
        self.items = tuple(items)
        self.live = live
        self.notes: tuple[str, ...] = ("a fake",)
        self.closed = threading.Event()
        self.released = threading.Event()
        self._before = before
        self.info = SourceInfo(
            name="fake",
            duration_s=None,
            has_audio=has_audio,
            has_video=has_video,
            width=8,
            height=8,
            frame_rate_hz=6.0,
            audio_rate_hz=16000,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Item]:
        try:
            for item in self.items:
                self._before(item)
                if self.closed.is_set():
                    return
                yield item
        finally:
            self.released.set()

    def close(self) -> None:
        self.closed.set()


class _Loudness:
    """Takes what is loud for speech."""

    def feed(self, block: AudioBlock) -> list[VoiceFrame]:
        loud = float(np.abs(block.samples).mean()) > 0.05
        return [VoiceFrame(pts_s=block.pts_s, end_s=block.end_s, probability=float(loud))]

    def flush(self) -> list[VoiceFrame]:
        return []


class FakeHearing(Hearing):
    """Real features and end points over a voice activity that follows loudness."""

    def __init__(self) -> None:
        super().__init__()
        self._voice: Any = _Loudness()


class FakeRecognizer(UtteranceRecognizer):
    """Hears one more word with every half second of loud sound."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        super().__init__("fake", "it is a test")
        self._before = before
        self._count = 0
        self.resets = 0

    def reset(self) -> None:
        UtteranceRecognizer.__init__(self, self.name, self.reason)
        self.resets += 1

    def _begin(self, utterance: Utterance) -> None:
        self._count = 0

    def _grow(self, utterance: Utterance, until_s: float) -> Sequence[Word] | None:
        words = self._words(utterance, until_s)
        if len(words) == self._count:
            return None
        self._before()
        self._count = len(words)
        return words

    def _finish(self, utterance: Utterance, end_s: float) -> Sequence[Word]:
        return [replace(word, text=word.text.upper()) for word in self._words(utterance, end_s)]

    def _words(self, utterance: Utterance, until_s: float) -> list[Word]:
        starts_s = np.arange(utterance.start_s, until_s - 0.5, 0.5)
        return [
            Word(text=f"word{k}", start_s=float(s), end_s=float(s) + 0.5, confidence=0.5, final=False)
            for k, s in enumerate(starts_s)
        ]


class FakeTracker:
    """Sees a face in every picture that is not black; another one after each switch."""

    others = ((0.0, 0.0, 1.0, 1.0),)

    def __init__(self, before: Callable[[VideoFrame], None] = lambda frame: None) -> None:
        self.resets = 0
        self.identity = 0
        self._before = before

    def reset(self) -> None:
        self.resets += 1
        self.identity = 0

    def switch(self, frame: VideoFrame, x: float, y: float) -> bool:
        self.identity += 1
        return True

    def track(self, frame: VideoFrame) -> Face | None:
        self._before(frame)
        if not frame.rgb.any():
            return None
        return Face(pts_s=frame.pts_s, identity=self.identity, box=(1.0, 1.0, 7.0, 7.0), score=0.9, crop=frame.rgb)


class FakeEncoder:
    """Embeds a face as its mean colour."""

    name = "colour"
    dim = 3
    checksum = "colour"

    def encode(self, crops: Sequence[NDArray[np.uint8]]) -> FloatArray:
        return np.array([crop.mean(axis=(0, 1)) for crop in crops], np.float32).reshape(-1, 3)


class FakeVectors:
    """Knows every word without a 7, by its letters."""

    name = "letters"
    checksum = "letters"
    dim = 2

    def embed(self, words: Sequence[Word]) -> tuple[tuple[Word, ...], FloatArray, int]:
        kept = tuple(word for word in words if "7" not in word.text)
        values = [[sum(map(ord, word.text)), len(word.text)] for word in kept]
        return kept, np.array(values, np.float32).reshape(-1, 2), len(words) - len(kept)


class FakePredictor:
    """Draws probabilities from a digest of everything in the window: another window, other probabilities."""

    fusions: tuple[Fusion, ...] = ("self", "cross")
    labels = EMOTIONS
    modalities: tuple[Modality, ...] = ("audio", "video", "text")
    backend = "fake"

    def __init__(self, before: Callable[[UtteranceWindow], None] = lambda window: None) -> None:
        self.info: dict[str, object] = {"backend": "fake"}
        self.uses = dict.fromkeys(self.fusions, self.modalities)
        self._before = before

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        self._before(window)
        return {fusion: _outcome(window, fusion) for fusion in self.fusions}

    def subsets(self, window: UtteranceWindow) -> dict[Fusion, FloatArray]:
        every = [[name for k, name in enumerate(MODALITIES) if not chosen >> k & 1] for chosen in range(8)]
        windows = [window.without(absent) for absent in every]
        return {fusion: np.stack([_outcome(one, fusion).probabilities for one in windows]) for fusion in self.fusions}


def _outcome(window: UtteranceWindow, fusion: Fusion) -> Outcome:
    digest = hashlib.sha256(fusion.encode())
    for name in ("audio", "video", "text"):
        digest.update(window.stream(name).tobytes() + window.times(name).tobytes())
    digest.update(repr((window.start_s, window.end_s, window.words, window.skipped_words)).encode())
    raw = np.frombuffer(digest.digest()[: len(EMOTIONS)], np.uint8).astype(np.float32) + 1
    if not window.present:
        return Outcome(probabilities=raw / raw.sum())
    target = window.present[0]
    times = window.times(target)
    weights = np.full((6, len(times), len(times)), 1 / len(times), np.float32)
    attention = AttentionMap(target=target, source=target, weights=weights, target_times_s=times, source_times_s=times)
    return Outcome(probabilities=raw / raw.sum(), attention=(attention,))


def fake_components(**parts: Any) -> Components:
    """Components made of fakes; ``parts`` replaces some."""
    made: dict[str, Any] = {
        "face_tracker": FakeTracker(),
        "face_encoder": FakeEncoder(),
        "recognizer": FakeRecognizer(),
        "vectors": FakeVectors(),
        "predictor": FakePredictor(),
    }
    return Components(**(made | parts))


def sound(duration_s: float, loud: Sequence[tuple[float, float]] = (), rate_hz: int = 16000) -> FloatArray:
    """Quiet noise that is loud in the given stretches, [n] f32; the same each time."""
    rng = np.random.default_rng(0)
    samples = rng.uniform(-0.01, 0.01, round(duration_s * rate_hz)).astype(np.float32)
    for start_s, end_s in loud:
        samples[round(start_s * rate_hz) : round(end_s * rate_hz)] *= 40
    return samples


def recording(
    samples: FloatArray | None,
    faces: Sequence[float] = (),
    *,
    sizes: Sequence[int] = (320,),
    frame_hz: float = 6.0,
    start_s: float = 0.0,
    rate_hz: int = 16000,
) -> list[Item]:
    """Items of a recording in order of time.

    Parameters
    ----------
    samples : the sound, cut in turn into blocks of ``sizes``; it starts at ``start_s``.
    faces : brightness of each picture in 0..1; 0 is a picture without a face.
    """
    items: list[Item] = []
    at = turn = 0
    while samples is not None and at < len(samples):
        size = sizes[turn % len(sizes)]
        block = samples[at : at + size]
        pts_s = start_s + at / rate_hz
        items.append(AudioBlock(seq=turn, pts_s=pts_s, captured_s=0.0, rate_hz=rate_hz, samples=block))
        at, turn = at + size, turn + 1
    for k, brightness in enumerate(faces):
        rgb = np.full((8, 8, 3), round(255 * brightness), np.uint8)
        rgb[: k % 8] //= 2
        items.append(VideoFrame(seq=k, pts_s=k / frame_hz, captured_s=0.0, rgb=rgb))
    return sorted(items, key=lambda item: item.pts_s)  # stable: sound first where both are equal
