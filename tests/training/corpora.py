"""Tiny corpora whose classes can be told apart, in every modality."""

from __future__ import annotations

import numpy as np

from engine.config import AUDIO_DIM, EMOTIONS
from engine.training.face_views import FaceViews
from engine.training.speech_data import Clip, SpeechSet
from engine.training.text_data import TextSet

FACE_DIM, TEXT_DIM = 16, 8


def tiny_corpora(per_class: int = 6, seed: int = 0):
    """Corpora with ``per_class`` items of each emotion, each item near its class's own direction."""
    from engine.training.windows import Corpora

    rng = np.random.default_rng(seed)
    k = len(EMOTIONS)
    labels = np.repeat(np.arange(k), per_class)
    soft = np.eye(k, dtype=np.float32)[labels]
    directions = np.random.default_rng(99)
    voice, face, word = (directions.standard_normal((k, d)).astype(np.float32) for d in (AUDIO_DIM, FACE_DIM, TEXT_DIM))

    def clip(label: int) -> np.ndarray:
        length = int(rng.integers(40, 90))
        return (3 * voice[label] + rng.standard_normal((length, AUDIO_DIM))).astype(np.float16)

    speech = SpeechSet(
        clips=tuple(Clip(path=f"{i}.flac", corpus="tiny", speaker="one", label=int(y)) for i, y in enumerate(labels)),
        views=tuple((clip(y), clip(y)) for y in labels),
        labels=labels,
    )
    embeddings = 3 * face[labels][:, None] + rng.standard_normal((len(labels), 2, FACE_DIM))
    table = np.concatenate([3 * word + rng.standard_normal(word.shape), rng.standard_normal((1, TEXT_DIM))])
    text = TextSet(
        rows=tuple(np.array([y] * int(rng.integers(1, 5)) + [k]) for y in labels),
        labels=labels,
        soft=soft,
        corpora=np.array(["goemotions"] * len(labels)),
        table=table.astype(np.float32),
        punctuation=frozenset({k}),
    )
    return Corpora(
        speech=speech,
        faces=FaceViews(embeddings=embeddings.astype(np.float16), labels=labels, soft=soft),
        text=text,
    )
