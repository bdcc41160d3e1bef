from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DataError
from engine.experiment import devices
from engine.experiment.datasets import open_dataset, source_of
from engine.experiment.devices import choose_devices
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


@pytest.mark.parametrize(
    ("wanted", "jobs", "gpus", "chosen"),
    [
        ("auto", 3, 0, ("cpu", "cpu", "cpu")),
        ("cpu", 1, 2, ("cpu",)),
        ("auto", None, 2, ("cuda:0", "cuda:1")),
        ("cuda", 3, 2, ("cuda:0", "cuda:1", "cuda:0")),
        ("cuda:1", 2, 2, ("cuda:1", "cuda:1")),
    ],
)
def test_workers_get_their_devices_in_turn(
    wanted: str, jobs: int | None, gpus: int, chosen: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "gpu_count", lambda: gpus)
    assert choose_devices(wanted, jobs) == chosen


@pytest.mark.parametrize(
    ("wanted", "gpus", "message"),
    [("cuda", 0, "finds no GPU"), ("cuda:2", 2, "cuda:0 to cuda:1"), ("tpu", 1, "choose auto, cpu, cuda")],
)
def test_devices_that_there_are_not(wanted: str, gpus: int, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "gpu_count", lambda: gpus)
    with pytest.raises(DataError, match=message):
        choose_devices(wanted, None)
    monkeypatch.setattr(devices, "cores", lambda: 5)
    assert choose_devices("cpu", None) == ("cpu",) * 5
