"""Face images and their emotion labels for training the face encoder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.config import EMOTIONS
from engine.errors import DataError
from engine.features.face_cnn import FACE_SIZE

_FER_NAMES = {
    "anger": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprise": "surprise",
}
_MINIMUM_RARE_VOTES = 2
"""FER+ votes that a FER2013 label of disgust or fear needs to be taken over the majority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceSet:
    """Grey faces with hard and soft labels.

    Attributes
    ----------
    images : [n, 48, 48] u8
    labels : [n] int, index into EMOTIONS
    soft : [n, 7] f32, each row a distribution
    """

    images: np.ndarray
    labels: np.ndarray
    soft: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def load_ferplus(path: Path) -> FaceSet:
    """FER2013 faces with FER+ votes (Goodfellow et al. 2013, Barsoum et al. 2016).

    The label is the majority vote, except that a FER2013 label of disgust or fear with at least
    two votes wins. Faces whose majority is not one of the seven emotions are left out.
    """
    with np.load(path, allow_pickle=False) as data:
        images, votes = data["images"], data["votes"].astype(np.float32)
        names, fer2013 = [str(name) for name in data["vote_names"]], data["fer2013_label"]
    columns = {_FER_NAMES[name]: index for index, name in enumerate(names) if name in _FER_NAMES}
    winner = votes.argmax(axis=1)
    column_to_emotion = {column: EMOTIONS.index(emotion) for emotion, column in columns.items()}
    labels = np.array([column_to_emotion.get(int(column), -1) for column in winner])
    for rare in ("disgust", "fear"):
        taken = (fer2013 == rare) & (votes[:, columns[rare]] >= _MINIMUM_RARE_VOTES)
        labels[taken] = EMOTIONS.index(rare)
    soft = votes[:, [columns[emotion] for emotion in EMOTIONS]]
    keep = (labels >= 0) & (soft.sum(axis=1) > 0)
    soft = soft[keep] / soft[keep].sum(axis=1, keepdims=True)
    return FaceSet(images=images[keep], labels=labels[keep], soft=soft)


def load_photographs(labels_csv: Path) -> FaceSet:
    """Photographs of faces listed in a CSV with columns ``path,emotion``, as grey 48x48 images."""
    images, labels = [], []
    with labels_csv.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["emotion"] not in EMOTIONS:
                continue
            with Image.open(labels_csv.parent / row["path"]) as image:
                grey = image.convert("L").resize((FACE_SIZE, FACE_SIZE), Image.Resampling.BOX)
            images.append(np.asarray(grey))
            labels.append(EMOTIONS.index(row["emotion"]))
    index = np.array(labels)
    soft = np.eye(len(EMOTIONS), dtype=np.float32)[index]
    return FaceSet(images=np.stack(images), labels=index, soft=soft)


def subset(faces: FaceSet, index: np.ndarray) -> FaceSet:
    """The faces at ``index``."""
    return FaceSet(images=faces.images[index], labels=faces.labels[index], soft=faces.soft[index])


def load_faces(folder: Path, photograph_dev_share: float = 0.15) -> tuple[FaceSet, FaceSet, FaceSet]:
    """Training faces, FER+ dev faces, and the photographs held out for dev.

    Parameters
    ----------
    folder : holds ferplus_train.npz, ferplus_dev.npz and colour_labels.csv.
    photograph_dev_share : share of the photographs that is held out.

    Raises
    ------
    DataError
        When one of the files is missing.
    """
    for name in ("ferplus_train.npz", "ferplus_dev.npz", "colour_labels.csv"):
        if not (folder / name).is_file():
            raise DataError(f"no face data at {folder / name}: give the folder that holds faces/ with --data")
    photographs = load_photographs(folder / "colour_labels.csv")
    order = np.random.default_rng(0).permutation(len(photographs))
    held_out = int(len(order) * photograph_dev_share)
    train = join(load_ferplus(folder / "ferplus_train.npz"), subset(photographs, order[held_out:]))
    return train, load_ferplus(folder / "ferplus_dev.npz"), subset(photographs, order[:held_out])


def to_input(images: np.ndarray) -> Tensor:
    """Grey images [n, h, w] u8 as network input [n, 1, h, w] f32 in 0..1."""
    return torch.from_numpy(images.astype(np.float32) / 255)[:, None]


def join(*sets: FaceSet) -> FaceSet:
    """One set with the faces of all."""
    return FaceSet(
        images=np.concatenate([one.images for one in sets]),
        labels=np.concatenate([one.labels for one in sets]),
        soft=np.concatenate([one.soft for one in sets]),
    )
