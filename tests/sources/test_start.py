"""A file that begins in the middle gives what a run from the beginning gives there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.sources.media_file import MediaFile
from engine.sources.streams import PictureStream
from engine.types import AudioBlock, VideoFrame
from tests.sources.media import Writer, play, samples_of

SECONDS = 6

FORMATS: list[tuple[str, str | None, str | None, int, dict[str, str]]] = [
    ("a.mp4", "libx264", "aac", 44100, {"bf": "3", "g": "30"}),
    ("open.mp4", "libx264", "aac", 16000, {"x264-params": "open-gop=1:keyint=25:bframes=3:scenecut=0"}),
    ("long.mp4", "libx264", None, 16000, {"g": "250", "bf": "2"}),
    ("a.mov", "mpeg4", "pcm_s16le", 44100, {"g": "12"}),
    ("open.mkv", "mpeg2video", "flac", 22050, {"bf": "2", "g": "15"}),
    ("a.mkv", "ffv1", "flac", 22050, {"g": "10"}),
    ("a.webm", "libvpx", "libopus", 48000, {"g": "20", "deadline": "realtime", "cpu-used": "8"}),
    ("a.avi", "mjpeg", "pcm_s16le", 32000, {}),
    ("b.avi", "mpeg4", "libmp3lame", 32000, {"g": "12", "bf": "2"}),
    ("a.ts", "libx264", "aac", 48000, {"g": "25", "bf": "2"}),
    ("a.wav", None, "pcm_s16le", 8000, {}),
    ("a.flac", None, "flac", 44100, {}),
    ("a.mp3", None, "libmp3lame", 44100, {}),
    ("a.ogg", None, "libopus", 48000, {}),
    ("a.m4a", None, "aac", 44100, {}),
]


def write(path: Path, video: str | None, audio: str | None, rate_hz: int, options: dict[str, str]) -> Path:
    """Write coarse noise, which needs every picture before it, and noise to hear."""
    rng = np.random.default_rng(1)
    with Writer(path) as writer:
        streams = []
        if video:
            coarse = rng.integers(0, 255, (25 * SECONDS, 6, 8, 3)).astype(np.uint8)
            pictures = [(40 * k, one.repeat(8, 0).repeat(8, 1)) for k, one in enumerate(coarse)]
            base: dict[str, Any] = {"pix_fmt": "yuvj420p"} if video == "mjpeg" else {}
            if path.suffix == ".avi" or video == "mpeg2video":
                base["time_base"] = Fraction(1, 25)
            streams.append(writer.add_video(video, pictures, options=options, **base))
        if audio:
            noise = rng.normal(0, 0.2, rate_hz * SECONDS).clip(-1, 1).astype(np.float32)
            streams.append(writer.add_audio(audio, noise, rate_hz=rate_hz))
        writer.mux(*streams)
    return path


def assert_same_from(
    start_s: float, whole: tuple[list[VideoFrame], list[AudioBlock]], path: Path, **options: Any
) -> None:
    pictures, blocks, _ = play(path, start_s=start_s, **options)
    expected = [one for one in whole[0] if one.pts_s >= start_s]
    assert [one.pts_s for one in pictures] == [one.pts_s for one in expected]
    for one, other in zip(pictures, expected, strict=True):
        assert np.array_equal(one.rgb, other.rgb), one.pts_s
    left = [block for block in whole[1] if block.end_s > start_s + 1e-6]
    assert len(blocks) == len(left)
    if blocks:
        assert np.array_equal(samples_of(blocks), samples_of(whole[1])[-len(samples_of(blocks)) :])
        assert [one.pts_s for one in blocks[1:]] == [one.pts_s for one in left[1:]]
        cut_s = blocks[0].pts_s
        assert (start_s <= cut_s < start_s + 1.001 / blocks[0].rate_hz) or cut_s == whole[1][0].pts_s
        assert blocks[0].end_s == pytest.approx(left[0].end_s, abs=1e-9)


@pytest.mark.parametrize(("name", "video", "audio", "rate_hz", "options"), FORMATS, ids=[one[0] for one in FORMATS])
def test_the_rest_is_the_same_bit_for_bit(
    tmp_path: Path, name: str, video: str | None, audio: str | None, rate_hz: int, options: dict[str, str]
) -> None:
    path = write(tmp_path / name, video, audio, rate_hz, options)
    whole = play(path)[:2]
    rng = np.random.default_rng(2)
    starts_s = [0.001, 3.0, 4.0, 5.96, *rng.uniform(0, SECONDS, 2)]
    for start_s in starts_s:
        assert_same_from(float(start_s), whole, path)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.ts"])
@pytest.mark.parametrize("start_s", [3.0, 3.1, 5.52])
def test_the_same_pictures_are_chosen(tmp_path: Path, name: str, start_s: float) -> None:
    video, audio, rate_hz, options = next(one[1:] for one in FORMATS if one[0] == name)
    path = write(tmp_path / name, video, audio, rate_hz, options)
    assert_same_from(start_s, play(path, frame_hz=3)[:2], path, frame_hz=3)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "open.mkv", "a.webm", "a.avi", "a.ts"])
def test_pictures_are_not_decoded_from_the_beginning(tmp_path: Path, name: str) -> None:
    video, audio, rate_hz, options = next(one[1:] for one in FORMATS if one[0] == name)
    path = write(tmp_path / name, video, audio, rate_hz, options)
    with PictureStream(path) as stream:
        begin_s = next(iter(stream)).time_s
        assert 3.0 < next(stream.starting_before(begin_s + 5.0)).time_s - begin_s <= 5.0


def test_a_recording_that_starts_late_in_the_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    with Writer(tmp_path / "a.mkv") as writer:
        pictures = [(9000 + 40 * k, rng.integers(0, 255, (48, 64, 3)).astype(np.uint8)) for k in range(100)]
        sound = writer.add_audio("flac", rng.normal(0, 0.1, 64000).astype(np.float32), start_ms=9500)
        writer.mux(writer.add_video("mpeg4", pictures, gop_size=10), sound)
    whole = play(tmp_path / "a.mkv")[:2]
    for start_s in (0.3, 0.5, 2.0, 3.9):
        assert_same_from(start_s, whole, tmp_path / "a.mkv")


def test_time_stamps_that_start_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ts", "libx264", "aac", 48000, {"g": "25"})
    path.write_bytes(path.read_bytes() * 2)
    *whole, source = play(path)
    assert any("start anew" in note for note in source.notes)
    for start_s in (3.0, 8.0):
        assert_same_from(start_s, (whole[0], whole[1]), path)


@pytest.mark.parametrize("start_s", [1.0, 4.0, 7.0, 20.0])
def test_the_note_on_a_cut_off_file(tmp_path: Path, start_s: float) -> None:
    path = write(tmp_path / "a.mkv", "mpeg4", "flac", 16000, {"g": "12"})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    expected = [note for note in play(path)[2].notes if "cut off" in note]
    assert expected and [note for note in play(path, start_s=start_s)[2].notes if "cut off" in note] == expected


def test_nothing_is_left_behind_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", "libx264", "aac", 16000, {})
    assert play(path, start_s=100.0)[:2] == ([], [])


@pytest.mark.parametrize("start_s", [-0.1, float("nan"), float("inf")])
def test_a_senseless_start_is_refused(tmp_path: Path, start_s: float) -> None:
    with pytest.raises(ValueError, match="start_s"):
        MediaFile(write(tmp_path / "a.wav", None, "pcm_s16le", 8000, {}), start_s=start_s)
