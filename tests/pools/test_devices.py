from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import DataError
from engine.pools import devices
from engine.pools.devices import choose_devices


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
    monkeypatch.setattr(devices, "usable_cores", lambda: 5)
    assert choose_devices("cpu", None) == ("cpu",) * 5


def test_room_in_the_memory_that_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=10_000))
    monkeypatch.setattr(devices, "_container_free", lambda: None)
    assert [devices.room(each) for each in (1000, 6000, 20_000)] == [10, 1, 1]
    monkeypatch.setattr(devices, "_container_free", lambda: 3000)
    assert devices.room(1000) == 3


def test_the_limit_of_a_container(tmp_path: Path) -> None:
    assert devices._container_free(tmp_path) is None
    for name, text in (
        ("max", "1000\n"),
        ("current", "900\n"),
        ("stat", "anon 300\ninactive_file 350\nactive_file 50\n"),
    ):
        (tmp_path / f"memory.{name}").write_text(text)
    assert devices._container_free(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max\n")
    assert devices._container_free(tmp_path) is None
