"""The watch for devices goes on whatever a driver does."""

from __future__ import annotations

import logging

import pytest

from demo import device_watch
from demo.device_watch import DeviceWatch
from engine.sources import discovery
from engine.sources.device import DeviceInfo
from tests.sources.device_fakes import wait_until


def test_a_listing_that_fails_in_any_way_is_logged_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []

    def cameras() -> tuple[DeviceInfo, ...]:
        looks.append(1)
        if len(looks) <= 3:
            raise RuntimeError("inside the driver")
        return (DeviceInfo(kind="camera", index=0, name="Webcam"),)

    monkeypatch.setattr(device_watch, "_PERIOD_S", 0.01)
    monkeypatch.setattr(discovery, "list_cameras", cameras)
    monkeypatch.setattr(discovery, "list_microphones", lambda: ())
    monkeypatch.setattr(discovery, "list_speakers", lambda: ())
    with caplog.at_level(logging.ERROR):
        watch = DeviceWatch()
        try:
            wait_until(lambda: watch.devices.cameras == ("Webcam",), "a listing")
        finally:
            assert watch.close(20)
    assert len(caplog.records) == 1
