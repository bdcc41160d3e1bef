"""The plot of cost against length, and the long recordings that it is measured on."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.bench_length import Point, read, watch, write
from benchmarks.plot_length import draw, fit
from benchmarks.repeat import repeat
from tests.sources.media import play, samples_of, write_clip


def point(minutes: float, recordings: int = 1) -> Point:
    media_s = 60 * minutes * recordings
    return Point(
        minutes=minutes,
        recordings=recordings,
        jobs=None,
        media_s=media_s,
        wall_s=3 + media_s / 6,
        processor_s=4 + media_s / 4,
        peak_bytes=500_000_000,
    )


def test_a_repeated_recording_is_the_recording_over_and_over(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", seconds=1.0)
    length_s = repeat(clip, tmp_path / "long.mkv", 2.5)
    assert 3.0 <= length_s <= 3.3
    pictures, blocks, source = play(tmp_path / "long.mkv")
    assert len(pictures) == 75 and source.notes == ()
    once, _, _ = play(clip)
    for k in (0, 25, 50):
        assert np.array_equal(pictures[k].rgb, once[0].rgb)
    assert len(samples_of(blocks)) / 16000 == pytest.approx(length_s, abs=0.2)


def test_a_recording_without_all_time_stamps_is_refused(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", seconds=1.0)
    with pytest.raises(ValueError, match="mp4"):
        repeat(clip, tmp_path / "long.mkv", 2.5)


def test_points_are_kept_and_known_again(tmp_path: Path) -> None:
    path = tmp_path / "length.json"
    assert read(path) == []
    points = [point(1), point(4), point(2, 2)]
    write(path, points)
    assert read(path) == points
    assert json.loads(path.read_text())["machine"]["cores"] >= 1


def test_the_plot_shows_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "length.svg"
    draw(path, [point(1), point(2), point(4), point(2, 2), point(2, 4)], each=2)
    words = " ".join(ElementTree.parse(path).getroot().itertext())
    assert "10 s a minute + 3 s" in words and "minutes of one recording" in words
    draw(path, [point(1)], each=2)  # one point has no line, and none is drawn where there are none


def test_a_straight_line_is_found() -> None:
    assert fit([1, 4, 16], [13, 43, 163]) == pytest.approx((10, 3))


def test_a_command_is_watched_to_its_end() -> None:
    import sys

    work = "import time\nwhile time.process_time() < 0.6: pass"
    processor_s, peak = watch([sys.executable, "-c", work])
    assert processor_s > 0 and peak > 1_000_000
    with pytest.raises(SystemExit, match="it broke"):
        watch([sys.executable, "-c", "import sys; sys.exit('it broke')"])
