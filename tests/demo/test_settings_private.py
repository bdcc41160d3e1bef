"""What the window remembers names recordings of people: nobody else may read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.demo.qt import why_no_qt

pytestmark = pytest.mark.skipif(bool(why_no_qt()), reason="this system has no Qt")


@pytest.mark.skipif(os.name == "nt", reason="this system has no such modes")
def test_settings_are_for_their_owner_alone(tmp_path: Path) -> None:
    from demo.settings import Settings

    path = tmp_path / "config" / "attune" / "window.ini"
    settings = Settings(path)
    settings.add_recent("/home/a/talk.mp4")
    settings.save()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    again = Settings(path)
    assert again.recent == ("/home/a/talk.mp4",)
    again.put("theme", "dark")
    again.save()
    assert path.stat().st_mode & 0o777 == 0o600
