"""Exports are written whole or not at all; faults are really caused."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import OutputError
from engine.export.formats import FORMATS, chosen_formats, file_names
from engine.export.write import write_export
from tests.export.made import everything, findings, utterance, word

TABLES = ("csv", "jsonl", "eaf", "srt", "webvtt")


def test_what_was_there_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    written = write_export(findings(), chosen_formats(TABLES), tmp_path, "talk")
    assert {one.name for one in written} == set(file_names(chosen_formats(TABLES), "talk"))
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in written} | {"mine.txt"}
    assert "[happy 70 %]" in (tmp_path / "talk.srt").read_text()


def test_a_session_stays_private_and_a_recording_has_the_usual_rights(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_export(findings(), chosen_formats(["csv"]), tmp_path / "open" / "x", "talk")
        write_export(findings(private=True), chosen_formats(["csv"]), tmp_path / "new" / "x", "talk")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "new" / "x").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "new" / "x").stat().st_mode)) == ({0o600}, 0o700)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "open" / "x").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "open" / "x").stat().st_mode)) == ({0o644}, 0o755)


def test_a_full_disk_leaves_what_was_there(small_disk: Path) -> None:
    folder = small_disk / "out"
    write_export(findings(), chosen_formats(["srt"]), folder, "talk")
    before = everything(small_disk)
    many = [utterance(k, [word(f"word{k}", k, k + 0.5)], k, k + 0.5) for k in range(2000)]
    with pytest.raises(OutputError, match=r"cannot write .*: No space left on device\. Choose a place"):
        write_export(findings(utterances=tuple(many)), chosen_formats(TABLES), folder, "talk")
    assert everything(small_disk) == before
    with pytest.raises(OutputError, match="No space left on device"):
        write_export(findings(utterances=tuple(many)), chosen_formats(["parquet"]), small_disk / "new" / "er", "talk")
    assert sorted(one.name for one in small_disk.iterdir()) == ["out"]


def test_a_folder_that_is_deleted_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def delete(name: str, share: float) -> None:
        if (name, share) == ("eaf", 1.0):
            shutil.rmtree(folder)

    with pytest.raises(OutputError, match=r"cannot write .*out: No such file or directory"):
        write_export(findings(), chosen_formats(TABLES), folder, "talk", delete)
    assert not folder.exists()


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write_export(findings(), chosen_formats(["srt"]), tmp_path / "file", "talk")
    with pytest.raises(OutputError, match="cannot write"):
        write_export(findings(), chosen_formats(["srt"]), tmp_path / "file" / "below", "talk")
    (tmp_path / "out" / "talk.srt").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"talk\.srt is a folder"):
        write_export(findings(), chosen_formats(["csv", "srt"]), tmp_path / "out", "talk")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["talk.srt"]


def test_a_read_only_place(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OutputError, match="Read-only file system"):
        write_export(findings(), chosen_formats(["srt"]), small_disk / "out", "talk")
    with pytest.raises(OutputError, match="Read-only file system"):
        write_export(findings(), chosen_formats(["srt"]), small_disk, "talk")


@pytest.mark.parametrize("stem", ["../talk", "a/b", "", ".."])
def test_no_name_leads_elsewhere(stem: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be the name of a file"):
        write_export(findings(), chosen_formats(["srt"]), tmp_path / "out", stem)
    assert not list(tmp_path.iterdir())


def test_the_recording_itself_is_never_replaced(tmp_path: Path) -> None:
    media = tmp_path / "talk-overlay.mp4"
    media.write_bytes(b"a film")
    with pytest.raises(OutputError, match="is the recording itself"):
        write_export(findings(media=media), chosen_formats(["csv", "mp4"]), tmp_path, "talk")
    assert [one.name for one in tmp_path.iterdir()] == [media.name] and media.read_bytes() == b"a film"


def test_an_mp4_needs_pictures_or_sound(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no pictures or sound to make an mp4 of: choose other formats"):
        write_export(replace(findings(), media=None), chosen_formats(["all"]), tmp_path / "out", "talk")
    assert not (tmp_path / "out").exists()


def test_names_of_formats() -> None:
    assert [one.name for one in chosen_formats(["all"])] == list(FORMATS)
    for wrong in (["pdf"], [""], ["csv", "doc"]):
        with pytest.raises(ValueError, match="choose from csv, jsonl, parquet, eaf, srt, webvtt, textgrid, mp4"):
            chosen_formats(wrong)


def test_an_export_that_is_killed_leaves_nothing_for_good(tmp_path: Path) -> None:
    """The folder of a process that has gone is removed by the next export; what it had not finished is nowhere."""
    code = f"""
import os, signal
from pathlib import Path
from engine.export.formats import chosen_formats
from engine.export.write import write_export
from tests.export.made import findings

def die(name, share):
    if (name, share) == ("srt", 0.0):
        os.kill(os.getpid(), signal.SIGKILL)

write_export(findings(), chosen_formats({TABLES!r}), Path({str(tmp_path)!r}), "talk", die)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode != 0
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".export-") and (left / "talk.eaf").exists()
    write_export(findings(), chosen_formats(["srt"]), tmp_path, "talk")
    assert [one.name for one in tmp_path.iterdir()] == ["talk.srt"]


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    def stop(name: str, share: float) -> None:
        if name == "eaf":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_export(findings(), chosen_formats(TABLES), tmp_path / "a" / "b", "talk", stop)
    assert not list(tmp_path.iterdir())
