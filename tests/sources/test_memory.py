"""Long and badly interleaved files need no more memory than short ones."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.sources.decode import Decoded, StreamDecoder
from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame
from tests.sources.media import Writer, grey, tone

MINUTES = 10


def long_file(path: Path, *, sound_last: bool) -> Path:
    """Write ten minutes of one picture a second and 8 kHz sound."""
    with Writer(path) as writer:
        video = writer.add_video("mpeg4", [(1000 * k, grey(k % 200)) for k in range(60 * MINUTES)], rate=1)
        sound = np.tile(tone(1.0, 8000), 60 * MINUTES)
        audio = writer.add_audio("pcm_s16le", sound, rate_hz=8000, block=8000)
        writer.mux(video, audio, one_after_the_other=sound_last)
    return path


@pytest.mark.parametrize(("name", "sound_last"), [("a.mkv", False), ("a.mkv", True), ("a.mov", True)])
def test_a_long_file_in_bounded_memory(
    tmp_path: Path, name: str, sound_last: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_file(tmp_path / name, sound_last=sound_last)
    decoded = {"audio": 0, "video": 0}
    original = StreamDecoder.__iter__

    def counted(self: Any) -> Iterator[Decoded]:
        for one in original(self):
            decoded[self._kind] += 1
            yield one

    source = MediaFile(path)
    monkeypatch.setattr(StreamDecoder, "__iter__", counted)
    seconds, delivered, held = 0.0, {"audio": 0, "video": 0}, 0
    tracemalloc.start()
    try:
        for item in source:
            delivered["video" if isinstance(item, VideoFrame) else "audio"] += 1
            held = max(held, *(decoded[kind] - delivered[kind] for kind in decoded))
            seconds += len(item.samples) / 8000 if isinstance(item, AudioBlock) else 0.0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds == pytest.approx(60 * MINUTES) and delivered["video"] == 60 * MINUTES
    assert held <= 1
    assert peak < 2_000_000
