"""Nothing leaves the machine: the commands never ask for a socket, neither they nor the processes that they begin."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.features.vector_cache import cache_folder
from tests import seccomp
from tests.demo.qt import why_no_qt
from tests.sources.cut import first_seconds

ROOT = Path(__file__).parents[1]

_WATCH = """
import os, sys

def told(event, arguments):
    if event == "socket.__new__" and arguments[1] not in (1, 16) or event in (
        "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "http.client.connect"
    ):
        with open(os.environ["SOCKETS"], "a") as log:
            print(event, arguments, sys.argv, file=log)

sys.addaudithook(told)
"""


def run(folder: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run a command under the filter, with Python's own events of its processes as well. Returns what these were."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(_WATCH)
    log = folder / "sockets"
    home = folder / "home"
    home.mkdir(exist_ok=True)
    paths = {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "ATTUNE_CACHE": str(cache_folder()),
        "SOCKETS": str(log),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | paths | {"PYTHONPATH": str(folder / "watch"), "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
        preexec_fn=seccomp.without_internet,
    )
    return done, log.read_text() if log.exists() else ""


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    if not seccomp.available():
        pytest.skip("this system has no filters of system calls")
    (tmp_path / "control").mkdir()
    try:
        done, said = run(tmp_path / "control", "-c", "import socket; socket.socket()")
    except subprocess.SubprocessError as error:
        pytest.skip(f"the kernel refuses filters of system calls: {error}")
    assert done.returncode == -signal.SIGSYS and "socket.__new__" in said
    return tmp_path


@pytest.mark.parametrize("name", ["analyze", "play", "live", "window"])
def test_no_socket_is_opened(guarded: Path, name: str) -> None:
    if name == "window" and why_no_qt():
        pytest.skip("this system has no Qt")
    clip = str(first_seconds(ROOT / "assets" / "sample.mp4", 4.0, guarded / "clip.mp4"))
    devices = ["--camera", f"file:{clip}", "--microphone", f"file:{clip}"]
    commands = {
        "analyze": ["analyze", clip, "--out", str(guarded / "out")],
        "play": ["play", clip, "--ui", "terminal", "--speed", "4"],
        "live": ["live", *devices, "--ui", "terminal"],
        "window": ["live", *devices, "--ui", "window", "--seconds", "3"],
    }
    done, said = run(guarded, "main.py", *commands[name], "--device", "cpu")
    assert (done.returncode, said) == (0, ""), f"{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    if name == "analyze":
        words = (guarded / "out" / "clip" / "words.csv").read_text()
        assert words.count("\n") > 2, words  # so the recogniser, a process of its own, has lived
    strange = [str(one.relative_to(guarded)) for one in (guarded / "home").rglob("*") if "Microsoft" in one.parts]
    assert not strange, strange


@pytest.mark.timeout(400)
def test_no_socket_is_opened_for_a_recorded_session(guarded: Path) -> None:
    clip = str(first_seconds(ROOT / "assets" / "sample.mp4", 3.0, guarded / "clip.mp4"))
    session = str(guarded / "session")
    commands = (
        ["live", "--camera", f"file:{clip}", "--microphone", f"file:{clip}", "--ui", "terminal", "--record", session],
        ["replay", session, "--ui", "terminal"],
        ["verify", session],
        ["export", session, "--to", "csv,srt,eaf", "--out", str(guarded / "exported")],
    )
    for command in commands:
        done, said = run(guarded, "main.py", *command)
        assert (done.returncode, said) == (0, ""), f"{command}: {done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    for one in (guarded / "session").rglob("*"):
        assert one.stat().st_mode & 0o077 == 0, f"others may read {one}"


def test_onnx_runtime_is_imported_where_its_telemetry_is_turned_off() -> None:
    importing = set()
    for place in ("engine", "demo", "benchmarks", "fuzz", "tests"):
        for path in (ROOT / place).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if "onnxruntime" in names and not _for_types_only(path, node):
                    importing.add(path.relative_to(ROOT).as_posix())
    assert importing == {"engine/features/onnx_session.py"}


def _for_types_only(path: Path, node: ast.AST) -> bool:
    lines = path.read_text(encoding="utf-8").splitlines()
    before = [line for line in lines[: node.lineno - 1] if line and not line.startswith(" ")]  # type: ignore[attr-defined]
    return lines[node.lineno - 1].startswith("    ") and before[-1].startswith("if TYPE_CHECKING")  # type: ignore[attr-defined]
