"""Small implementations of what evaluation needs, exact enough to compute with by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.config import EMOTIONS, MODALITIES, Fusion
from engine.types import Face, FloatArray, Outcome, UtteranceWindow, VideoFrame, Word


class BrightnessEncoder:
    """Embeds a face as its mean colour."""

    name = "brightness"
    dim = 3
    checksum = "brightness"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode(self, crops: Sequence[NDArray[np.uint8]]) -> FloatArray:
        self.batches.append(len(crops))
        return np.array([crop.mean(axis=(0, 1)) for crop in crops], np.float32).reshape(-1, 3)


class WholePictureTracker:
    """Takes every picture that is not black as a face."""

    def reset(self) -> None:
        pass

    def track(self, frame: VideoFrame) -> Face | None:
        if not frame.rgb.any():
            return None
        box = (0.0, 0.0, float(frame.rgb.shape[1]), float(frame.rgb.shape[0]))
        return Face(pts_s=frame.pts_s, identity=0, box=box, score=1.0, crop=frame.rgb)


class EmotionNames:
    """Word vectors that know the names of the emotions and nothing else."""

    name = "names"
    checksum = "names"
    dim = len(EMOTIONS)

    def embed(self, words: Sequence[Word]) -> tuple[tuple[Word, ...], FloatArray, int]:
        kept = tuple(one for one in words if one.text in EMOTIONS)
        values = np.zeros((len(kept), self.dim), np.float32)
        for row, one in enumerate(kept):
            values[row, EMOTIONS.index(one.text)] = 1.0
        return kept, values, len(words) - len(kept)


class Believer:
    """Takes the last word for the emotion; without words is unsure. Self is surer than cross."""

    def __init__(self, fusions: tuple[Fusion, ...] = ("self", "cross")) -> None:
        self.fusions = fusions
        self.labels = EMOTIONS
        self.modalities = MODALITIES
        self.uses = dict.fromkeys(fusions, MODALITIES)
        self.backend = "double"
        self.info: Mapping[str, object] = {"backend": "double"}
        self.windows: list[UtteranceWindow] = []

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        self.windows.append(window)
        believed = window.text[-1] if len(window.text) else np.full(len(EMOTIONS), 1 / len(EMOTIONS))
        flat = np.full(len(EMOTIONS), 1 / len(EMOTIONS))
        share = {"self": 0.9, "cross": 0.5}
        return {
            fusion: Outcome(probabilities=(share[fusion] * believed + (1 - share[fusion]) * flat).astype(np.float32))
            for fusion in self.fusions
        }


@dataclass
class Doubles:
    """The components of an evaluation."""

    face_tracker: WholePictureTracker = field(default_factory=WholePictureTracker)
    face_encoder: BrightnessEncoder = field(default_factory=BrightnessEncoder)
    vectors: EmotionNames = field(default_factory=EmotionNames)
    predictor: Believer = field(default_factory=Believer)
    recognizer: None = None
    speech_model: None = None

    @property
    def face_dim(self) -> int:
        return self.face_encoder.dim
