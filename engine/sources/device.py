"""What is known of a camera, microphone or speaker: how it is listed, how it stands, and what it delivers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import SourceError
from engine.types import FloatArray

DeviceKind = Literal["camera", "microphone", "speaker"]


class DeviceStatus(StrEnum):
    """How a device stands. In all but the first two it delivers nothing at present."""

    STARTING = "starting"
    RUNNING = "running"
    FROZEN = "frozen"
    LOST = "lost"
    BUSY = "busy"
    REFUSED = "refused"
    MISSING = "missing"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """A device as it is listed.

    Attributes
    ----------
    index : number to choose it by; another one after devices have come or gone.
    name : what its driver calls it.
    detail : what tells it from others of that name: its path or host API, channels and rate.
    default : whether the system uses it where nothing is chosen.
    """

    kind: DeviceKind
    index: int
    name: str
    detail: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """How a device of a live source stands.

    Attributes
    ----------
    message : "" while all is well, else what happened and what to do.
    rate_hz, nominal_hz : pictures or samples a second, measured over the last seconds, and as the device declares.
    width, height : of its pictures in pixels.
    level_db, peak_db : root mean square and peak of the newest 100 ms, dB re full scale; None for cameras.
    drift_ppm : by how much its clock runs fast against that of the machine; None until known, and for cameras,
        whose pictures are stamped by the clock of the machine.
    dropped : pictures or blocks of sound that were lost.
    reconnects : how often it came back.
    """

    kind: DeviceKind
    name: str
    status: DeviceStatus
    message: str = ""
    rate_hz: float = 0.0
    nominal_hz: float | None = None
    width: int | None = None
    height: int | None = None
    level_db: float | None = None
    peak_db: float | None = None
    drift_ppm: float | None = None
    dropped: int = 0
    reconnects: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is known of a device, most of it when it has been opened; None where it does not say."""

    name: str
    nominal_hz: float | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedPicture:
    """A picture, [height, width, 3] u8, at media time ``pts_s``; ``captured_s`` is the clock's time of its arrival."""

    pts_s: float
    captured_s: float
    rgb: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedSound:
    """Mono samples, [n] f32, the first one at media time ``pts_s``; ``gap`` as in AudioBlock."""

    pts_s: float
    captured_s: float
    rate_hz: int
    samples: FloatArray
    gap: bool = False


Captured: TypeAlias = CapturedPicture | CapturedSound


def called(kind: DeviceKind, name: str) -> str:
    """How messages call a device.

    Examples
    --------
    >>> called("camera", "C920")
    'The camera "C920"'
    """
    return f'The {kind} "{name}"'


def reason(error: Exception) -> str:
    """What an error of a driver or library says, as part of a sentence.

    Examples
    --------
    >>> reason(OSError("Unanticipated host error."))
    'Unanticipated host error'
    """
    return str(error).strip().rstrip(".") or type(error).__name__


class DeviceFailure(SourceError):
    """A device cannot be opened or has stopped; ``status`` says in which way, the message what to do."""

    def __init__(self, status: DeviceStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class EndOfDevice(Exception):
    """A virtual device has played its recording to the end."""


class Device(Protocol):
    """A camera or microphone, real or virtual. One thread opens, reads and closes it, again and again.

    Attributes
    ----------
    kind : what it is.
    about : what is known of it before it has been opened, at least what to call it.
    patience_s : how long the other device's items wait for this one's, to leave in order of time.
    exact : its times come from a recording: it is late sometimes, but nothing is ever missing.
    dropped : pictures or blocks of sound that it lost.
    drift_ppm : see `DeviceState`.
    """

    kind: DeviceKind
    about: Opened
    patience_s: float
    exact: bool
    dropped: int

    @property
    def drift_ppm(self) -> float | None: ...  # noqa: D102

    def open(self, epoch_s: float) -> Opened:
        """Start capturing; media time 0 is ``epoch_s`` of the clock.

        Raises
        ------
        DeviceFailure : it cannot be opened now.
        """
        ...

    def read(self) -> Captured | None:
        """Wait for the next item, about 0.1 s at most where the driver allows it; None when there was none.

        Raises
        ------
        DeviceFailure : it has stopped, and has to be opened again.
        EndOfDevice : nothing will come any more.
        """
        ...

    def close(self) -> None:
        """Let it go. Harmless when it is not open."""
        ...
