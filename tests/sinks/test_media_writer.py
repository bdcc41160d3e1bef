"""What is written plays, at its time, whole or cut off anywhere."""

from __future__ import annotations

import os
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from engine.errors import OutputError
from engine.sinks.media_writer import MP4, MediaWriter, SoundStart
from engine.sinks.sound_track import SoundTrack
from engine.types import AudioBlock
from tests.disks import small_disk
from tests.sources.media import grey, play, quadrants, samples_of

RATE = 48_000
NOISE = np.random.default_rng(7)


def device_samples(seconds: float, bits: int = 16) -> np.ndarray:
    """Noise as a device of so many bits gives it, [n] f32."""
    full = 1 << (bits - 1)
    return (NOISE.integers(-full, full, round(seconds * RATE)) / full).astype(np.float32)


def block(samples: np.ndarray, pts_s: float, *, rate_hz: int = RATE, gap: bool = False) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=pts_s, captured_s=0.0, rate_hz=rate_hz, samples=samples, gap=gap)


def say(writer: MediaWriter, samples: np.ndarray, pts_s: float, *, gap: bool = False) -> list[SoundStart]:
    """Write sound in blocks of 10 ms; the starts that were told."""
    found = [
        writer.sound(block(samples[at : at + 480], pts_s + at / RATE, gap=gap and at == 0))
        for at in range(0, len(samples), 480)
    ]
    return [one for one in found if one is not None]


def decoded(path: Path) -> tuple[list[float], list[tuple[float, np.ndarray]]]:
    """Times of the pictures, and time and samples of each frame of sound, as libav reads what is there."""
    times_s, sounds = [], []
    with av.open(str(path)) as container:
        try:
            for frame in container.decode(*container.streams):
                if isinstance(frame, av.VideoFrame):
                    times_s.append(frame.time)
                else:
                    sounds.append((frame.time, frame.to_ndarray().reshape(-1)))
        except av.FFmpegError:
            pass  # the last packet is torn
    return times_s, sounds


@pytest.mark.parametrize("bits", [16, 24])
def test_sound_of_devices_is_exact_and_pictures_keep_their_times(tmp_path: Path, bits: int) -> None:
    path, samples = tmp_path / "a.mkv", device_samples(2.0, bits)
    times_s = 100.0 + np.cumsum(NOISE.uniform(0.004, 0.06, 60))
    with MediaWriter(path, width=64, height=48, audio_rate_hz=RATE, origin_s=100.0) as writer:
        assert say(writer, samples, 100.0) == [SoundStart(pts_s=100.0, sample=0, rate_hz=RATE, source_hz=RATE)]
        for time_s in times_s:
            writer.picture(quadrants(), float(time_s))
    pictures, blocks, _ = play(path)
    assert np.array_equal(samples_of(blocks), samples) and blocks[0].pts_s == 0.0
    assert np.abs(np.array([one.pts_s for one in pictures]) - (times_s - 100.0)).max() <= 0.0005 + 1e-9
    assert np.abs(pictures[30].rgb.astype(int) - quadrants()).mean() < 3
    assert path.stat().st_mode & 0o777 == 0o600


def test_other_samples_are_kept_within_half_a_step_of_24_bits(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    samples = NOISE.uniform(-1.0, 1.0, RATE).astype(np.float32)
    samples[:3] = 1.5, -1.5, np.nan
    with MediaWriter(path, audio_rate_hz=RATE) as writer:
        say(writer, samples, 0.0)
    assert writer.clipped == 2
    found = samples_of(play(path)[1])
    assert np.abs(found[3:] - samples[3:]).max() <= 2**-24
    assert found[:3] == pytest.approx([1.0, -1.0, 0.0], abs=2**-23)


@pytest.mark.parametrize("size", [(64, 48), (65, 47), (1, 1), (161, 90)])
def test_sizes_need_not_be_even(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.mkv"
    with MediaWriter(path, width=size[0], height=size[1]) as writer:
        for index in range(3):
            writer.picture(np.full((size[1], size[0], 3), 60 * index, np.uint8), index / 30)
    pictures, _, _ = play(path)
    height, width = pictures[0].rgb.shape[:2]
    assert (width, height) == (size[0] + size[0] % 2, size[1] + size[1] % 2)
    assert pictures[2].rgb.mean() == pytest.approx(120, abs=3)


def test_pictures_of_another_size_are_fitted_in(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with MediaWriter(path, width=64, height=48) as writer:
        writer.picture(grey(200), 0.0)
        writer.picture(np.full((48, 32, 3), 200, np.uint8), 0.1)
        writer.picture(np.full((480, 1280, 3), 200, np.uint8), 0.2)
    narrow, wide = (one.rgb for one in play(path)[0][1:])
    assert narrow[24, 32].mean() == pytest.approx(200, abs=6) and narrow[24, 4].mean() < 20
    assert wide[24, 4].mean() == pytest.approx(200, abs=6) and wide[3, 32].mean() < 20


def test_gaps_stay_gaps_and_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    one, two, three = device_samples(0.25), device_samples(0.5), device_samples(0.3)
    with MediaWriter(path, audio_rate_hz=RATE) as writer:
        starts = say(writer, one, 0.0)
        starts += say(writer, two, 30.25, gap=True)  # as after a suspend
        starts += say(writer, three, 30.76, gap=True)  # 10 ms later
    assert [start.pts_s for start in starts] == [0.0, 30.25, 30.76]
    _, sounds = decoded(path)
    together = np.concatenate([samples for _, samples in sounds]) / 2**31
    for start, samples in zip(starts, (one, two, three), strict=True):
        assert np.array_equal(together[start.sample : start.sample + len(samples)].astype(np.float32), samples)
    jumps = [after[0] for before, after in pairwise(sounds) if after[0] - before[0] > 1.0]
    assert jumps == [pytest.approx(30.25, abs=0.001)]
    assert len(together) < len(one) + len(two) + len(three) + 2 * 4608


def test_another_rate_is_resampled_into_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    low = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000).astype(np.float32) * 0.5
    with MediaWriter(path, audio_rate_hz=RATE) as writer:
        say(writer, np.zeros(RATE // 2, np.float32), 0.0)
        start = None
        for at in range(0, len(low), 160):
            start = writer.sound(block(low[at : at + 160], 0.5 + at / 16_000, rate_hz=16_000)) or start
        assert start == SoundStart(pts_s=0.5, sample=RATE // 2, rate_hz=RATE, source_hz=16_000)
        say(writer, np.zeros(RATE // 10, np.float32), 1.5)
    found = samples_of(play(path)[1])
    expected = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32) * 0.5
    assert len(found) == pytest.approx(RATE // 2 + RATE + RATE // 10, abs=2)
    assert np.abs(found[RATE // 2 + 500 : RATE + 20_000] - expected[500 : RATE // 2 + 20_000]).max() < 0.01


def write_long(path: Path) -> tuple[np.ndarray, np.ndarray, list[tuple[int, float]]]:
    """Five seconds of pictures and sound; times of pictures, samples, and the size of the file at times."""
    samples = device_samples(5.0)
    times_s = np.cumsum(np.random.default_rng(5).uniform(0.02, 0.05, 140))
    sizes = []
    with MediaWriter(path, width=64, height=48, audio_rate_hz=RATE) as writer:
        at = 0
        for index, time_s in enumerate(times_s):
            writer.picture(grey(index), float(time_s))
            until = min(len(samples), round(time_s * RATE))
            if until > at:
                writer.sound(block(samples[at:until], at / RATE))
                at = until
            sizes.append((writer.bytes_written, float(time_s)))
    return times_s, samples, sizes


def test_a_file_cut_anywhere_plays_up_to_the_cut(tmp_path: Path) -> None:
    path, cut = tmp_path / "a.mkv", tmp_path / "cut.mkv"
    times_s, samples, sizes = write_long(path)
    content = path.read_bytes()
    for size in [*(one for one, _ in sizes[40::20]), *NOISE.integers(sizes[40][0], len(content), 20)]:
        cut.write_bytes(content[:size])
        found_s, sounds = decoded(cut)
        assert np.abs(np.array(found_s) - times_s[: len(found_s)]).max(initial=0.0) <= 0.0011
        together = np.concatenate([one for _, one in sounds] or [np.zeros(0)]) / 2**31
        assert np.array_equal(together.astype(np.float32), samples[: len(together)])
    for size, time_s in sizes[::10]:  # what had been written by then
        cut.write_bytes(content[:size])
        if time_s > 1.0:
            found_s, sounds = decoded(cut)
            assert found_s[-1] > time_s - 1.0 and sounds[-1][0] > time_s - 1.0


def test_a_stream_that_has_stopped_does_not_hold_the_other_one_back(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.mkv", tmp_path / "copy.mkv"
    with MediaWriter(path, width=64, height=48, audio_rate_hz=RATE) as writer:
        say(writer, device_samples(1.0), 0.0)
        for index in range(150):
            writer.picture(grey(index), index / 30)
        copy.write_bytes(path.read_bytes())
    assert decoded(copy)[0][-1] > 149 / 30 - 1.0


def test_a_picture_to_begin_with_comes_every_second(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with MediaWriter(path, width=64, height=48) as writer:
        for index in range(100):
            writer.picture(grey(index), index / 25)
    with av.open(str(path)) as container:
        keys_s = [one.time for one in container.decode(video=0) if one.key_frame]
    assert all(after - before <= 1.05 for before, after in pairwise(keys_s)) and len(keys_s) == 4


def test_a_full_disk_is_told_and_what_was_written_plays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        writer = MediaWriter(disk / "a.mkv", width=320, height=240, audio_rate_hz=RATE)
        index = 0
        with pytest.raises(OutputError, match="No space left"):
            for index in range(1000):
                writer.picture(NOISE.integers(0, 255, (240, 320, 3), np.uint8), index / 30)
                writer.sound(block(device_samples(1 / 30), index / 30))
        with pytest.raises(OutputError, match="No space left"):
            writer.close()
        writer.close()
        found_s, sounds = decoded(disk / "a.mkv")
        assert len(found_s) >= 2 and found_s[-1] > index / 30 - 1.0
        assert sounds


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").write_bytes(b"mine")
    with pytest.raises(OutputError, match="File exists"):
        MediaWriter(tmp_path / "a.mkv", width=64, height=48)
    assert (tmp_path / "a.mkv").read_bytes() == b"mine"
    with pytest.raises(OutputError, match="cannot write"):
        MediaWriter(tmp_path / "none" / "a.mkv", width=64, height=48)
    with pytest.raises(ValueError, match="pictures or sound"):
        MediaWriter(tmp_path / "b.mkv")


def test_it_is_noticed_when_the_file_is_deleted(tmp_path: Path) -> None:
    with MediaWriter(tmp_path / "a.mkv", width=64, height=48) as writer:
        writer.picture(grey(0), 0.0)
        assert not writer.gone
        os.unlink(tmp_path / "a.mkv")
        assert writer.gone


def test_mp4_begins_with_its_index_and_has_no_holes_in_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with MediaWriter(path, width=65, height=48, audio_rate_hz=RATE, encoding=MP4) as writer:
        say(writer, device_samples(0.5) * 0.5, 0.1)
        say(writer, device_samples(0.5) * 0.5, 2.0, gap=True)
        for index in range(75):
            writer.picture(quadrants(65, 48), index / 30)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    found_s, sounds = decoded(path)
    assert found_s == pytest.approx([index / 30 for index in range(75)], abs=1e-4)
    loud = np.concatenate([samples for _, samples in sounds])
    assert len(loud) == pytest.approx(2.5 * RATE, abs=2048)
    assert np.abs(loud[round(0.8 * RATE) : round(1.8 * RATE)]).max() < 0.05


def test_a_long_gap_that_is_filled_takes_no_memory(tmp_path: Path) -> None:
    waiting, most = 0, 0

    class Counting(SoundTrack):
        def _encode(self, samples: np.ndarray, at: int | None = None) -> list[Any]:
            nonlocal waiting, most
            found = super()._encode(samples, at)
            waiting += len(found)
            most = max(most, waiting)
            return found

    def mux(packets: list[Any]) -> None:
        nonlocal waiting
        waiting -= len(packets)

    with av.open(str(tmp_path / "a.mp4"), "w", format="mp4") as container:
        track = Counting(container, MP4, 8000)
        track.encode(block(np.zeros(800, np.float32), 0.0, rate_hz=8000), 0.0, mux)
        track.encode(block(np.zeros(800, np.float32), 60.0, rate_hz=8000, gap=True), 60.0, mux)
    assert waiting == 0 and most < 10


def test_an_independent_player_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    write_long(path)
    try:
        probe = subprocess.run(
            ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames",
             "-of", "csv=p=0", str(path)], capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("needs ffprobe")
    assert probe.stderr == "" and probe.stdout.split() == ["h264,140", "flac,52"]
