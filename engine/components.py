"""The parts of a session: what finds faces, encodes them, recognises words and predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.asr.base import Recognizer
    from engine.config import SessionConfig
    from engine.features.face import FaceTracker
    from engine.features.face_encoder import FaceEncoder
    from engine.features.word_vectors import WordVectors
    from engine.models.predictor import Predictor


PARTS = ("torch", "face", "words", "models", "recogniser", "detector", "warm-up")
"""What is loaded, in this order."""


@dataclass(slots=True, kw_only=True)
class Components:
    """What a session works with. One set serves one session after another, not two at a time.

    Attributes
    ----------
    face_tracker : None when made for sources without pictures.
    face_encoder, vectors, predictor : fit each other.
    recognizer : None where words are not wanted, or when made for sources without sound.
    """

    face_tracker: FaceTracker | None
    face_encoder: FaceEncoder
    recognizer: Recognizer | None
    vectors: WordVectors
    predictor: Predictor


def load_components(
    config: SessionConfig,
    *,
    audio: bool = True,
    video: bool = True,
    begin: Callable[[str], None] = lambda part: None,
) -> Components:
    """Load the parts that ``config`` asks for. PyTorch works on one thread in this process from then on.

    Parameters
    ----------
    config : fusions, recogniser, word vectors and folder of the models.
    audio, video : whether the source has sound and pictures; without them loading is faster.
    begin : is told the name of each part when its loading begins; see `PARTS`.

    Raises
    ------
    AssetError : a model, word vectors or a package is missing.
    CheckpointError : a checkpoint is damaged or does not fit.
    """
    # What is most likely to be missing or named wrongly comes first, so that a mistake is told at once.
    begin("torch")
    import torch

    # The stages share few cores. Beside other work, face detection on two threads took six times as long as on one.
    torch.set_num_threads(1)
    from engine.asr.choose import choose_recognizer
    from engine.features.face_encoder import load_face_encoder
    from engine.features.word_vectors import load_word_vectors
    from engine.models.predictor import load_predictor

    begin("face")
    face_encoder = load_face_encoder()
    begin("words")
    vectors = load_word_vectors(config.word_vectors)
    begin("models")
    predictor = load_predictor(
        config,
        face_encoder=face_encoder.name,
        face_dim=face_encoder.dim,
        vectors=vectors.name,
        text_dim=vectors.dim,
    )
    begin("recogniser")
    recognizer = choose_recognizer(config.asr, config.asr_model) if audio else None
    begin("detector")
    components = Components(
        face_tracker=_face_tracker() if video else None,
        face_encoder=face_encoder,
        recognizer=recognizer,
        vectors=vectors,
        predictor=predictor,
    )
    begin("warm-up")
    _warm_up(components)
    return components


def _face_tracker() -> FaceTracker:
    from engine.features.face import FaceTracker

    return FaceTracker()


def _warm_up(components: Components) -> None:
    """Use every part once: the first call of a network takes so long that a camera would lose pictures meanwhile."""
    import numpy as np

    from engine.config import AUDIO_DIM
    from engine.types import UtteranceWindow, VideoFrame

    if components.face_tracker is not None:
        noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8)
        components.face_tracker.track(VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=noise))
        components.face_tracker.reset()
        components.face_encoder.encode([noise[:112, :112]])
    times_s = np.arange(1000) / 100
    components.predictor.predict(
        UtteranceWindow(
            start_s=0.0,
            end_s=10.0,
            audio=np.zeros((1000, AUDIO_DIM), np.float32),
            audio_times_s=times_s,
            video=np.zeros((32, components.face_encoder.dim), np.float32),
            video_times_s=times_s[:32],
            text=np.zeros((0, components.vectors.dim), np.float32),
            text_times_s=times_s[:0],
        )
    )
