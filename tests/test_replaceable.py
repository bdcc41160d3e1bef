from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import OutputError
from engine.replaceable import require_replaceable, require_two_files

BEGINS = (b"id,label,",)


@pytest.mark.parametrize("name", ["session.json", "journal.msgpack", "media.mkv", "Media.MKV", "annotations.json"])
def test_files_of_a_session_are_never_replaced(name: str, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("{}")
    with pytest.raises(OutputError, match="give this result another name"):
        require_replaceable(tmp_path / name, BEGINS)
    (tmp_path / "session.json").unlink()
    (tmp_path / "talk.mp4.annotations.json").write_bytes(b"id,label,")
    with pytest.raises(OutputError, match="where annotations are kept"):
        require_replaceable(tmp_path / "talk.mp4.annotations.json", BEGINS)


def test_only_an_earlier_result_or_nothing_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    for content in (None, b"", b"id,label,audio\n"):
        if content is not None:
            path.write_bytes(content)
        require_replaceable(path, BEGINS)
    for content in (b"i", b"my notes", b"\x1aE\xdf\xa3"):
        path.write_bytes(content)
        with pytest.raises(OutputError, match="no earlier result of this kind: give this result another name"):
            require_replaceable(path, BEGINS)
    with pytest.raises(OutputError, match="is a folder"):
        require_replaceable(tmp_path, BEGINS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_and_devices_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(OutputError, match="a pipe or a device"):
            require_replaceable(path, BEGINS)


def test_two_results_need_two_files(tmp_path: Path) -> None:
    one = tmp_path / "a.json"
    require_two_files(one, tmp_path / "b.json", "--one and --other")
    with pytest.raises(OutputError, match="--one and --other name the same file"):
        require_two_files(one, tmp_path / "below" / ".." / "a.json", "--one and --other")
