"""A real camera, by OpenCV."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.clock import Clock
from engine.qt_environment import keeping_qt
from engine.sources.device import CapturedPicture, DeviceFailure, DeviceKind, DeviceStatus, Opened, called
from engine.sources.discovery import Finder

_PATIENCE_S = 0.5
_UNCOMPRESSED = 640 * 480
"""Larger pictures are asked for as JPEG: uncompressed, USB 2 carries only a few of them a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraOptions:
    """What is asked of a camera; it gives what it can. None leaves it to the camera.

    Raises
    ------
    ValueError : a size or rate is not positive.
    """

    width: int | None = 640
    height: int | None = 480
    rate_hz: float | None = 30.0

    def __post_init__(self) -> None:
        for name in ("width", "height", "rate_hz"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} of a camera must be positive, got {value}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a camera is: its name, and the number or path that OpenCV opens."""

    name: str
    address: int | str


class OpenCvCamera:
    """Reads pictures from a camera.

    Parameters
    ----------
    find : says where the camera is, each time it is opened; raises a DeviceFailure where it is not.
    name : what to call it before it has been found.
    options : size and rate to ask for.
    clock : stamps the pictures.
    """

    kind: DeviceKind = "camera"
    patience_s = _PATIENCE_S
    exact = False

    def __init__(self, find: Callable[[], Place], name: str, options: CameraOptions, clock: Clock) -> None:
        self.about = Opened(name=name)
        self.dropped = 0
        self.drift_ppm: float | None = None
        self._find = find
        self._options = options
        self._clock = clock
        self._epoch_s = 0.0
        self._capture: Any = None
        self._place = Place(name, -1)

    @classmethod
    def found_by(cls, finder: Finder, options: CameraOptions, clock: Clock) -> OpenCvCamera:
        """The camera that ``finder`` finds."""

        def find() -> Place:
            info = finder.find()
            return Place(info.name, info.detail if sys.platform.startswith("linux") else info.index)

        return cls(find, finder.name, options, clock)

    def open(self, epoch_s: float) -> Opened:
        """Open the camera and ask for size and rate.

        Raises
        ------
        DeviceFailure : it is not there, not allowed, or taken by another program; or OpenCV is missing.
        """
        cv2 = _opencv()
        self._place = place = self._find()
        self._epoch_s = epoch_s
        backend = _backend(cv2, place.address)
        try:
            self._capture = cv2.VideoCapture(place.address, backend)
            opened = self._capture.isOpened()
        except cv2.error:
            opened = False
        if not opened:
            self.close()
            raise why_not(place)
        self._ask(cv2)
        return Opened(
            name=place.name,
            nominal_hz=_positive(self._capture.get(cv2.CAP_PROP_FPS)),
            width=round(_positive(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)) or 0) or None,
            height=round(_positive(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) or 0) or None,
        )

    def read(self) -> CapturedPicture:
        """Wait for the next picture. It is stamped when the driver hands it over, before anything is unpacked.

        Raises
        ------
        DeviceFailure : the camera was unplugged, or gives nothing.
        """
        cv2 = _opencv()
        taken = self._capture.grab()
        now_s = self._clock.now_s()
        bgr = None
        if taken:
            whole, bgr = self._capture.retrieve()
            bgr = bgr if whole else None
        if bgr is None:
            raise self._stopped()
        code = cv2.COLOR_GRAY2RGB if bgr.ndim == 2 else cv2.COLOR_BGR2RGB
        rgb = cv2.cvtColor(bgr, code)
        return CapturedPicture(pts_s=now_s - self._epoch_s, captured_s=now_s, rgb=rgb)

    def close(self) -> None:
        """Let the camera go; its light goes out."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _ask(self, cv2: Any) -> None:
        wanted = self._options
        pixels = (wanted.width or 0) * (wanted.height or 0)
        if pixels > _UNCOMPRESSED:
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        for key, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, wanted.width),
            (cv2.CAP_PROP_FRAME_HEIGHT, wanted.height),
            (cv2.CAP_PROP_FPS, wanted.rate_hz),
        ):
            if value is not None:
                self._capture.set(key, value)

    def _stopped(self) -> DeviceFailure:
        name, address = called("camera", self._place.name), self._place.address
        gone = sys.platform.startswith("linux") and isinstance(address, str) and not Path(address).exists()
        if gone:
            return DeviceFailure(
                DeviceStatus.LOST, f"{name} was unplugged: plug it in again, and it goes on by itself."
            )
        return DeviceFailure(
            DeviceStatus.FROZEN,
            f"{name} has stopped sending pictures. It is opened again by itself; if it stays so, another program may "
            "have taken it, or it was unplugged.",
        )


def why_not(place: Place) -> DeviceFailure:
    """Why a camera could not be opened, as far as the system tells."""
    if sys.platform.startswith("linux"):
        return _why_not_linux(place)
    if sys.platform == "darwin":
        where = "System Settings, Privacy & Security, Camera"
    else:
        where = "Settings, Privacy & security, Camera"
    return DeviceFailure(
        DeviceStatus.BUSY,
        f"{called('camera', place.name)} cannot be opened: close other programs that use it, and allow access to the "
        f"camera in {where}.",
    )


def _why_not_linux(place: Place) -> DeviceFailure:
    name = called("camera", place.name)
    path = place.address if isinstance(place.address, str) else f"/dev/video{place.address}"
    try:
        os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            return DeviceFailure(
                DeviceStatus.REFUSED,
                f"{name} ({path}) may not be used: join the group video with "
                "sudo usermod -aG video $USER, then log out and in again.",
            )
        if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
            return DeviceFailure(
                DeviceStatus.MISSING, f"{name} ({path}) is not there: plug it in, and it starts by itself."
            )
    return DeviceFailure(
        DeviceStatus.BUSY,
        f"{name} ({path}) cannot be opened: close other programs that use it; Attune tries again by itself.",
    )


def _backend(cv2: Any, address: int | str) -> int:
    """The interface to open a camera by: the one whose order of cameras is that of the list."""
    if isinstance(address, str) and not address.startswith("/dev/"):
        return int(cv2.CAP_ANY)  # a recording in place of a camera
    if sys.platform.startswith("linux"):
        return int(cv2.CAP_V4L2)
    return int(cv2.CAP_AVFOUNDATION if sys.platform == "darwin" else cv2.CAP_DSHOW)


def _positive(value: float) -> float | None:
    return value if value > 0 else None


def _opencv() -> Any:
    """Import OpenCV, which then stays silent: what fails is told as the state of the camera."""
    with keeping_qt():
        try:
            import cv2
        except ImportError as error:
            raise DeviceFailure(DeviceStatus.MISSING, _no_opencv(error)) from error
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


def _no_opencv(error: ImportError) -> str:
    if "libGL" in str(error):
        return "cameras need the library libGL. Install libgl1: sudo apt install libgl1 (Fedora: libglvnd-glx)."
    if ".so" in str(error):
        return f"OpenCV misses a system library ({error}): install the package that has it."
    return "cameras need the package opencv-python: pip install opencv-python."
