"""Published folds: what is refused, and what the messages say."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.corpora.folds import FoldDataset, open_folds
from engine.errors import DataError
from tests.corpora.planted import write_planted_folds

Change = Callable[[np.ndarray], np.ndarray]


def opened(folder: Path) -> FoldDataset:
    return open_folds(folder, classes=("calm", "angry"), face_encoder="resnet101", vectors="glove")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_planted_folds(tmp_path / "data", where="audio", utterances=12, seed=5, folds=2)


def changed(index: tuple[int, ...], value: float) -> Change:
    def change(values: np.ndarray) -> np.ndarray:
        values[index] = value
        return values

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (
            "train_video.npy",
            lambda x: x[:, :31],
            r"train_video\.npy has the shape \[8, 31, 16\]: expected \[utterances, 32",
        ),
        ("dev_audio_mfcc.npy", lambda x: x[..., 0], r"dev_audio_mfcc\.npy has the shape \[2, 1000\]: expected"),
        ("test_video.npy", lambda x: x[..., :9], r"test_video\.npy has 9 features: expected 16, as in .*fold01"),
        ("test_label.npy", lambda x: x[1:], r"test differ in their number of utterances: .*test_label\.npy 1"),
        ("train_label.npy", changed((3,), 2), r"train_label\.npy, row 3: label 2, but there are 2 classes, 0 to 1"),
        ("train_label.npy", changed((3,), -1), r"train_label\.npy, row 3: label -1"),
        ("train_label.npy", lambda x: x + 0.5, r"train_label\.npy, row 0: labels are whole numbers, found [01]\.5"),
        ("train_label.npy", lambda x: x * np.nan, r"train_label\.npy, row 0: labels are whole numbers, found nan"),
        ("train_label.npy", lambda x: x.astype("U3"), r"train_label\.npy holds <U3: labels are whole numbers"),
        ("dev_label.npy", lambda x: np.eye(2)[x], r"dev_label\.npy has the shape \[2, 2\]: expected \[utterances\]"),
        (
            "dev_audio_seqN.npy",
            changed((1,), -4),
            r"dev_audio_seqN\.npy, row 1: a length is 0 to 1000 frames, found -4",
        ),
        ("dev_video_seqN.npy", lambda x: x * 0, r"dev_video_seqN\.npy: no utterance has a face"),
        ("train_nlp_trans.npy", changed((2, 5), 99), r"row 2, word 5: index 99, but .*W_embedding\.npy has 23 words"),
        ("train_nlp_trans.npy", lambda x: x[:, :90], r"train_nlp_trans\.npy has the shape \[8, 90\]: expected"),
        ("train_video.npy", lambda x: x.astype(np.int16), r"train_video\.npy holds int16: features are floating-point"),
        ("train_video.npy", np.asfortranarray, r"train_video\.npy is stored column by column"),
        ("train_video.npy", lambda x: x[:0], r"train_video\.npy has the shape \[0, 32, 16\]: expected"),
        ("train_label.npy", lambda x: np.array(1), r"train_label\.npy holds a single value"),
    ],
)
def test_names_file_expected_and_found(data: Path, name: str, change: Change, message: str) -> None:
    path = data / "fold02" / name
    np.save(path, change(np.load(path)))
    with pytest.raises(DataError, match=message):
        opened(data)


def test_names_every_missing_file(data: Path) -> None:
    for name in ("fold01/train_video.npy", "fold01/dev_label.npy", "fold02/test_nlp_trans.npy"):
        (data / name).unlink()
    with pytest.raises(DataError) as caught:
        opened(data)
    lines = str(caught.value).splitlines()
    assert "fold01: train_video.npy, dev_label.npy" in lines[1]
    assert "fold02: test_text.npy (or test_nlp_trans.npy and W_embedding.npy)" in lines[2]
    (data / "W_embedding.npy").unlink()
    with pytest.raises(DataError, match=r"W_embedding\.npy, for train_nlp_trans\.npy"):
        opened(data)


def test_needs_only_the_folds_asked_for(data: Path) -> None:
    (data / "fold02" / "train_video.npy").unlink()
    dataset = open_folds(data, classes=("a", "b"), face_encoder="f", vectors="v", folds=["fold01"])
    assert dataset.folds == ("fold01",)


class Trap:
    """Unpickling it would show."""

    def __reduce__(self) -> tuple[object, ...]:
        raise AssertionError("pickled")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no NumPy file"),
        (b"not numbers at all", "is no NumPy file"),
        (pickle.dumps({"a": 1}), "is no NumPy file"),
        (b"\x93NUMPY\x01\x00", "is no NumPy file"),
        (b"\x93NUMPY\x09\x00" + bytes(100), "is no NumPy file"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"{'descr': '<f4'}", "is no NumPy file"),
    ],
)
def test_refuses_what_is_no_array(data: Path, content: bytes, message: str) -> None:
    (data / "fold01" / "train_label.npy").write_bytes(content)
    with pytest.raises(DataError, match=message):
        opened(data)


def test_refuses_objects(data: Path) -> None:
    np.save(data / "fold01" / "train_label.npy", np.array([None] * 8, dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="holds Python objects, which are never loaded"):
        opened(data)


@pytest.mark.parametrize("name", ["dev_video.npy", "dev_label.npy", "dev_nlp_trans.npy"])
def test_refuses_what_is_cut_short(data: Path, name: str) -> None:
    path = data / "fold01" / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=f"{name} is cut short: it has .* bytes of .*download it again"):
        opened(data)


def test_a_file_that_shrinks_while_it_is_in_use(data: Path) -> None:
    fold = opened(data).open("fold01")
    path = data / "fold01" / "dev_video.npy"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match="changed while it was in use"):
        fold.dev.batch(np.array([0]), ["video"], full=True)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize("name", ["audio_mfcc", "video"])
def test_values_that_are_no_finite_numbers(data: Path, name: str, value: float) -> None:
    path = data / "fold01" / f"train_{name}.npy"
    np.save(data / "fold01" / "train_video_seqN.npy", np.full(8, 32))
    np.save(path, changed((6, 2, 1), value)(np.load(path).astype(np.float64)))
    train = opened(data).open("fold01").train
    modality = name.removesuffix("_mfcc")
    train.batch(np.array([1, 2]), [modality], full=True)
    for full in (True, False):
        with pytest.raises(
            DataError, match=rf"train_{name}\.npy, row 6: the features have entries that are not finite"
        ):
            train.batch(np.array([2, 6]), [modality], full=full)


def test_padding_counts_only_where_it_is_fed(data: Path) -> None:
    path = data / "fold01" / "train_audio_mfcc.npy"
    np.save(path, changed((0, 999, 0), np.nan)(np.load(path)))
    lengths = np.load(data / "fold01" / "train_audio_seqN.npy")
    lengths[0] = 500
    np.save(data / "fold01" / "train_audio_seqN.npy", lengths)
    np.save(data / "fold01" / "train_video_seqN.npy", np.full(8, 32))
    train = opened(data).open("fold01").train
    assert np.isfinite(train.batch(np.array([0]), ["audio"], full=False).inputs["audio"]).all()
    with pytest.raises(DataError, match="row 0"):
        train.batch(np.array([0]), ["audio"], full=True)


def test_word_vectors_that_are_no_finite_numbers(data: Path) -> None:
    path = data / "W_embedding.npy"
    np.save(path, changed((2, 0), np.nan)(np.load(path)))
    with pytest.raises(DataError, match=r"W_embedding\.npy, row 2"):
        opened(data)


def test_folders_without_folds(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DataError, match="holds no folds: expected fold01"):
            opened(place)


def test_folds_that_there_are_not(data: Path) -> None:
    with pytest.raises(DataError, match="has no fold09: there are fold01, fold02"):
        open_folds(data, face_encoder="f", vectors="v", folds=["fold01", "fold09"])
    with pytest.raises(DataError, match="has no fold 'x'"):
        opened(data).open("x")
