"""The real camera class, on a recording instead of a camera, and on cameras that are not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SteppedClock
from engine.sources.camera import CameraOptions, OpenCvCamera, Place, why_not
from engine.sources.device import DeviceFailure, DeviceStatus
from engine.sources.discovery import Finder
from tests.sources.media import Writer, quadrants

pytest.importorskip("cv2", exc_type=ImportError)
linux = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="tells why by files in /dev")


def camera_at(address: int | str, clock: SteppedClock | None = None) -> OpenCvCamera:
    return OpenCvCamera(lambda: Place("Cam", address), "Cam", CameraOptions(), clock or SteppedClock(50.0))


def test_pictures_are_rgb_and_stamped_on_arrival(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        pictures = [(40 * k, quadrants()) for k in range(5)]
        writer.mux(writer.add_video("mpeg4", pictures, qmin=1, qmax=2))
    clock = SteppedClock(50.0)
    camera = camera_at(str(tmp_path / "a.mkv"), clock)
    opened = camera.open(48.0)
    assert (opened.name, opened.width, opened.height, opened.nominal_hz) == ("Cam", 64, 48, 25.0)
    one = camera.read()
    assert (one.captured_s, one.pts_s) == (50.0, 2.0)
    assert one.rgb.shape == (48, 64, 3) and one.rgb.dtype == np.uint8
    assert one.rgb[10, 10] == pytest.approx((220, 0, 0), abs=30)
    assert one.rgb[40, 10] == pytest.approx((0, 0, 220), abs=30)
    for _ in range(4):
        camera.read()
    with pytest.raises(DeviceFailure, match="stopped sending") as caught:
        camera.read()
    assert caught.value.status == DeviceStatus.FROZEN
    camera.close()
    camera.close()


@linux
def test_a_camera_that_is_not_there() -> None:
    camera = camera_at("/dev/video63")
    with pytest.raises(DeviceFailure, match="plug it in") as caught:
        camera.open(0.0)
    assert caught.value.status == DeviceStatus.MISSING
    camera.close()


@linux
@pytest.mark.parametrize(
    ("number", "status", "says"),
    [
        (errno.EACCES, DeviceStatus.REFUSED, "usermod -aG video"),
        (errno.EBUSY, DeviceStatus.BUSY, "close other programs"),
        (errno.ENODEV, DeviceStatus.MISSING, "plug it in"),
    ],
)
def test_why_a_camera_does_not_open(
    monkeypatch: pytest.MonkeyPatch, number: int, status: DeviceStatus, says: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    failure = why_not(Place("Cam", "/dev/video0"))
    assert failure.status == status and says in str(failure) and "/dev/video0" in str(failure)


@pytest.mark.parametrize(("platform", "where"), [("darwin", "System Settings"), ("win32", "Settings, Privacy")])
def test_elsewhere_the_privacy_settings_are_named(monkeypatch: pytest.MonkeyPatch, platform: str, where: str) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert where in str(why_not(Place("Cam", 0)))


def test_opening_a_camera_leaves_qt_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/own")
    with pytest.raises(DeviceFailure):
        camera_at("/dev/video63").open(0.0)
    assert os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"] == "/own"


def test_no_camera_at_all_is_told_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.sources.discovery.list_cameras", lambda: ())
    camera = OpenCvCamera.found_by(Finder("camera", "default"), CameraOptions(), SteppedClock())
    assert camera.about.name == "default camera"
    with pytest.raises(DeviceFailure, match="there is no camera: connect one") as caught:
        camera.open(0.0)
    assert caught.value.status == DeviceStatus.MISSING


@pytest.mark.parametrize("options", [{"width": 0}, {"height": -1}, {"rate_hz": 0.0}, {"rate_hz": float("nan")}])
def test_senseless_options_are_refused(options: dict) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        CameraOptions(**options)
