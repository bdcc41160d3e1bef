from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from engine.device import (
    CPU,
    Device,
    DeviceError,
    WithSpare,
    choose_device,
    named_errors,
    require_single_precision,
)
from engine.errors import DataError, StageError


class Driver:
    """A CUDA driver with some cards, or one that fails."""

    def __init__(self, cards: int, status: int = 0) -> None:
        self._cards, self._status = cards, status

    def cuInit(self, flags: int) -> int:
        return self._status

    def cuDeviceGetCount(self, out: object) -> int:
        out._obj.value = self._cards  # type: ignore[attr-defined]
        return 0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """Make this machine one with so many cards, as the driver and as PyTorch see it."""
    import torch

    def set_up(driver: int | None, usable: int) -> None:
        def load(name: str) -> Driver:
            if driver is None:
                raise OSError(name)
            return Driver(driver)

        monkeypatch.setattr("engine.device.ctypes.CDLL", load)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: usable > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: usable)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)

    return set_up


@pytest.mark.parametrize(
    ("driver", "usable", "wanted", "expected"),
    [
        (None, 0, "auto", CPU),
        (0, 0, "auto", CPU),
        (2, 0, "auto", CPU),  # PyTorch's build and the driver do not fit
        (2, 2, "auto", Device("cuda", 0)),
        (2, 2, "cpu", CPU),
        (2, 2, "cuda", Device("cuda", 0)),
        (2, 2, "cuda:1", Device("cuda", 1)),
    ],
)
def test_the_device_is_the_one_that_was_asked_for(machine, driver, usable, wanted, expected) -> None:
    machine(driver, usable)
    assert choose_device(wanted) == expected


@pytest.mark.parametrize(
    ("usable", "wanted", "says"),
    [
        (0, "cuda", "no CUDA card"),
        (1, "cuda:1", "cuda:0 alone"),
        (2, "cuda:2", "cuda:0 to cuda:1"),
        (0, "mps", "Apple"),
        (2, "gpu", "choose auto"),
        (2, "cuda:-1", "choose auto"),
        (2, "cuda:x", "choose auto"),
    ],
)
def test_a_device_that_is_not_here_is_refused(machine, usable, wanted, says) -> None:
    machine(usable, usable)
    with pytest.raises(DataError, match=says):
        choose_device(wanted)


def test_a_driver_that_does_not_start_has_no_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.device.ctypes.CDLL", lambda name: Driver(3, status=100))
    assert choose_device("auto") == CPU


@pytest.mark.parametrize(
    ("device", "what", "says"),
    [
        (Device("cuda"), "CUDA out of memory. Tried to allocate 2 GiB", "the faces find no memory on cuda:0: close"),
        (Device("mps"), "MPS backend out of memory", "the faces find no memory on mps: close"),
        (Device("cuda", 1), "CUDA error: gone\nmore", r"cuda:1 failed while the faces ran \(CUDA error: gone\): start"),
        (Device("cuda"), "cuDNN error: CUDNN_STATUS_NOT_INITIALIZED", "cuda:0 failed while .*give --device cpu"),
        (Device("mps"), "The operator 'aten::x' is not implemented for the MPS device", "mps failed while"),
    ],
)
def test_errors_of_a_device_say_what_to_do(device, what, says) -> None:
    with pytest.raises(StageError, match=says), named_errors(device, "the faces"):
        raise RuntimeError(what)


@pytest.mark.parametrize(
    ("device", "error"),
    [
        (Device("cuda"), RuntimeError("shapes do not fit")),
        (CPU, RuntimeError("CUDA error")),
        (Device("cuda"), StageError("CUDA failed before")),
    ],
)
def test_other_errors_pass_as_they_are(device, error) -> None:
    with pytest.raises(RuntimeError) as caught, named_errors(device, "the faces"):
        raise error
    assert caught.value is error


def test_single_precision_is_required_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", False)
    require_single_precision()
    assert torch.backends.cudnn.deterministic and not torch.backends.cudnn.allow_tf32


def test_what_a_failed_device_held_is_let_go_of() -> None:
    class Resident:
        def work(self) -> str:
            try:
                raise RuntimeError("CUDA out of memory")
            except RuntimeError as error:
                raise DeviceError("the card is full") from error

    class Spare:
        def work(self) -> str:
            return "done"

    on_card: Any = Resident()
    held = weakref.ref(on_card)
    both: WithSpare[Any] = WithSpare(on_card, Spare)
    del on_card
    assert both.do(lambda one: one.work()) == "done" and str(both.failure) == "the card is full"
    gc.collect()
    assert held() is None
