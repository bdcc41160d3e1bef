from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import OutputError
from engine.sources.imitation import write_imitation
from engine.types import AudioBlock, VideoFrame
from tests.sources.media import play, samples_of, tone


def picture(k: int, pts_s: float, level: int) -> VideoFrame:
    return VideoFrame(seq=k, pts_s=pts_s, captured_s=0.0, rgb=np.full((48, 64, 3), level, np.uint8))


def items(seconds: float) -> list[VideoFrame | AudioBlock]:
    """Ten pictures a second that get brighter, with a tone in blocks of 1024 samples."""
    samples = tone(seconds)
    found: list[VideoFrame | AudioBlock] = [picture(k, k / 10, 20 + 8 * k) for k in range(round(seconds * 10))]
    for k, at in enumerate(range(0, len(samples), 1024)):
        block = samples[at : at + 1024]
        found.append(AudioBlock(seq=k, pts_s=at / 16000, captured_s=0.0, rate_hz=16000, samples=block))
    return sorted(found, key=lambda one: one.pts_s)


def test_pictures_come_at_the_rate_of_a_camera_and_sound_in_short_blocks(tmp_path: Path) -> None:
    path = tmp_path / "devices.mov"
    write_imitation(path, items(2.0), size=(64, 48), picture_hz=30, sound_hz=16000)
    pictures, blocks, source = play(path)
    assert source.notes == () and source.info.frame_rate_hz == 30
    assert [one.pts_s for one in pictures] == pytest.approx(np.arange(len(pictures)) / 30, abs=1e-6)
    assert 57 <= len(pictures) <= 60
    for one in pictures:
        newest = int(one.pts_s * 10 + 1e-6)
        assert abs(float(one.rgb.mean()) - (20 + 8 * newest)) < 4
    assert samples_of(blocks) == pytest.approx(tone(2.0), abs=1e-4)
    assert max(len(one.samples) for one in blocks) <= 1024


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_imitation(tmp_path / "no" / "devices.mov", items(0.2), size=(64, 48), picture_hz=30, sound_hz=16000)
