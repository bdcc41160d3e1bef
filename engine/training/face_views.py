"""Face embeddings of the training faces, in several augmented views, cached outside the repository."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.training.face_augment import FaceAugmentation
from engine.training.face_data import FaceSet, to_input

log = logging.getLogger(__name__)

_BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceViews:
    """Embedded faces.

    Attributes
    ----------
    embeddings : [n, views, d] f16, the plain face first, then its augmented copies.
    labels : [n] int
    soft : [n, 7] f32, each row a distribution
    """

    embeddings: np.ndarray
    labels: np.ndarray
    soft: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def embed_faces(faces: FaceSet, encoder: Path, views: int, cache: Path) -> FaceViews:
    """Embed every face and ``views`` augmented copies of it with an exported face encoder.

    Embeddings are computed once and kept under ``cache``, named by encoder, faces and settings.
    """
    key = hashlib.sha256(encoder.read_bytes() + faces.images.tobytes() + str(views).encode()).hexdigest()[:16]
    stored = cache / f"faces-{key}.npy"
    if not stored.is_file():
        log.info("embedding %d faces with %d augmented copies each", len(faces), views)
        embeddings = np.stack([_embed(faces, encoder, view) for view in range(views + 1)], axis=1)
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = stored.with_suffix(".tmp.npy")
        np.save(unfinished, embeddings)
        unfinished.replace(stored)
    return FaceViews(embeddings=np.load(stored, allow_pickle=False), labels=faces.labels, soft=faces.soft)


def _embed(faces: FaceSet, encoder: Path, view: int) -> np.ndarray:
    """One view of all faces: the plain ones for view 0. [n, d] f16."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 0  # all cores: this runs in batch, not beside a live session
    session = onnxruntime.InferenceSession(str(encoder), options, providers=["CPUExecutionProvider"])
    augment = FaceAugmentation(seed=view)
    out = []
    for first in range(0, len(faces), _BATCH):
        x = to_input(faces.images[first : first + _BATCH])
        x = augment(x) if view else x
        out.append(session.run(None, {session.get_inputs()[0].name: x.numpy()})[0].astype(np.float16))
    return np.concatenate(out)
