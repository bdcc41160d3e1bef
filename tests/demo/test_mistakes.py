"""What goes wrong for a user of the window is told in the user's language."""

# ruff: noqa: RUF001 (Chinese punctuation)

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from demo.messages import said  # noqa: E402
from engine.sources.device import DeviceInfo  # noqa: E402
from tests.demo.in_chinese import complaint, require_chinese  # noqa: E402
from tests.sources.device_fakes import (  # noqa: E402
    FakeCamera,
    FakeMicrophone,
    FakeSoundDevice,
    HandClock,
    capturing,
    wait_until,
)
from tests.sources.media import play, write_clip  # noqa: E402

INSTALL = ("sudo apt install libportaudio2", "sudo dnf install portaudio")


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


@pytest.mark.usefixtures("chinese")
class TestRecordings:
    """What can be wrong with a file, found by opening it."""

    def open(self, path: Path) -> str:
        from engine.sources.media_file import MediaFile

        return complaint(lambda: MediaFile(path))

    def test_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "my holiday of 2020.mp4"
        require_chinese(self.open(path), str(path))

    def test_folder(self, tmp_path: Path) -> None:
        require_chinese(self.open(tmp_path), str(tmp_path))

    def test_empty(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.wav"
        path.touch()
        require_chinese(self.open(path), str(path))

    def test_text(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("milk, bread and cheese\n")
        text = self.open(path)
        require_chinese(text, str(path))
        assert "mp3 或 ogg" in said(text)

    def test_device_file(self) -> None:
        require_chinese(self.open(Path(os.devnull)), os.devnull)

    def test_truncated(self, tmp_path: Path) -> None:
        path = cut(write_clip(tmp_path / "cut.mp4"), 0.6)
        require_chinese(self.open(path), str(path))

    def test_cut_off_within(self, tmp_path: Path) -> None:
        _, _, source = play(cut(write_clip(tmp_path / "cut.mkv", seconds=4.0), 0.5))
        assert source.notes
        for one in source.notes:
            require_chinese(one)

    def test_silent_speaker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from engine.playback.output import open_output

        require_no_portaudio(monkeypatch)
        output = open_output(None)
        require_chinese(output.message, *INSTALL)

    def test_missing_speaker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from engine.playback.output import open_output
        from engine.sources import portaudio

        monkeypatch.setattr(portaudio, "load", lambda: FakeSoundDevice("loud"))
        require_chinese(open_output("Studio").message, "Studio")

    def test_remarks(self) -> None:
        require_chinese("3 damaged parts of the pictures left out.")
        assert said("1 damaged part of the sound left out.") == "声音中有 1 处损坏，已略去。"
        require_chinese("Mic in the room stopped and came back 2 times.", "Mic in the room")

    def test_defects(self) -> None:
        from engine.runtime.graph import as_attune_error

        error = as_attune_error("face", ValueError("bad value"))
        require_chinese(str(error), "ValueError", "bad value")


@pytest.mark.usefixtures("chinese")
class TestDevices:
    """What can be wrong with cameras and microphones."""

    def test_unknown_name(self) -> None:
        from engine.sources.discovery import choose

        found = (
            DeviceInfo(kind="camera", index=0, name="Front Cam"),
            DeviceInfo(kind="camera", index=1, name="Back Cam"),
        )
        require_chinese(complaint(lambda: choose("camera", "desk", found)), "desk", "0 (Front Cam)", "1 (Back Cam)")
        require_chinese(complaint(lambda: choose("camera", "cam", found)), "cam", "0 (Front Cam)", "1 (Back Cam)")

    @pytest.mark.parametrize("kind", ["camera", "microphone", "speaker"])
    def test_none_at_all(self, kind: Any) -> None:
        from engine.sources.discovery import choose

        require_chinese(complaint(lambda: choose(kind, "default", ())))

    def test_nothing_chosen(self) -> None:
        from engine.sources.live import open_live

        require_chinese(complaint(lambda: open_live(None, None, frame_hz=6.0)))

    def test_no_portaudio(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from engine.sources import discovery

        require_no_portaudio(monkeypatch)
        require_chinese(complaint(discovery.list_microphones), *INSTALL)

    def test_recording_without_pictures_as_camera(self, tmp_path: Path) -> None:
        from engine.sources.live import open_live

        path = write_clip(tmp_path / "voice.wav", None, "pcm_s16le", seconds=0.5)
        require_chinese(complaint(lambda: open_live(f"file:{path}", None, frame_hz=6.0)), str(path))

    @pytest.mark.parametrize(
        "error", ["Permission denied", "Device or resource busy", "No such device", "Invalid sample rate"]
    )
    def test_microphone_that_cannot_be_opened(self, error: str) -> None:
        from engine.sources.microphone import why_not

        failure = why_not(DeviceInfo(kind="microphone", index=0, name="Yeti of the desk"), OSError(error))
        require_chinese(str(failure), "Yeti of the desk", *([error] if error in str(failure) else []))

    def test_camera_that_is_not_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from engine.sources.camera import Place, why_not

        for system in ("linux", "darwin", "win32"):
            monkeypatch.setattr(sys, "platform", system)
            require_chinese(str(why_not(Place("C920 Pro", str(tmp_path / "video7")))), "C920 Pro")

    def test_unplugged_and_silent(self) -> None:
        from engine.sources.live import LiveSource

        clock = HandClock()
        camera, microphone = FakeCamera(clock, "Front Cam"), FakeMicrophone(clock, "Desk Mic")
        source = LiveSource(camera, microphone, clock=clock)
        with capturing(source):
            camera.show()
            microphone.say()
            wait_until(lambda: all(one.status == "running" for one in source.states))
            camera.unplug()
            wait_until(lambda: bool(source.states[0].message))
            clock.advance(60.0)
            wait_until(lambda: "is gone" in source.states[0].message and bool(source.states[1].message))
            gone, silent = (one.message for one in source.states)
        require_chinese(gone, "摄像头“Front Cam”")
        require_chinese(silent, "麦克风“Desk Mic”")


@pytest.mark.usefixtures("chinese")
class TestModels:
    """What is missing when the models are loaded, and why which recogniser runs."""

    def test_recogniser_models(self, tmp_path: Path) -> None:
        from engine.asr.choose import choose_recognizer

        (tmp_path / "file").touch()
        for kind in ("auto", "vosk", "whisper"):
            require_chinese(complaint(lambda kind=kind: choose_recognizer(kind, str(tmp_path))), str(tmp_path))
        require_chinese(complaint(lambda: choose_recognizer("auto", str(tmp_path / "none"))), str(tmp_path / "none"))
        require_chinese(complaint(lambda: choose_recognizer("auto", str(tmp_path / "file"))), str(tmp_path / "file"))
        require_chinese(complaint(lambda: choose_recognizer("whisper", "download")), "download")

    def test_model_of_the_other_recogniser(self, tmp_path: Path) -> None:
        from engine.asr.choose import choose_recognizer

        for name in ("model.bin", "config.json", "tokenizer.json"):
            (tmp_path / name).touch()
        require_chinese(complaint(lambda: choose_recognizer("vosk", str(tmp_path))), str(tmp_path), "Whisper")

    def test_reasons(self) -> None:
        text = "Words by Whisper (tiny.en), because no English Vosk model is on this machine."
        assert said(text) == "文字由 Whisper（tiny.en）识别，因为这台计算机上没有英文 Vosk 模型。"
        require_chinese("Words by Vosk (vosk-model-small-en), because you asked for vosk-model-small-en.")

    def test_word_vectors(self, tmp_path: Path) -> None:
        from engine.features.word_vectors import load_word_vectors

        require_chinese(complaint(lambda: load_word_vectors(str(tmp_path / "v.txt"))), str(tmp_path / "v.txt"))
        require_chinese(complaint(lambda: load_word_vectors(str(tmp_path))), str(tmp_path))
        path = tmp_path / "vectors.txt"
        path.write_text("")
        require_chinese(complaint(lambda: load_word_vectors(str(path))), str(path))

    def test_bundled_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from engine import assets

        monkeypatch.setattr(assets, "assets_folder", lambda: tmp_path)
        require_chinese(complaint(assets.sample_path), "sample.mp4", str(tmp_path))

    def test_checkpoints(self, tmp_path: Path) -> None:
        from engine.models.checkpoint import load_checkpoint

        require_chinese(complaint(lambda: load_checkpoint(tmp_path / "self")), str(tmp_path / "self"))
        (tmp_path / "self.safetensors").touch()
        require_chinese(complaint(lambda: load_checkpoint(tmp_path / "self")), str(tmp_path / "self.json"))

    def test_features_that_do_not_fit(self) -> None:
        text = (
            "the checkpoint does not fit the features that run:\n"
            "  face encoder: trained with own (64-d), running resnet101 (2048-d)\n"
            "  audio features, hop_s: trained with 0.02, running 0.01\n"
            "Choose the features it was trained with, or a checkpoint that was trained with these."
        )
        require_chinese(text, "resnet101")
        assert "\n  语音特征 hop_s：" in said(text)


def require_no_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without the library: what importing sounddevice raises there."""
    from engine.sources import portaudio

    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(portaudio, "_scanned", None)
