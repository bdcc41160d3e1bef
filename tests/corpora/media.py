"""Small media files, and extractors that are exact and quick."""

from __future__ import annotations

import os
import time
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from engine.corpora.recipe import FaceRecipe, Request, Settings
from engine.errors import SourceError
from engine.types import FloatArray

FACE_DIM = 3


def settings(track_hz: float = 6.0, encoder: str = "bytes") -> Settings:
    return Settings({"hop_s": 0.01}, FaceRecipe(encoder=encoder, name=encoder, dim=FACE_DIM, track_hz=track_hz))


def sound(path: Path, seconds: float = 0.3, pitch_hz: float = 220.0, rate_hz: int = 16_000) -> Path:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    samples = (8000 * np.sin(2 * np.pi * pitch_hz * time_s)).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return path


def picture(path: Path, value: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), (value, value, value)).save(path)
    return path


class ByteExtractor:
    """Makes features from the first bytes of a file, and minds what the bytes say.

    "damaged" raises, "die" ends the process, "wrong" fails as a mistake would, "wait" waits, "faceless" has no face.
    """

    def extract(self, request: Request) -> FloatArray:
        data = request.files()[0].read_bytes()
        if data.startswith(b"damaged"):
            raise SourceError(f"{request.path} is damaged")
        if data.startswith(b"die once") and not (mark := request.path.with_suffix(".died")).exists():
            mark.touch()
            os._exit(7)
        if data.startswith(b"die") and not data.startswith(b"die once"):
            os._exit(7)
        if data.startswith(b"wrong"):
            raise ZeroDivisionError("a mistake")
        if data.startswith(b"wait"):
            request.path.with_suffix(".begun").write_text(str(os.getpid()))
            while not request.path.with_suffix(".go").exists():
                time.sleep(0.01)
        dim = 120 if request.kind == "voice" else FACE_DIM
        frames = 0 if data.startswith(b"faceless") else len(data)
        values = np.resize(np.frombuffer(data, np.uint8), (frames, dim))
        return values.astype(np.float32) * (0.5 if request.part.side == "left" else 1.0)


class CountingExtractor(ByteExtractor):
    """Counts what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def extract(self, request: Request) -> FloatArray:
        self.asked.append(request.path.name)
        return super().extract(request)
