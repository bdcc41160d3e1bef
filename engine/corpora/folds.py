"""The published layout of preprocessed folds: a folder for each fold, NumPy files for its splits.

    fold01 ... fold05 / {train, dev, test} _ audio_mfcc.npy [n, 1000, 120], audio_seqN.npy [n],
                        video.npy [n, 32, 2048], video_seqN.npy [n], label.npy [n],
                        text.npy [n, 128, 300], or nlp_trans.npy [n, 128] with W_embedding.npy [words, 300]

Utterances without a face (``video_seqN`` 0) are left out of every split, as the authors leave them out.

Source: Rajan, Brutti, Cavallaro, ICASSP 2022, on data of Yoon et al., ICASSP 2020.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.config import AUDIO_DIM
from engine.corpora.folds_fingerprint import fingerprint
from engine.corpora.folds_names import name_classes
from engine.corpora.folds_split import Split, find_table, missing_files, open_split
from engine.corpora.utterances import FeatureOrigin, Fold, IntArray
from engine.errors import DataError

SPLITS = ("train", "dev", "test")

_FOLD = re.compile(r"fold[ _-]?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldDataset:
    """Published folds; a `engine.corpora.utterances.Dataset`.

    Attributes
    ----------
    name : of the folder.
    classes : label k means ``classes[k]``.
    folds : names of the folds.
    features : which features they are.
    fingerprint : changes when a file of any fold in the folder changes.
    notes : what was left out, and where the names of the classes come from.
    path : folder that holds the folds.
    """

    name: str
    classes: tuple[str, ...]
    folds: tuple[str, ...]
    features: FeatureOrigin
    fingerprint: str
    notes: tuple[str, ...]
    path: Path

    def open(self, fold: str) -> Fold:
        """Open one fold; its features are read when batches are asked for.

        Raises
        ------
        DataError
            When there is no such fold, or its files have changed and are not as expected any more.
        """
        if fold not in self.folds:
            raise DataError(f"{self.path} has no fold {fold!r}: there are {', '.join(self.folds)}")
        splits = [open_split(self.path / fold, name) for name in SPLITS]
        for split in splits:
            _check_labels(split, len(self.classes))
        train, dev, test = (split.utterances for split in splits)
        return Fold(name=fold, train=train, dev=dev, test=test)


def open_folds(
    folder: Path,
    *,
    classes: Sequence[str] | None = None,
    counts: Mapping[str, int] | None = None,
    face_encoder: str | None,
    vectors: str | None,
    folds: Sequence[str] | str | None = "all",
) -> FoldDataset:
    """Open preprocessed folds, and check all their files before anything is trained.

    What takes reading gigabytes, whether every feature is a finite number, is checked when utterances are read.

    Parameters
    ----------
    folder : holds fold01, fold02, ...; also the folder above, if that has them in ``folds``.
    classes : names of the labels 0, 1, ...
    counts : utterances of each class in a fold, with and without a face; see `name_classes`.
    face_encoder, vectors : what made the features of faces and words; None where that is not known, and models of
        these modalities cannot be made.
    folds : names of the folds wanted; "all" or None for those that there are.

    Raises
    ------
    DataError
        When files are missing, damaged or not as expected; the message names file, expected and found.
    """
    place, names = _find(folder, folds)
    _check_complete(place, names)
    totals: list[IntArray] = []
    found: list[Split] = []
    for name in names:
        splits = [open_split(place / name, split) for split in SPLITS]
        found.extend(splits)
        totals.append(np.concatenate([split.labels for split in splits]))
    _check_dims(found)
    known = classes if classes is not None else counts
    size = len(known) if known else 1 + max(int(one.max(initial=0)) for one in totals)
    for split in found:
        _check_labels(split, size)
    named, remark = name_classes([np.bincount(one, minlength=size) for one in totals], classes, counts)
    dims = {name: column.dim for name, column in found[0].columns.items()}
    return FoldDataset(
        name=place.parent.name if place.name == "folds" else place.name,
        classes=named,
        folds=names,
        features=_origin(dims, face_encoder, vectors),
        fingerprint=fingerprint(place, _files(place)),
        notes=(remark, *_remarks(found)),
        path=place,
    )


def _find(folder: Path, folds: Sequence[str] | str | None) -> tuple[Path, tuple[str, ...]]:
    """Where the folds are, and the names of those wanted."""
    top = Path(os.path.abspath(folder))
    for place in (top, top / "folds"):
        there = _fold_names(place)
        if there:
            break
    else:
        raise DataError(f"{folder} holds no folds: expected fold01, fold02, ... with train_label.npy and so on")
    if folds is None or folds == "all":
        return place, there
    wanted = (folds,) if isinstance(folds, str) else tuple(folds)
    missing = [name for name in wanted if name not in there]
    if missing or not wanted:
        raise DataError(f"{place} has no {' or '.join(missing) or 'fold asked for'}: there are {', '.join(there)}")
    return place, tuple(dict.fromkeys(wanted))


def _fold_names(place: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in place.iterdir() if _FOLD.fullmatch(path.name) and path.is_dir()))
    except OSError:
        return ()


def _files(place: Path) -> list[Path]:
    """Everything that the utterances of any fold are made of."""
    files = {path for name in _fold_names(place) for path in (place / name).glob("*.npy")}
    tables = (find_table(place / name) for name in _fold_names(place))
    return sorted(files | {path for path in tables if path is not None})


def _check_complete(place: Path, names: Sequence[str]) -> None:
    lines = []
    for name in names:
        lacking = missing_files(place / name, SPLITS)
        if lacking:
            lines.append(f"  {place / name}: {', '.join(lacking)}")
    if lines:
        raise DataError("files of the folds are missing:\n" + "\n".join(lines))


def _check_dims(splits: Sequence[Split]) -> None:
    first = splits[0]
    for split in splits:
        for name, column in split.columns.items():
            expected = first.columns[name].dim
            if column.dim != expected:
                raise DataError(
                    f"{split.headers[name].path} has {column.dim} features: expected {expected}, as in "
                    f"{first.headers[name].path}"
                )


def _check_labels(split: Split, classes: int) -> None:
    wrong = np.flatnonzero((split.labels < 0) | (split.labels >= classes))
    if len(wrong):
        raise DataError(
            f"{split.folder / split.name}_label.npy, row {wrong[0]}: label {split.labels[wrong[0]]}, but there are "
            f"{classes} classes, 0 to {classes - 1}. Correct the label, or name all classes"
        )


def _origin(dims: Mapping[str, int], face_encoder: str | None, vectors: str | None) -> FeatureOrigin:
    from engine.models.card import MFCC_SETTINGS

    mfcc = dict(MFCC_SETTINGS)
    if dims["audio"] != AUDIO_DIM:
        mfcc |= {"coefficients": None, "features": dims["audio"]}  # other features than this program computes
    return FeatureOrigin(
        face_encoder=face_encoder,
        face_dim=None if face_encoder is None else dims["video"],
        vectors=vectors,
        text_dim=None if vectors is None else dims["text"],
        mfcc=mfcc,
    )


def _remarks(splits: Sequence[Split]) -> list[str]:
    """What was left out of the folds or cut, each said once where it is the same in all of them."""
    everything = sum(len(split.labels) for split in splits)
    dropped = everything - sum(len(split.faces) for split in splits)
    cut, folds = sum(split.cut for split in splits), len({split.folder for split in splits})
    over = "" if folds == 1 else f", counted over {folds} folds"
    remarks = []
    if dropped:
        remarks.append(f"{dropped} of {everything} utterances have no face and are left out{over}")
    if cut:
        remarks.append(f"{cut} lengths are beyond what the files hold: these utterances were cut{over}")
    return remarks
