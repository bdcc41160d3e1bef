"""Small and broken disks, made for real."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str = "4m", *, read_only: bool = False) -> Iterator[Path]:
    """A disk of a size in memory, mounted on a new folder. Skips the test where mounting is not allowed."""
    place.mkdir()
    options = f"size={size},mode=0777{',ro' if read_only else ''}"
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs Linux, and the right to mount a small disk (as root in a container with CAP_SYS_ADMIN)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
