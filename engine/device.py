"""Where networks run: the processor, a CUDA card, or Apple's graphics processor."""

from __future__ import annotations

import ctypes
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from engine.errors import DataError, StageError

_FORM = re.compile(r"auto|cpu|mps|cuda(:\d+)?")
_CUDA_LIBRARY = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
_OF_A_DEVICE = ("CUDA", "cuDNN", "CUDNN", "CUBLAS", "MPS", "out of memory")


T = TypeVar("T")
R = TypeVar("R")


class DeviceError(StageError):
    """A graphics processor has failed, or has not enough memory."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a network runs.

    Examples
    --------
    >>> str(Device("cuda", 1)), str(CPU)
    ('cuda:1', 'cpu')
    """

    kind: Literal["cpu", "cuda", "mps"]
    index: int = 0

    def __str__(self) -> str:
        """As PyTorch calls it."""
        return f"{self.kind}:{self.index}" if self.kind == "cuda" else self.kind


CPU = Device("cpu")


def choose_device(wanted: str = "auto") -> Device:
    """The device that was asked for.

    Parameters
    ----------
    wanted : "auto" (the first CUDA card where there is one, else the processor), "cpu", "cuda", "cuda:N" or "mps".
        PyTorch is imported only where the machine has such a device or one was named, since that takes seconds.

    Raises
    ------
    DataError : no such device is here, or nothing is called so.
    """
    if not _FORM.fullmatch(wanted):
        raise DataError(f"--device {wanted}: choose auto, cpu, cuda, cuda:N (N counts from 0) or mps")
    if wanted == "cpu" or (wanted == "auto" and not cuda_cards()):
        return CPU
    import torch

    if wanted == "mps":
        if not torch.backends.mps.is_available():
            raise DataError("--device mps: this machine has no Apple graphics processor that PyTorch can use. Use auto")
        return Device("mps")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto" and not count:
        return CPU
    if not count:
        raise DataError(f"--device {wanted}: PyTorch finds no CUDA card on this machine. Use auto or cpu")
    index = int(wanted.partition(":")[2] or 0)
    if index >= count:
        last = "cuda:0 alone" if count == 1 else f"cuda:0 to cuda:{count - 1}"
        raise DataError(f"--device {wanted}: this machine has {last}")
    return Device("cuda", index)


def cuda_cards() -> int:
    """CUDA cards that the driver knows, asked without PyTorch; 0 where there is no driver."""
    name = _CUDA_LIBRARY.get(sys.platform)
    if name is None:
        return 0
    try:
        driver = ctypes.CDLL(name)
        count = ctypes.c_int()
        if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
            return 0
    except (OSError, AttributeError):
        return 0
    return count.value


def require_single_precision() -> None:
    """Make CUDA cards compute single precision as the processor does, and the same each time.

    TF32 would make a card differ from the processor by more than 1e-4. These are settings of the process, not of a
    context: two threads that set and reset them would leave one at work under the settings of the other.
    """
    import torch

    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.deterministic = True


@contextmanager
def named_errors(device: Device, what: str) -> Iterator[None]:
    """What goes wrong on a device, as an error that says what to do.

    Parameters
    ----------
    what : what runs there, such as "the models".

    Raises
    ------
    DeviceError : the device fails or has not enough memory. Other errors pass as they are.
    """
    try:
        yield
    except RuntimeError as error:
        if device == CPU or isinstance(error, StageError) or not any(word in str(error) for word in _OF_A_DEVICE):
            raise
        if is_about_memory(error):
            raise DeviceError(
                f"{what} find no memory on {device}: close what else uses it, or give --device cpu"
            ) from error
        raise DeviceError(
            f"{device} failed while {what} ran ({first_line(error)}): start again, or give --device cpu"
        ) from error


class WithSpare(Generic[T]):
    """Something on a device, in whose place the same on the processor goes on once the device has failed.

    Any thread may use it.

    Parameters
    ----------
    first : what is used.
    make_spare : makes what takes its place; None where nothing can.

    Attributes
    ----------
    failure : what the device has failed with; None while it works.

    Examples
    --------
    >>> def on_card():
    ...     raise DeviceError("cuda:0 is gone")
    >>> one = WithSpare(on_card, lambda: (lambda: "done by the processor"))
    >>> one.do(lambda work: work()), str(one.failure)
    ('done by the processor', 'cuda:0 is gone')
    """

    def __init__(self, first: T, make_spare: Callable[[], T] | None = None) -> None:
        self._now = first
        self._make_spare = make_spare
        self._lock = threading.Lock()
        self.failure: DeviceError | None = None

    @property
    def now(self) -> T:
        """What is used at present."""
        return self._now

    def do(self, work: Callable[[T], R]) -> R:
        """Do something with it; what fails because of the device is done again on the processor.

        Raises
        ------
        DeviceError : the device has failed, and nothing can take its place.
        """
        used = self._now
        try:
            return work(used)
        except DeviceError as error:
            with self._lock:
                if self._now is used:
                    if self._make_spare is None:
                        raise
                    self._now, self._make_spare = self._make_spare(), None
                    self.failure = _without_traces(error)
        return work(self._now)


def _without_traces(error: DeviceError) -> DeviceError:
    """The error, which is kept, without the frames that would keep all that was on the device with it."""
    one: BaseException | None = error
    while one is not None:
        one.__traceback__ = None
        one = one.__cause__ or one.__context__
    return error


def is_about_memory(error: RuntimeError) -> bool:
    """Whether a device has run out of memory."""
    return "out of memory" in str(error)


def first_line(error: Exception) -> str:
    """What an error says, without PyTorch's advice on debugging."""
    return str(error).strip().partition("\n")[0]
