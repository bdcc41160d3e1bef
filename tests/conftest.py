"""What all tests share."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.demo.qt import why_no_qt

pytest_plugins = [] if why_no_qt() else ["pytestqt.plugin"]


def shared_data(relative: str) -> Path:
    """Path of a file of the training data; skips the test where the data is missing.

    The data is looked for in ``$ATTUNE_DATA``, else in ``../shared/data`` beside the checkout.
    """
    root = Path(os.environ.get("ATTUNE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / relative
    if not path.exists():
        pytest.skip(f"needs the data file {relative}: set ATTUNE_DATA to the folder that holds it")
    return path


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """After the last test no thread, no process, no open file and no temporary file of Attune is left."""
    tmp_path_factory.getbasetemp()  # that of pytest stays where it is: the paths of sockets must be short
    # A folder of our own, since other programs write into the usual one.
    folder, usual = Path(tempfile.mkdtemp(prefix="att")), os.environ.get("TMPDIR")
    (folder / "ray").mkdir()  # Ray expects it
    before = frozenset(_files_being_written())  # what is printed may go to a file
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
        deadline_s = time.monotonic() + 10.0
        never = threading.Event()
        while (left := _left(folder, before)) and time.monotonic() < deadline_s:
            gc.collect()
            never.wait(0.05)
        assert not left, f"left behind: {', '.join(left)}"
    finally:
        os.environ.pop("TMPDIR")
        if usual is not None:
            os.environ["TMPDIR"] = usual
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)


def _left(folder: Path, before: frozenset[str]) -> list[str]:
    """Threads, processes and files that should have ended.

    ``folder`` is the one for temporary files; ``before``, files that were open already.
    """
    threads = [one.name for one in threading.enumerate() if one.name.startswith("attune") and one.is_alive()]
    children = [f"process {one.pid} {' '.join(one.cmdline()[:3])}" for one in _children()]
    files = [one.name for one in folder.iterdir() if one.name.lstrip(".").startswith("attune")]
    return [*threads, *children, *(one for one in _files_being_written() if one not in before), *files]


def _children() -> list[psutil.Process]:
    """Processes that were begun and not ended, but for what Python itself keeps."""
    kept = ("resource_tracker", "forkserver")
    found = []
    for one in psutil.Process().children(recursive=True):
        try:
            if one.status() != psutil.STATUS_ZOMBIE and not any(name in " ".join(one.cmdline()) for name in kept):
                found.append(one)
        except psutil.NoSuchProcess:
            continue
    return found


def _files_being_written() -> list[str]:
    """Regular files that are open for writing, but for the logs of Ray, which keeps them to the end."""
    try:
        every = psutil.Process().open_files()
    except psutil.Error:
        return []
    return [
        one.path
        for one in every
        if getattr(one, "mode", "r") != "r" and not re.search(r"\(deleted\)|/ray\w*/session_", one.path)
    ]
