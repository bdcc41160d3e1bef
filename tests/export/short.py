"""Recorded sessions of six seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.types import Prediction
from tests.fakes import FakeSource, recording, sound
from tests.saved.saving import save_session


def save_short(path: Path, **more: Any) -> list[tuple[float, Prediction | None]]:
    """Record a session with one utterance and a face throughout; returns what was predicted."""
    items = recording(sound(6, [(1.0, 3.5)]), [0.5] * 36, sizes=(1600,))
    return save_session(path, source=FakeSource(items), **more)
