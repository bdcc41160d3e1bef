"""Whether Qt can be used here: its wheels need a few system libraries that a plain Debian lacks."""

from __future__ import annotations

import importlib
import os
from functools import cache

import pytest

_PARTS = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtTest")


@cache
def why_no_qt() -> str | None:
    """What is missing, or None where windows can be made (without a display)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        for part in _PARTS:
            importlib.import_module(part)
    except ImportError as error:
        return str(error)
    return None


def needs_qt() -> None:
    """Skip the tests of a module where Qt cannot be loaded. Call it before importing PySide6."""
    missing = why_no_qt()
    if missing is not None:
        pytest.skip(f"Qt needs a system library: {missing}", allow_module_level=True)
