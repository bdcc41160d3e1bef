"""Small features and windows for tests, also where PyTorch may not be imported."""

from __future__ import annotations

import numpy as np

from engine.types import UtteranceWindow, Word

FACE_DIM, TEXT_DIM = 16, 10
FEATURES = {"face_encoder": "small face", "face_dim": FACE_DIM, "vectors": "small words", "text_dim": TEXT_DIM}


def make_window(audio: int = 50, video: int = 5, text: int = 3, start_s: float = 2.0) -> UtteranceWindow:
    """A window of noise with this many frames per modality."""
    random = np.random.default_rng(1)
    return UtteranceWindow(
        start_s=start_s,
        end_s=start_s + 10,
        audio=random.normal(size=(audio, 120)).astype(np.float32),
        audio_times_s=start_s + np.arange(audio) / 100,
        video=random.normal(size=(video, FACE_DIM)).astype(np.float32),
        video_times_s=start_s + np.arange(video) / 3,
        text=random.normal(size=(text, TEXT_DIM)).astype(np.float32),
        text_times_s=start_s + np.arange(text) / 2,
        words=tuple(
            Word(text=f"w{i}", start_s=start_s + i / 2, end_s=start_s + i / 2 + 0.4, confidence=1.0, final=True)
            for i in range(text)
        ),
    )
