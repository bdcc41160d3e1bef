from __future__ import annotations

import csv
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.corpora import media
from engine.corpora.manifest_dataset import ManifestDataset
from engine.corpora.media import open_manifest
from engine.corpora.recipe import FaceRecipe
from engine.corpora.utterances import Dataset
from engine.errors import DataError
from tests.analysis.doubles import EmotionNames
from tests.corpora.media import FACE_DIM, ByteExtractor


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extract bytes in place of voices and faces."""
    monkeypatch.setattr(media, "MediaExtractor", lambda face: ByteExtractor())
    monkeypatch.setattr(media, "face_recipe", lambda encoder: FaceRecipe(encoder=encoder, name=encoder, dim=FACE_DIM))
    monkeypatch.setattr(media, "_load_vectors", lambda choice: EmotionNames())


def write(folder: Path, rows: list[dict[str, str]], name: str = "corpus.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows(folder: Path, count: int = 12) -> list[dict[str, str]]:
    """Items of two classes and three parts, each with a voice; every second with a face; every third with words."""
    out = []
    for k in range(count):
        for column in ("voice", "face"):
            (folder / f"{column}{k}").write_text(f"{column} {k} " * (k + 1))
        out.append(
            {
                "id": f"item{k}",
                "label": ("Sad", "angry")[k % 2],
                "audio": f"voice{k}",
                "video": "" if k % 2 else f"face{k}",
                "text": "happy sad anger"[: 5 + 4 * (k % 2)] if k % 3 == 0 else "",
                "fold": f"f{k // 2 % 3}",
            }
        )
    return out


def opened(path: Path, **options: Any) -> ManifestDataset:
    return open_manifest(path, cache=path.parent / "cache", jobs=0, **options)


def test_a_manifest_is_a_dataset(tmp_path: Path) -> None:
    dataset: Dataset = opened(write(tmp_path, rows(tmp_path)))
    assert dataset.name == "corpus" and dataset.classes == ("angry", "sad") and dataset.folds == ("f0", "f1", "f2")
    assert dataset.features.face_encoder == "bundled" and dataset.features.face_dim == FACE_DIM
    assert dataset.features.vectors == "names" and dataset.features.mfcc["hop_s"] == 0.01
    assert dataset.notes == ()
    fold = dataset.open("f1")
    assert fold.name == "f1" and (len(fold.train), len(fold.dev), len(fold.test)) == (4, 4, 4)
    assert fold.test.labels.tolist() == [1, 0, 1, 0]  # items 2, 3, 8, 9
    assert fold.test.dims == {"audio": 120, "video": FACE_DIM, "text": 7}
    with pytest.raises(DataError, match=r"has no fold 'f9': there are f0, f1, f2"):
        dataset.open("f9")


def test_batches_are_ragged_and_padded(tmp_path: Path) -> None:
    test = opened(write(tmp_path, rows(tmp_path))).open("f1").test
    batch = test.batch(np.array([1, 0]), ("audio", "video", "text"), full=False)  # items 3 and 2
    assert batch.labels.tolist() == [0, 1]
    assert batch.lengths["audio"].tolist() == [32, 24] and batch.inputs["audio"].shape == (2, 32, 120)
    assert batch.lengths["video"].tolist() == [0, 21] and batch.lengths["text"].tolist() == [2, 0]
    data = np.resize(np.frombuffer((tmp_path / "voice2").read_bytes(), np.uint8), (24, 120))
    np.testing.assert_array_equal(batch.inputs["audio"][1, :24], data)
    assert not batch.inputs["audio"][1, 24:].any() and not batch.inputs["video"][0].any()
    full = test.batch(np.array([0]), ("audio", "text"), full=True)
    assert full.inputs["audio"].shape == (1, 1000, 120) and full.inputs["text"].shape == (1, 128, 7)
    assert set(full.inputs) == {"audio", "text"} and all(x.dtype == np.float32 for x in full.inputs.values())


def test_what_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    table = rows(tmp_path, 24)
    (tmp_path / "voice5").write_text("damaged")
    (tmp_path / "face8").write_text("faceless")
    table[7] |= {"audio": "", "video": "", "text": "gibberish"}
    table[9] |= {"audio": "", "video": "", "text": ""}
    told: list[tuple[int, int, str, str | None]] = []
    dataset = opened(write(tmp_path, table), on_item=lambda *news: told.append(news))
    assert [one.id for one in dataset.left_out] == ["item5", "item7", "item8", "item9"]
    assert dataset.notes[0].startswith("4 of 24 items were left out. The first: row 7 (item5): ")
    assert [one.reason for one in dataset.left_out][1::2] == [
        "no word of the text has a word vector",
        "it has no voice, no face and no words",
    ]
    assert str(tmp_path) not in repr(dataset.notes)  # they stand in model cards
    fold = dataset.open("f0")
    assert len(fold.train) + len(fold.dev) + len(fold.test) == 20
    assert len(told) == 24 and {news[2] for news in told if news[3]} == {"item5", "item8"}


def test_the_fingerprint_tells_changes(tmp_path: Path) -> None:
    table = rows(tmp_path)
    path = write(tmp_path, table)
    seen = [opened(path).fingerprint]
    assert opened(path).fingerprint == seen[0] == opened(write(tmp_path, table, "renamed.csv")).fingerprint
    (tmp_path / "voice3").write_text("another take")
    seen.append(opened(path).fingerprint)
    changes = [{"label": "angry"}, {"text": "fear"}, {"fold": "f1"}]
    for change in changes:
        seen.append(opened(write(tmp_path, [table[0] | change, *table[1:]])).fingerprint)
    seen.append(opened(path, modalities=("audio",)).fingerprint)
    assert len(set(seen)) == len(seen)


def test_modalities_are_those_that_occur_or_are_asked_for(tmp_path: Path) -> None:
    table = [row | {"text": ""} for row in rows(tmp_path)]
    dataset = opened(write(tmp_path, table))
    assert dataset.open("f0").train.dims == {"audio": 120, "video": FACE_DIM} and dataset.features.vectors is None
    only = opened(write(tmp_path, table), modalities=("audio",))
    assert only.open("f0").train.dims == {"audio": 120} and only.features.face_encoder is None
    with pytest.raises(DataError, match=r"no row of .* has text"):
        opened(write(tmp_path, table), modalities=("audio", "text"))
    with pytest.raises(ValueError, match=r"modalities must be some of"):
        opened(write(tmp_path, table), modalities=("smell",))
    nothing = [row | {"audio": "", "video": ""} for row in table]
    with pytest.raises(DataError, match=r"has audio, faces, video or text"):
        opened(write(tmp_path, nothing))


def test_a_dataset_travels_to_another_process(tmp_path: Path) -> None:
    dataset = opened(write(tmp_path, rows(tmp_path)))
    again = pickle.loads(pickle.dumps(dataset))
    rows_ = np.arange(4)
    for one, other in zip(
        dataset.open("f2").train.batch(rows_, ("audio", "text"), full=False).inputs.values(),
        again.open("f2").train.batch(rows_, ("audio", "text"), full=False).inputs.values(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_data_that_nothing_can_be_learned_from(tmp_path: Path) -> None:
    table = rows(tmp_path)
    with pytest.raises(DataError, match=r"has the label sad alone"):
        opened(write(tmp_path, [row | {"label": "sad"} for row in table]))
    with pytest.raises(DataError, match=r"row 2: the label is empty"):
        opened(write(tmp_path, [row | {"label": ""} for row in table]))
    with pytest.raises(DataError, match=r"nothing in the training part of f0 is labelled rare"):
        opened(write(tmp_path, [table[0] | {"label": "rare"}, *table[1:]]))
    for k in range(12):
        (tmp_path / f"voice{k}").write_text("damaged")
    with pytest.raises(DataError, match=r"none of the 12 items of .* can be used. The first: row 2"):
        opened(write(tmp_path, table))
