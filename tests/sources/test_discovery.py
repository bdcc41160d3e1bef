"""Which devices there are, and which one is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import SourceError
from engine.sources import discovery, portaudio
from engine.sources.device import DeviceFailure, DeviceInfo
from engine.sources.discovery import Finder, choose, linux_cameras, list_microphones, list_speakers, resolve
from tests.sources.device_fakes import FakeSoundDevice

CAMERAS = tuple(
    DeviceInfo(kind="camera", index=index, name=name, default=index == 0)
    for index, name in ((0, "Built-in Camera"), (2, "HD Webcam"), (4, "HD Webcam Pro"))
)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    fake = FakeSoundDevice("built-in mic", "loud")
    monkeypatch.setattr(portaudio, "load", lambda: fake)
    monkeypatch.setattr(portaudio, "_scanned", None)
    monkeypatch.setattr(portaudio, "_marks", lambda: ("same",))
    return fake


@pytest.mark.parametrize(
    ("wanted", "index"),
    [("default", 0), ("2", 2), ("hd webcam", 2), ("HD Webcam Pro", 4), ("built", 0), (" pro ", 4)],
)
def test_a_device_is_chosen_by_number_or_name(wanted: str, index: int) -> None:
    assert choose("camera", wanted, CAMERAS).index == index


@pytest.mark.parametrize("wanted", ["1", "phone", "", "  "])
def test_what_is_not_there_is_answered_with_what_is(wanted: str) -> None:
    with pytest.raises(SourceError, match=r"There is: 0 \(Built-in Camera\), 2 \(HD Webcam\)"):
        choose("camera", wanted, CAMERAS)


def test_half_a_name_that_fits_several_is_not_guessed() -> None:
    with pytest.raises(SourceError, match="several cameras fit 'hd': 2"):
        choose("camera", "hd", CAMERAS)


def test_no_device_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "list_cameras", lambda: ())
    with pytest.raises(SourceError, match="there is no camera"):
        resolve("camera", "default")


def add_camera(root: Path, number: int, name: str, index: str = "0", node: bool = True) -> None:
    folder = root / "sys" / f"video{number}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "index").write_text(f"{index}\n")
    (root / "dev").mkdir(exist_ok=True)
    if node:
        (root / "dev" / f"video{number}").touch()


def test_linux_cameras_are_read_without_opening_them(tmp_path: Path) -> None:
    add_camera(tmp_path, 10, "Late")
    add_camera(tmp_path, 2, "First")
    add_camera(tmp_path, 3, "First", index="1")
    add_camera(tmp_path, 4, "Pulled", node=False)
    found = linux_cameras(tmp_path / "sys", tmp_path / "dev")
    assert [(one.index, one.name, one.default) for one in found] == [(2, "First", True), (10, "Late", False)]
    assert found[0].detail == str(tmp_path / "dev" / "video2")


def test_without_cameras_the_list_is_empty(tmp_path: Path) -> None:
    assert linux_cameras(tmp_path / "sys", tmp_path / "dev") == ()
    assert isinstance(discovery.list_cameras(), tuple)


def test_sound_devices_by_direction(system: FakeSoundDevice) -> None:
    assert [(one.index, one.name, one.default) for one in list_microphones()] == [
        (0, "built-in mic", True),
        (1, "loud", False),
    ]
    assert [(one.index, one.name) for one in list_speakers()] == [(1, "loud")]
    assert list_microphones()[0].detail == "ALSA, 2 channels, 48000 Hz"


def test_devices_are_looked_for_anew_only_when_something_changed(
    system: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_microphones()
    scans = system.scans
    list_microphones()
    assert system.scans == scans
    system.real.append("third mic")
    monkeypatch.setattr(portaudio, "_marks", lambda: ("another",))
    assert len(list_microphones()) == 3 and system.scans == scans + 1


def test_no_sound_device_is_an_empty_list(monkeypatch: pytest.MonkeyPatch, system: FakeSoundDevice) -> None:
    system.real = []
    assert list_microphones(again=True) == () and list_speakers() == ()


def test_a_device_is_found_again_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    there = list(CAMERAS)
    monkeypatch.setattr(discovery, "list_cameras", lambda: tuple(there))
    finder = Finder("camera", "2")
    finder.find_now()
    assert finder.name == "HD Webcam" and finder.find().index == 2
    there[:] = [DeviceInfo(kind="camera", index=2, name="Other"), DeviceInfo(kind="camera", index=7, name="HD Webcam")]
    assert finder.find().index == 7
    there.pop()
    with pytest.raises(DeviceFailure, match="HD Webcam is not there"):
        finder.find()


def test_the_default_device_may_be_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[DeviceInfo] = []
    monkeypatch.setattr(discovery, "list_cameras", lambda: tuple(there))
    finder = Finder("camera", "default")
    with pytest.raises(DeviceFailure, match="connect one"):
        finder.find()
    there.append(CAMERAS[1])
    assert finder.find().name == "HD Webcam"
    there[:] = [CAMERAS[0]]
    assert finder.find().name == "Built-in Camera"
