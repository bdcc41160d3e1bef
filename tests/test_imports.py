from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEVICES = {"av", "sounddevice"}


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def imported(path: Path) -> Iterator[str]:
    """Top-level packages that a file imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_module_of_the_engine_imports_without_windows_and_terminal() -> None:
    code = (
        "import importlib, pkgutil, sys\n"
        "for name in ('PySide6', 'rich', 'typer', 'demo'): sys.modules[name] = None\n"
        "import engine\n"
        "names = [one.name for one in pkgutil.walk_packages(engine.__path__, 'engine.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "print(len(names))"
    )
    assert int(run_python(code)) > 20


@pytest.mark.parametrize("module", ["engine.config", "engine.errors", "engine.version", "engine.assets"])
def test_what_everything_needs_imports_at_once(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('numpy', 'torch', 'av') if name in sys.modules])"
    assert run_python(code) == "[]"


@pytest.mark.parametrize(
    "module",
    ["engine.types", "engine.sources.base", "engine.analysis.evaluate", "engine.session", "demo.session_bridge"],
)
def test_torch_and_friends_are_loaded_only_when_they_run(module: str) -> None:
    heavy = ("torch", "librosa", "gensim", "ctranslate2", "matplotlib", "facenet_pytorch")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    assert run_python(code) == "[]"


def test_recordings_and_devices_are_opened_in_sources_and_playback_alone() -> None:
    for path in (ROOT / "engine").rglob("*.py"):
        parts = path.relative_to(ROOT / "engine").parts
        found = set(imported(path))
        allowed = {"sources": DEVICES, "playback": DEVICES, "sinks": {"av"}}.get(parts[0], set())
        assert found & DEVICES <= allowed, path
        assert parts[0] == "sources" or "cv2" not in found, path


def test_the_bridge_needs_neither_qt_nor_devices_before_it_opens_something() -> None:
    late = ("PySide6", "av", "cv2", "sounddevice")
    code = f"import sys, demo.session_bridge; print([name for name in {late!r} if name in sys.modules])"
    assert run_python(code) == "[]"


def test_imports_run_one_way() -> None:
    for path in (ROOT / "engine").rglob("*.py"):
        assert not {"demo", "main", "PySide6", "rich", "typer"} & set(imported(path)), path
    for path in (ROOT / "demo").rglob("*.py"):
        assert not {"main", *DEVICES} & set(imported(path)), path
