"""Constants and settings that the whole of Attune agrees on."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

LIVE_STEP_S = 1 / FACE_RATE_HZ
LIVE_OFFSET_S = 0.05
"""Live, a prediction follows every face: cameras with 20 pictures a second or more have delivered it by then."""

LIVE_SOUND_AFTER_S = 0.04
"""Live, pictures do not wait for the sound of the same moment, which comes in blocks and is heard in frames."""

WindowMode = Literal["utterance", "sliding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfig:
    """Settings of one session.

    Attributes
    ----------
    fusions : the models of a folder that run; the bundle has "self" and "cross".
    step_s : media seconds between two predictions.
    offset_s : media time of the first one, less than a step; then every step. 0 begins after the first step.
    wait_for_words : whether a prediction waits for the words of the sound before it; without, words count from when
        they are there, also when the moment is looked at again.
    sound_after_s : media time after which sound counts, besides the 52.5 ms that its features take: a prediction needs
        none that is younger.
    live_step_s : as ``step_s``, for camera and microphone; see `for_live`.
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
    offset_s: float = 0.0
    wait_for_words: bool = True
    sound_after_s: float = 0.0
    live_step_s: float = LIVE_STEP_S
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
        for step_s in (self.step_s, self.live_step_s):
            if not 0.05 <= step_s <= 60:
                raise ValueError(f"step must be between 0.05 and 60 seconds, got {step_s}")
        if not 0 <= self.offset_s < self.step_s:
            raise ValueError(f"the offset must be at least 0 and less than a step, got {self.offset_s}")

    def for_live(self) -> SessionConfig:
        """The settings for camera and microphone.

        Predictions come right after the pictures whose faces are encoded, and wait for no recogniser.
        """
        offset_s = LIVE_OFFSET_S if self.live_step_s > LIVE_OFFSET_S else 0.0
        return replace(
            self,
            step_s=self.live_step_s,
            offset_s=offset_s,
            wait_for_words=False,
            sound_after_s=LIVE_SOUND_AFTER_S,
        )
