from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DataError
from engine.experiment.datasets import open_dataset, source_of
from tests.experiment.fakes import tiny_plan


def test_what_is_not_the_folder_of_the_folds(tmp_path: Path) -> None:
    plan = tiny_plan()
    file, fold = tmp_path / "file", tmp_path / "fold01"
    file.touch()
    fold.mkdir()
    (fold / "train_label.npy").touch()
    for path, message in (
        (tmp_path / "none", "no data at .*check --data"),
        (file, "is a file: --data must be the folder that holds fold01"),
        (fold, rf"folder of one fold: --data must be the folder above it, {tmp_path}"),
    ):
        with pytest.raises(DataError, match=message):
            open_dataset(source_of(plan, path))


def test_a_manifest_is_a_file(tmp_path: Path) -> None:
    plan = tiny_plan(('layout = "folds"', 'layout = "manifest"'))
    with pytest.raises(DataError, match="is a folder: --data must be a manifest"):
        open_dataset(source_of(plan, tmp_path))
