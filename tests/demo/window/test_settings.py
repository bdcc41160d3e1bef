from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QByteArray  # noqa: E402

from demo.settings import MOST_RECENT, SPEEDS, THEMES, Settings  # noqa: E402


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Settings(tmp_path / "a.ini")
    first.put("theme", "dark")
    first.put("volume", 0.25)
    first.put("mirror", False)
    first.put("camera", "Webcam, the 2nd")
    first.put("docks", QByteArray(b"\x00\xff;,\n"))
    first.add_recent("/films/a, b.mp4")
    first.save()
    again = Settings(tmp_path / "a.ini")
    assert again.choice("theme", THEMES) == "dark"
    assert again.number("volume", 1.0, 0.0, 1.0) == 0.25
    assert again.flag("mirror", True) is False
    assert again.name("camera") == "Webcam, the 2nd"
    assert again.blob("docks").data() == b"\x00\xff;,\n"
    assert again.recent == ("/films/a, b.mp4",)


def test_none_forgets(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "a.ini")
    settings.put("camera", "Webcam")
    settings.put("camera", None)
    assert settings.name("camera") is None
    settings.put("camera", "")
    assert settings.name("camera") == ""


GARBAGE = (
    b"[General]\ntheme=purple\nvolume=loud\nspeed=9e99\nmirror=perhaps\nrecent=[1, {\ndocks=@@@\ngeometry=AAAA\n",
    b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\nvolume=nan\nspeed=1,2,3\nrecent=@ByteArray(zz)\ndocks=@Rect(1 2)\n",
    b"\x00\xff\xfe garbage ]]][[[ = = = \n\n%%%",
    b'[General]\nrecent="' + b"[" * 3000 + b'"\nvolume=-1\nspeed=-inf\ncamera="a\\x0\\x1"\n',
)


@pytest.mark.parametrize("content", GARBAGE)
def test_damaged_settings_fall_back(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ini"
    path.write_bytes(content)
    settings = Settings(path)
    assert settings.choice("theme", THEMES) == "system"
    assert settings.number("volume", 1.0, 0.0, 1.0) == 1.0
    assert settings.number("speed", 1.0, SPEEDS[0], SPEEDS[-1]) == 1.0
    assert settings.flag("mirror", True) is True
    assert settings.recent == ()
    assert settings.name("camera") is None
    assert settings.name("microphone") is None


def test_recent_are_few_and_each_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "a.ini")
    for number in range(MOST_RECENT + 5):
        settings.add_recent(f"/film{number}.mp4")
    settings.add_recent("/film10.mp4")
    assert settings.recent[0] == "/film10.mp4"
    assert len(settings.recent) == len(set(settings.recent)) == MOST_RECENT
    settings.clear_recent()
    assert settings.recent == ()
