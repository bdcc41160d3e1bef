"""Face embeddings of the training faces, in several augmented views, cached outside the repository."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.features.face_cnn import FaceCNN, standardise
from engine.files import write_atomically
from engine.models.checkpoint import weights_sha256
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


def embed_faces(faces: FaceSet, model: FaceCNN, views: int, cache: Path) -> FaceViews:
    """Embed every face, as in live use, and ``views`` augmented copies of it, in a single pass each.

    Embeddings are computed once and kept under ``cache``, named by weights, faces and settings.
    """
    parts = (weights_sha256(model).encode(), faces.images.tobytes(), str(views).encode())
    key = hashlib.sha256(b"|".join(parts)).hexdigest()[:16]
    stored = cache / f"faces-{key}.npy"
    if not stored.is_file():
        log.info("embedding %d faces with %d augmented copies each", len(faces), views)
        embeddings = np.stack([_embed(faces, model, view) for view in range(views + 1)], axis=1)
        write_atomically(stored, lambda draft: _save(draft, embeddings))
    return FaceViews(embeddings=np.load(stored, allow_pickle=False), labels=faces.labels, soft=faces.soft)


def _save(path: Path, values: np.ndarray) -> None:
    with path.open("wb") as file:
        np.save(file, values)


@torch.no_grad()
def _embed(faces: FaceSet, model: FaceCNN, view: int) -> np.ndarray:
    """One view of all faces: the plain ones for view 0. [n, d] f16."""
    model = model.eval().to(memory_format=torch.channels_last)
    augment = FaceAugmentation(seed=view)
    out = []
    for first in range(0, len(faces), _BATCH):
        x = to_input(faces.images[first : first + _BATCH])
        x = augment(x) if view else x
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embedding = model.embed(standardise(x)) if view else model(x)[0]
        out.append(embedding.float().numpy().astype(np.float16))
    return np.concatenate(out)
