"""Synthetic folds of the published layout, with information planted where a test wants it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.corpora.utterances import MAX_FRAMES

SHARES = {"train": 0.7, "dev": 0.15, "test": 0.15}
DIMS = {"audio": 8, "video": 16, "text": 10}

Arrays = dict[str, NDArray[np.generic]]


def write_planted_folds(
    folder: Path,
    *,
    where: str,
    utterances: int,
    seed: int,
    folds: int = 1,
    classes: int = 2,
    dims: Mapping[str, int] = DIMS,
    noise: float = 0.5,
    faceless: float = 0.1,
    text: str = "indices",
    dtype: str = "<f4",
) -> Path:
    """Write fold01, fold02, ... and W_embedding.npy below a folder, and return it.

    In every utterance each modality shows one of ``classes`` codes for half of its length, from the same moment in
    all of them. The codes of the modalities named in ``where`` ("audio", or "audio+text", ...) add up to the label,
    modulo ``classes``; all others are drawn at random. So with one name only that modality tells the label, and with
    more of them only all together: each alone, and each part of them, says nothing.

    Parameters
    ----------
    utterances : in each fold, over all splits.
    seed : of everything random. Folds divide the same utterances in different ways.
    noise : standard deviation of what is added to every frame; a code has length one in each dimension.
    faceless : share of utterances without any face.
    text : "indices" into W_embedding.npy, or "vectors" as they are.
    dtype : of the features.
    """
    random = np.random.default_rng(seed)
    whole = _utterances(random, where.split("+"), utterances, classes, dims, noise, faceless)
    table = whole.pop("table")
    folder.mkdir(parents=True, exist_ok=True)
    if text == "indices":
        np.save(folder / "W_embedding.npy", table.astype(dtype))
    else:
        whole["text"] = table[whole.pop("nlp_trans")]
    ends = np.cumsum([round(share * utterances) for share in SHARES.values()])[:-1]
    for fold in range(1, folds + 1):
        place = folder / f"fold{fold:02d}"
        place.mkdir(exist_ok=True)
        for split, rows in zip(SHARES, np.split(random.permutation(utterances), ends), strict=True):
            for name, values in whole.items():
                stored = values[rows]
                np.save(place / f"{split}_{name}.npy", stored.astype(dtype) if stored.dtype.kind == "f" else stored)
    return folder


def _utterances(
    random: np.random.Generator,
    informative: list[str],
    count: int,
    classes: int,
    dims: Mapping[str, int],
    noise: float,
    faceless: float,
) -> Arrays:
    labels = np.arange(count) % classes
    codes = {name: random.integers(classes, size=count) for name in MAX_FRAMES}
    others = sum((codes[name] for name in informative[1:]), np.zeros(count, np.int64))
    codes[informative[0]] = (labels - others) % classes
    moments = random.uniform(0, 0.5, count)
    arrays: Arrays = {"label": labels}
    for name, key in (("audio", "audio_mfcc"), ("video", "video")):
        longest = MAX_FRAMES[name]
        lengths = random.integers(longest // 2, longest + 1, count)
        if name == "video":
            lengths[random.random(count) < faceless] = 0
        patterns = random.choice([-1.0, 1.0], (classes, dims[name]))
        x = np.zeros((count, longest, dims[name]), np.float32)
        for row, length, code, moment in zip(x, lengths, codes[name], moments, strict=True):
            row[:length] = random.normal(0, noise, (length, dims[name]))
            row[int(moment * length) : int((moment + 0.5) * length)] += patterns[code]
        arrays |= {key: x, f"{name}_seqN": lengths}
    fillers = 20
    table = random.choice([-1.0, 1.0], (1 + classes + fillers, dims["text"])) + random.normal(
        0, noise / 5, (1 + classes + fillers, dims["text"])
    )
    table[0] = 0
    sentences = np.zeros((count, MAX_FRAMES["text"]), np.int64)
    for row, code, moment in zip(sentences, codes["text"], moments, strict=True):
        length = random.integers(8, 41)
        row[:length] = random.integers(1 + classes, len(table), length)
        row[int(moment * length) : int((moment + 0.5) * length)] = 1 + code
    return arrays | {"nlp_trans": sentences, "table": table, "audio_prosody": random.normal(size=(count, 35))}
