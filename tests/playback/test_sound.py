"""Sound from any time on, at any speed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.playback.sound import SoundReader
from engine.playback.tempo import Tempo
from tests.playback.fakes import write_numbered
from tests.sources.media import Writer, tone, write_clip

RATE_HZ = 16000


def clicks(seconds: int, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A click at each full second but the first."""
    samples = np.zeros(seconds * rate_hz, np.float32)
    for second in range(1, seconds):
        samples[second * rate_hz : second * rate_hz + 40] = 0.8
    return samples


def write_sound(path: Path, samples: np.ndarray, codec: str = "flac", **options: object) -> Path:
    with Writer(path) as writer:
        writer.mux(writer.add_audio(codec, samples, **options))  # type: ignore[arg-type]
    return path


def read_all(reader: SoundReader) -> np.ndarray:
    parts = [np.zeros((0, reader.channels), np.float32)]
    while len(part := reader.read(1000)):
        parts.append(part)
    return np.concatenate(parts)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mkv", "a.mov"])
@pytest.mark.parametrize("start_s", [0.0, 0.5, 1.23456, 3.7])
def test_a_seek_is_exact_to_the_sample(tmp_path: Path, name: str, start_s: float) -> None:
    samples = np.random.default_rng(0).normal(0, 0.2, 4 * RATE_HZ).clip(-1, 1).astype(np.float32)
    path = write_sound(tmp_path / name, samples, "flac" if name in ("a.flac", "a.mkv") else "pcm_s16le")
    with SoundReader(path, RATE_HZ, 1) as reader:
        reader.seek(2.0)
        reader.read(100)
        reader.seek(start_s)
        heard = read_all(reader)[:, 0]
    assert heard == pytest.approx(samples[round(start_s * RATE_HZ) :], abs=1e-3)


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.ogg", "libopus")])
def test_compressed_sound_is_where_it_belongs(tmp_path: Path, name: str, codec: str) -> None:
    path = write_sound(tmp_path / name, clicks(8, 48000), codec, rate_hz=48000)
    with SoundReader(path, 48000) as reader:
        for start_s in (0.0, 3.3, 6.9):
            reader.seek(start_s)
            loud = np.flatnonzero(np.abs(read_all(reader)[:, 0]) > 0.3)
            assert start_s + loud[0] / 48000 == pytest.approx(np.ceil(start_s + 0.01), abs=0.004)


def test_another_rate_and_both_channels(tmp_path: Path) -> None:
    left = tone(2.0, RATE_HZ, 0.5)
    path = write_sound(tmp_path / "a.wav", np.stack([left, 0 * left]), "pcm_s16le", layout="stereo")
    with SoundReader(path, 44100) as reader:
        heard = read_all(reader)
    assert heard.shape == (88200, 2) and heard.dtype == np.float32
    assert heard[:, 0] == pytest.approx(tone(2.0, 44100, 0.5), abs=0.02)
    assert np.abs(heard[:, 1]).max() < 1e-3


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.8, 1.0, 1.5, 2.0, 4.0])
def test_speed_keeps_pitch_and_time(tmp_path: Path, speed: float) -> None:
    path = write_sound(tmp_path / "a.flac", tone(4.0))
    with SoundReader(path, RATE_HZ, 1) as reader:
        reader.seek(0.5, speed)
        heard = read_all(reader)[:, 0]
        assert reader.position_s == pytest.approx(0.5 + len(heard) / RATE_HZ * speed)
    assert len(heard) / RATE_HZ * speed == pytest.approx(3.5, abs=0.12 * max(speed, 1))
    middle = heard[2000:-2000] if len(heard) > 12000 else heard[1000:-1000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE_HZ / len(middle) == pytest.approx(440, abs=4)


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0, 4.0])
def test_at_another_speed_what_is_heard_is_what_is_shown(tmp_path: Path, speed: float) -> None:
    path = write_sound(tmp_path / "a.wav", clicks(12, 48000), "pcm_s16le", rate_hz=48000)
    with SoundReader(path, 48000, 1) as reader:
        reader.seek(0.4, speed)
        loud = np.flatnonzero(np.abs(read_all(reader)[:, 0]) > 0.2)
    first = loud[np.diff(loud, prepend=-(10**9)) > 0.2 * 48000 / speed]
    off_s = 0.4 + first * speed / 48000
    assert np.abs(off_s - np.round(off_s)).mean() < 0.025


def test_gaps_are_silent_and_shift_nothing(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        starts_ms = [0, 64, 1000, 1064]
        writer.mux(writer.add_audio("pcm_s16le", np.full(4 * 1024, 0.5, np.float32), starts_ms=starts_ms))
    with SoundReader(tmp_path / "a.mkv", RATE_HZ, 1) as reader:
        heard = read_all(reader)[:, 0]
    assert len(heard) == RATE_HZ + 2048
    loud = np.abs(heard) > 0.1
    assert loud[:2048].all() and loud[RATE_HZ:].all() and not loud[2048:RATE_HZ].any()


def test_sound_that_begins_after_the_pictures(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.mkv", [40 * k for k in range(50)], sound=tone(1.0), start_ms=600)
    with SoundReader(path, RATE_HZ, 1) as reader:
        reader.seek(0.2)
        heard = read_all(reader)[:, 0]
        assert np.abs(heard[: round(0.39 * RATE_HZ)]).max() == 0.0
        assert np.abs(heard[round(0.41 * RATE_HZ) :]).max() > 0.4
        assert reader.end_s == pytest.approx(1.6, abs=2e-3)


def test_behind_the_end_and_without_sound(tmp_path: Path) -> None:
    with SoundReader(write_sound(tmp_path / "a.wav", tone(1.0), "pcm_s16le"), RATE_HZ) as reader:
        reader.seek(5.0)
        assert reader.read(100).shape == (0, 2)
        reader.seek(0.0)
        assert reader.read(100).shape == (100, 2)
    with SoundReader(write_clip(tmp_path / "b.mp4", "libx264", None), RATE_HZ) as reader:
        assert reader.read(100).shape == (0, 2) and reader.end_s == 0.0


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    reader = SoundReader(write_sound(tmp_path / "a.wav", tone(1.0), "pcm_s16le"), RATE_HZ)
    reader.close()
    reader.close()


def test_tempo_gives_the_same_for_any_pieces() -> None:
    samples = np.random.default_rng(0).normal(0, 0.2, (16000, 2)).astype(np.float32)
    whole = Tempo(16000, 2, 1.7)
    once = np.concatenate([whole.push(samples), whole.finish()])
    piecewise = Tempo(16000, 2, 1.7)
    parts = [piecewise.push(part) for part in np.array_split(samples, 37)]
    assert np.array_equal(np.concatenate([*parts, piecewise.finish()]), once)
