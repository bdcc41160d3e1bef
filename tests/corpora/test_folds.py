"""Published folds: what is read from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.corpora.folds import FoldDataset, open_folds
from engine.corpora.folds_fingerprint import fingerprint
from engine.corpora.utterances import MAX_FRAMES, UtteranceSet
from engine.training.standardisation import fit_statistics
from tests.corpora.planted import write_planted_folds

EVERY = ("audio", "video", "text")


def opened(folder: Path, **changes: object) -> FoldDataset:
    settings: dict[str, object] = {"classes": ("calm", "angry"), "face_encoder": "resnet101", "vectors": "glove"}
    return open_folds(folder, **(settings | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_planted_folds(
        tmp_path_factory.mktemp("planted") / "data", where="audio", utterances=40, seed=1, folds=2
    )


@pytest.fixture
def fold(tmp_path: Path) -> Path:
    """One small fold that a test may change."""
    return write_planted_folds(tmp_path / "data", where="audio", utterances=20, seed=2) / "fold01"


def rewrite(path: Path, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Change a file, and return what it now holds."""
    values = change(np.load(path))
    np.save(path, values)
    return values


def stored(folder: Path, split: str, name: str) -> np.ndarray:
    values: np.ndarray = np.load(folder / f"{split}_{name}.npy")
    return values


def everything(utterances: UtteranceSet, full: bool) -> dict[str, np.ndarray]:
    return utterances.batch(np.arange(len(utterances)), EVERY, full=full).inputs


def test_the_paper_preset_gets_what_the_files_hold_and_no_utterance_without_a_face(planted: Path) -> None:
    dataset = opened(planted)
    table = np.load(planted / "W_embedding.npy")
    assert dataset.folds == ("fold01", "fold02")
    for name in dataset.folds:
        fold = dataset.open(name)
        for split in ("train", "dev", "test"):
            utterances: UtteranceSet = getattr(fold, split)
            faces = np.flatnonzero(stored(planted / name, split, "video_seqN"))
            found = everything(utterances, full=True)
            np.testing.assert_array_equal(utterances.labels, stored(planted / name, split, "label")[faces])
            np.testing.assert_array_equal(found["audio"], stored(planted / name, split, "audio_mfcc")[faces])
            np.testing.assert_array_equal(found["video"], stored(planted / name, split, "video")[faces])
            np.testing.assert_array_equal(found["text"], table[stored(planted / name, split, "nlp_trans")[faces]])
            assert {key: x.shape[1] for key, x in found.items()} == dict(MAX_FRAMES)
            assert all(x.dtype == np.float32 for x in found.values())


def test_the_temporal_preset_gets_data_and_zeros(planted: Path) -> None:
    train = opened(planted).open("fold02").train
    full, cut = (train.batch(np.array([5, 3, 3]), EVERY, full=full) for full in (True, False))
    for name in EVERY:
        x, lengths = cut.inputs[name], cut.lengths[name]
        np.testing.assert_array_equal(lengths, full.lengths[name])
        assert x.shape[1] == lengths.max()
        for item, whole, length in zip(x, full.inputs[name], lengths, strict=True):
            np.testing.assert_array_equal(item[:length], whole[:length])
            assert not item[length:].any()
    np.testing.assert_array_equal(cut.labels, train.labels[[5, 3, 3]])


@given(rows=st.lists(st.integers(0, 20), min_size=1, max_size=6), full=st.booleans(), name=st.sampled_from(EVERY))
@settings(max_examples=40, deadline=None)
def test_a_batch_is_its_utterances_one_by_one(planted: Path, rows: list[int], full: bool, name: str) -> None:
    train = opened(planted, folds=["fold01"]).open("fold01").train
    batch = train.batch(np.array(rows), [name], full=full)
    for place, row in enumerate(rows):
        alone = train.batch(np.array([row]), [name], full=full)
        steps = alone.inputs[name].shape[1]
        np.testing.assert_array_equal(batch.inputs[name][place, :steps], alone.inputs[name][0])
        assert batch.lengths[name][place] == alone.lengths[name][0]


@pytest.mark.parametrize("dtype", ["<f8", ">f4", ">f8", "<f2"])
def test_every_width_and_byte_order_of_numbers(tmp_path: Path, dtype: str) -> None:
    one = write_planted_folds(tmp_path / "a", where="audio", utterances=20, seed=3)
    other = write_planted_folds(tmp_path / "b", where="audio", utterances=20, seed=3, dtype=dtype)
    expected, found = (everything(opened(folder).open("fold01").dev, full=True) for folder in (one, other))
    for name in EVERY:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-3 if dtype == "<f2" else 0)


@pytest.mark.parametrize(
    "change", [lambda x: x[:, None], lambda x: x.astype(np.uint16), lambda x: x.astype(">i2"), lambda x: x * 1.0]
)
def test_lengths_and_labels_of_any_kind(fold: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    before = opened(fold.parent).open("fold01").test.batch(np.array([0, 1]), EVERY, full=False)
    for name in ("label", "video_seqN", "audio_seqN"):
        rewrite(fold / f"test_{name}.npy", change)
    if change(np.zeros(2)).ndim == 1:
        rewrite(fold / "test_nlp_trans.npy", change)
    after = opened(fold.parent).open("fold01").test.batch(np.array([0, 1]), EVERY, full=False)
    np.testing.assert_array_equal(after.labels, before.labels)
    for name in EVERY:
        np.testing.assert_array_equal(after.lengths[name], before.lengths[name])
        np.testing.assert_array_equal(after.inputs[name], before.inputs[name])


def test_a_sentence_ends_at_the_first_zero(fold: Path) -> None:
    def early(indices: np.ndarray) -> np.ndarray:
        indices[:, 3] = 0
        indices[0] = 1
        return indices

    faces = np.flatnonzero(stored(fold, "train", "video_seqN"))
    indices = rewrite(fold / "train_nlp_trans.npy", early)
    batch = opened(fold.parent).open("fold01").train.batch(np.arange(len(faces)), ["text"], full=False)
    expected = [128 if row == 0 else 3 for row in faces]
    assert batch.lengths["text"].tolist() == expected
    assert (indices[faces][:, 4:6] != 0).any()
    assert not batch.inputs["text"][1, 3:].any()


def test_the_vector_of_padding_is_fed_where_padding_is_fed(fold: Path) -> None:
    table = rewrite(fold.parent / "W_embedding.npy", lambda x: np.concatenate([np.full_like(x[:1], 7), x[1:]]))
    train = opened(fold.parent).open("fold01").train
    full, cut = (train.batch(np.array([0]), ["text"], full=full) for full in (True, False))
    length = int(full.lengths["text"][0])
    assert (full.inputs["text"][0, length:] == table[0]).all()
    assert cut.inputs["text"].shape[1] == length


def test_words_as_vectors_are_words_by_index(tmp_path: Path) -> None:
    one = write_planted_folds(tmp_path / "a", where="text", utterances=20, seed=4)
    other = write_planted_folds(tmp_path / "b", where="text", utterances=20, seed=4, text="vectors")
    for full in (False, True):
        a, b = (opened(folder).open("fold01").train.batch(np.arange(5), ["text"], full=full) for folder in (one, other))
        np.testing.assert_array_equal(a.inputs["text"], b.inputs["text"])
        np.testing.assert_array_equal(a.lengths["text"], b.lengths["text"])


def test_the_table_may_lie_in_the_fold(fold: Path) -> None:
    before = everything(opened(fold.parent).open("fold01").dev, full=True)["text"]
    (fold.parent / "W_embedding.npy").rename(fold / "W_embedding.npy")
    np.testing.assert_array_equal(everything(opened(fold.parent).open("fold01").dev, full=True)["text"], before)


def test_longer_utterances_were_cut(fold: Path) -> None:
    rewrite(fold / "train_video_seqN.npy", lambda x: np.maximum(x, 1))
    rewrite(fold / "train_audio_seqN.npy", lambda x: np.concatenate([[3000], x[1:]]))
    dataset = opened(fold.parent)
    assert dataset.open("fold01").train.batch(np.array([0]), ["audio"], full=False).lengths["audio"].tolist() == [1000]
    assert any("1 lengths are beyond" in note for note in dataset.notes)


def test_says_what_it_left_out(planted: Path) -> None:
    dataset = opened(planted, folds=["fold01"])
    faceless = sum(
        int((stored(planted / "fold01", split, "video_seqN") == 0).sum()) for split in ("train", "dev", "test")
    )
    assert faceless
    assert f"{faceless} of 40 utterances have no face and are left out" in dataset.notes


def test_statistics_are_those_of_the_frames_with_data(planted: Path) -> None:
    train = opened(planted).open("fold01").train
    found = fit_statistics(train, EVERY)
    batch = train.batch(np.arange(len(train)), EVERY, full=True)
    for name in EVERY:
        steps = np.arange(batch.inputs[name].shape[1])
        frames = batch.inputs[name][steps < batch.lengths[name][:, None]].astype(np.float64)
        np.testing.assert_allclose(found[name].mean, frames.mean(axis=0), atol=1e-5)
        np.testing.assert_allclose(found[name].std, frames.std(axis=0), rtol=1e-5)


def test_what_made_the_features(planted: Path) -> None:
    features = opened(planted).features
    assert (features.face_encoder, features.face_dim) == ("resnet101", 16)
    assert (features.vectors, features.text_dim) == ("glove", 10)
    unknown = opened(planted, vectors=None).features
    assert (unknown.vectors, unknown.text_dim) == (None, None)


def test_the_fingerprint_is_of_the_data(planted: Path, fold: Path) -> None:
    whole = opened(planted)
    assert whole.fingerprint == opened(planted, folds=["fold02"], classes=("a", "b")).fingerprint
    for path in sorted(fold.parent.rglob("*.npy")):
        before = fingerprint(fold.parent, fold.parent.rglob("*.npy"))
        old = path.read_bytes()
        path.write_bytes(old[:-1] + bytes([old[-1] ^ 1]))
        assert fingerprint(fold.parent, fold.parent.rglob("*.npy")) != before
        path.write_bytes(old)
        assert fingerprint(fold.parent, fold.parent.rglob("*.npy")) == before
        path.rename(path.with_name("other.npy"))
        assert fingerprint(fold.parent, fold.parent.rglob("*.npy")) != before
        path.with_name("other.npy").rename(path)


def test_the_folder_above_will_do(planted: Path, tmp_path: Path) -> None:
    (tmp_path / "seven").mkdir()
    (tmp_path / "seven" / "folds").symlink_to(planted, target_is_directory=True)
    dataset = opened(tmp_path / "seven")
    assert dataset.name == "seven"
    assert len(dataset.open("fold02").test)


def test_opens_the_folds_asked_for(planted: Path) -> None:
    assert opened(planted, folds=("fold02",)).folds == ("fold02",)
    assert opened(planted, folds="all").folds == opened(planted, folds=None).folds == ("fold01", "fold02")
