"""PortAudio that is installed but does not start: told in words, and tried again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.errors import SourceError
from engine.playback.output import open_output
from engine.sources import portaudio
from tests.sources.device_fakes import FakeSoundDevice

REFUSES = """
import pathlib
with open(pathlib.Path(__file__).with_name("imports"), "a") as file:
    file.write("x")
class PortAudioError(Exception): pass
raise PortAudioError("Error initializing PortAudio: Host error")
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio, "_scanned", None)
    monkeypatch.setattr(portaudio, "_refused", None)


def test_an_import_that_fails_is_told_and_not_repeated_at_every_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sounddevice.py").write_text(REFUSES)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(portaudio, "_marks", lambda: ("same",))
    for _ in range(3):
        with pytest.raises(SourceError, match=r"does not start .*Host error.* sound server"):
            portaudio.devices()
    assert (tmp_path / "imports").read_text() == "x"
    monkeypatch.setattr(portaudio, "_marks", lambda: ("another",))
    with pytest.raises(SourceError, match=r"does not start"):
        portaudio.load()
    assert (tmp_path / "imports").read_text() == "xx"


def test_a_start_that_fails_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    system = FakeSoundDevice("built-in mic")
    monkeypatch.setattr(portaudio, "load", lambda: system)
    monkeypatch.setattr(portaudio, "_marks", lambda: ("same",))
    assert len(portaudio.devices()[0]) == 1
    system.start_refusal = "Error initializing PortAudio: Internal error"
    with pytest.raises(SourceError, match=r"does not start .*Internal error"):
        portaudio.devices(again=True)
    assert "does not start" in open_output(None).message
    system.start_refusal = None
    system.real.append("usb mic")
    assert len(portaudio.devices()[0]) == 2
