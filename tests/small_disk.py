"""A real disk with little room, where the system lets one be mounted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: int, *, read_only: bool = False) -> Iterator[Path]:
    """Mount a file system of ``size`` bytes in memory; skips the test where that is not allowed."""
    place.mkdir()
    options = f"size={size},mode=0777{',ro' if read_only else ''}"
    if sys.platform != "linux":
        pytest.skip("needs a Linux system that mounts tmpfs")
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, text=True
        )
    except FileNotFoundError:
        pytest.skip("needs the command mount")
    if done.returncode:
        pytest.skip(f"may not mount a small disk here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
