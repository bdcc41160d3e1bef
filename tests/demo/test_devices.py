"""What ``attune devices`` prints."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from demo.cli import devices
from engine.errors import SourceError
from engine.sources.device import DeviceInfo, DeviceKind


def printed(monkeypatch: pytest.MonkeyPatch, found: dict[str, object]) -> str:
    def listed(kind: DeviceKind) -> object:
        if isinstance(found[kind], Exception):
            raise found[kind]
        return found[kind]

    monkeypatch.setattr(devices, "list_devices", listed)
    out = io.StringIO()
    devices.print_devices(Console(file=out, width=80))
    return out.getvalue()


def test_devices_are_listed_with_number_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = DeviceInfo(kind="camera", index=2, name="Webcam [HD]", detail="/dev/video2", default=True)
    text = printed(monkeypatch, {"camera": (camera,), "microphone": (), "speaker": ()})
    assert "2  Webcam [HD]" in text and "/dev/video2, default" in text
    assert "--microphone file:PATH" in text and "without sound" in text


def test_a_missing_library_is_told_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = SourceError("sound devices need PortAudio. Install libportaudio2: sudo apt install libportaudio2")
    text = printed(monkeypatch, {"camera": (), "microphone": missing, "speaker": missing})
    assert text.count("sudo apt install libportaudio2") == 2 and "connect one" in text
