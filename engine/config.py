"""Constants and settings that the whole of Attune agrees on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EMOTIONS: tuple[str, ...] = ("anger", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""The seven classes, in the order of every probability vector."""

MODALITIES: tuple[str, ...] = ("audio", "video", "text")
"""The three streams, in the order of every per-modality tuple."""

SAMPLE_RATE_HZ = 16_000
"""Rate of the audio that features, voice activity and recognition work on."""

AUDIO_DIM = 120
"""40 MFCC with first and second derivative."""

AUDIO_HOP_S = 0.01
MAX_AUDIO_FRAMES = 1000
FACE_RATE_HZ = 3.0
MAX_FACES = 32
MAX_WORDS = 128

Modality = Literal["audio", "video", "text"]
Fusion = Literal["self", "cross", "cross+self"]
FUSIONS: tuple[Fusion, ...] = ("self", "cross", "cross+self")
"""Attention within each modality, between them, or both in one model."""

WindowMode = Literal["utterance", "sliding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfig:
    """Settings of one session.

    Attributes
    ----------
    fusions : the models of a folder that run; the bundle has "self" and "cross".
    step_s : media seconds between two predictions.
    window : "utterance" starts at the onset of speech and ends after a pause; "sliding" always
        holds the last seconds.
    track_hz : media rate at which the face is followed; every second one is encoded at the
        default of twice FACE_RATE_HZ.
    asr : "auto", "vosk", "whisper" or "none".
    asr_model : path of a recogniser's model, or None for the default one.
    word_vectors : file or gensim-data name of word vectors, or None for the default ones.
    model_dir : folder of fusion checkpoints, or None for the bundle.
    models : checkpoints or folders of runs that run instead of those of a folder, one of each fusion at most.
    device : where the networks run; see `engine.device.choose_device`.
    """

    fusions: tuple[Fusion, ...] = ("self", "cross")
    step_s: float = 0.5
    window: WindowMode = "utterance"
    track_hz: float = 2 * FACE_RATE_HZ
    asr: str = "auto"
    asr_model: str | None = None
    word_vectors: str | None = None
    model_dir: str | None = None
    models: tuple[str, ...] = ()
    device: str = "auto"

    def __post_init__(self) -> None:
        if not self.fusions:
            raise ValueError("choose at least one fusion: self, cross or both")
        if not 0.05 <= self.step_s <= 60:
            raise ValueError(f"step must be between 0.05 and 60 seconds, got {self.step_s}")
