"""How the machine copes, as the window shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHealth:
    """One stage: how often and how long it works, what waits for it and what it lost."""

    name: str
    rate_hz: float
    p50_s: float
    p95_s: float
    dropped: int
    queued: int
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """A camera or microphone: its real rate, drift against the clock of the machine, reconnections."""

    kind: str
    name: str
    status: str
    rate_hz: float
    drift_ppm: float | None
    dropped: int
    reconnects: int
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the machine copes.

    Attributes
    ----------
    stages, devices : as above.
    backend : what runs the models, for instance "onnx" or "torch on cuda".
    screen_s : from the camera (or the recording's read) to the screen, newest and 95th percentile; None without.
    answer_s : from the camera to the first answer that uses the picture, 95th percentile; None without.
    window_hz : pictures per second that the window shows; the window itself fills it in.
    memory_bytes : of this process and the recogniser's.
    threads : of this process.
    """

    stages: tuple[StageHealth, ...] = ()
    devices: tuple[DeviceHealth, ...] = ()
    backend: str = ""
    screen_s: tuple[float, float] | None = None
    answer_s: float | None = None
    window_hz: float = 0.0
    memory_bytes: int = 0
    threads: int = 0
