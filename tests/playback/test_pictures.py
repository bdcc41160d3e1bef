"""Any picture of a file, by time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.playback.pictures import PictureReader
from engine.types import VideoFrame
from tests.playback.fakes import level_of, write_numbered
from tests.sources.media import play, tone, write_clip

EVEN_MS = [40 * k for k in range(150)]
UNEVEN_MS = [0, 33, 50, 400, 410, 900, 3900, 3940, 3945, 6000, 6040, 9000]
CLIPS = {
    "even.mp4": (EVEN_MS, {"bf": "3", "g": "250"}),
    "short.mp4": (EVEN_MS, {"bf": "2", "g": "12"}),
    "uneven.mkv": (UNEVEN_MS, {"bf": "2", "g": "250"}),
    "even.ts": (EVEN_MS, {"bf": "2", "g": "25"}),
}


def is_number(frame: VideoFrame | None, number: int) -> bool:
    return frame is not None and abs(float(frame.rgb.mean()) - level_of(number)) < 4


def number_at(at_ms: list[int], pts_s: float) -> int:
    return max(int(np.searchsorted(np.array(at_ms), pts_s * 1000 + 0.01, side="right")) - 1, 0)


@pytest.mark.parametrize("name", CLIPS)
def test_the_newest_picture_at_or_before_any_time(tmp_path: Path, name: str) -> None:
    at_ms, options = CLIPS[name]
    path = write_numbered(tmp_path / name, at_ms, **options)
    rng = np.random.default_rng(0)
    times_s = [*rng.uniform(0, at_ms[-1] / 1000 + 1, 30), *(ms / 1000 + 1e-6 for ms in at_ms[::7]), 0.0, 99.0]
    with PictureReader(path) as reader:
        for pts_s in times_s:
            frame = reader.at(pts_s)
            expected = number_at(at_ms, pts_s)
            assert is_number(frame, expected), (pts_s, expected)
            assert frame is not None and frame.pts_s == pytest.approx(at_ms[expected] / 1000, abs=1e-3)
            assert reader.at(pts_s) is frame


def test_times_are_those_of_the_analysis(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.mkv", [33 * k for k in range(60)], sound=tone(2.0), bf="2", g="20")
    pictures = play(path)[0]
    with PictureReader(path) as reader:
        for one in [*pictures, *pictures[::-7]]:
            frame = reader.at(one.pts_s)
            assert frame is not None and frame.pts_s == one.pts_s and np.array_equal(frame.rgb, one.rgb)


def test_the_time_of_a_picture_finds_it_again(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.ts", [33 * k for k in range(60)], bf="2", g="20")
    with PictureReader(path) as reader:
        for one in play(path)[0]:
            frame = reader.at(one.pts_s)
            assert frame is not None and frame.pts_s == one.pts_s


@pytest.mark.parametrize("name", CLIPS)
def test_steps_go_through_every_picture_both_ways(tmp_path: Path, name: str) -> None:
    at_ms, options = CLIPS[name]
    with PictureReader(write_numbered(tmp_path / name, at_ms, **options)) as reader:
        assert is_number(reader.at(0.0), 0)
        for number in range(1, len(at_ms)):
            assert is_number(reader.step(1), number)
        assert is_number(reader.step(1), len(at_ms) - 1)
        for number in range(len(at_ms) - 2, -1, -1):
            assert is_number(reader.step(-1), number)
        assert is_number(reader.step(-1), 0)
        assert is_number(reader.step(5), 5)
        assert is_number(reader.step(-3), 2)


def test_the_next_picture_after_a_time(tmp_path: Path) -> None:
    with PictureReader(write_numbered(tmp_path / "a.mkv", UNEVEN_MS)) as reader:
        assert is_number(reader.after(0.0), 1)
        assert is_number(reader.after(0.9), 6)
        assert reader.after(9.0) is None
        assert reader.end_s == pytest.approx(9.0, abs=1.0)


def test_pictures_that_begin_after_the_sound(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.mkv", [500 + 40 * k for k in range(25)], sound=tone(1.5))
    with PictureReader(path) as reader:
        first = reader.at(0.0)
        assert is_number(first, 0) and first is not None and first.pts_s == pytest.approx(0.5, abs=2e-3)
        assert reader.at(0.3) is first and reader.after(0.3) is first


def test_a_file_without_pictures(tmp_path: Path) -> None:
    with PictureReader(write_clip(tmp_path / "a.wav", None, "pcm_s16le")) as reader:
        assert reader.at(0.5) is None and reader.step(1) is None and reader.after(0.0) is None
        assert reader.end_s == 0.0


def test_interrupting_and_closing(tmp_path: Path) -> None:
    reader = PictureReader(write_numbered(tmp_path / "a.mp4", EVEN_MS))
    reader.interrupt()
    assert reader.at(1.0) is None
    reader.close()
    reader.close()
    assert reader.at(1.0) is None
