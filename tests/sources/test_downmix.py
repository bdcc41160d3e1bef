"""Sound of every layout, sample format and rate becomes mono f32 at its own rate."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from engine.sources.downmix import mono_weights, to_mono
from tests.sources.media import Writer, play, samples_of, tone


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])
def test_sample_formats(tmp_path: Path, codec: str) -> None:
    with Writer(tmp_path / "a.wav") as writer:
        writer.mux(writer.add_audio(codec, tone(0.5)))
    _, blocks, _ = play(tmp_path / "a.wav")
    samples = samples_of(blocks)
    assert samples.dtype == np.float32
    assert samples == pytest.approx(tone(0.5), abs=1 / 100 if codec == "pcm_u8" else 1e-4)


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_f32le"])
@pytest.mark.parametrize("rate_hz", [8000, 11025, 44100, 48000, 96000])
def test_any_rate_is_kept(tmp_path: Path, codec: str, rate_hz: int) -> None:
    with Writer(tmp_path / "a.wav") as writer:
        writer.mux(writer.add_audio(codec, tone(0.3, rate_hz), rate_hz=rate_hz))
    _, blocks, source = play(tmp_path / "a.wav")
    assert source.info.audio_rate_hz == rate_hz and {block.rate_hz for block in blocks} == {rate_hz}
    assert len(samples_of(blocks)) == round(0.3 * rate_hz)


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac", "aac"])
def test_stereo_is_the_mean_of_both_sides(tmp_path: Path, codec: str) -> None:
    left, right = tone(0.5, hz=300), tone(0.5, hz=500, level=0.25)
    with Writer(tmp_path / "a.mka") as writer:
        writer.mux(writer.add_audio(codec, np.stack([left, right]), layout="stereo"))
    _, blocks, _ = play(tmp_path / "a.mka")
    mono, expected = samples_of(blocks), (left + right) / 2
    if codec == "aac":
        assert np.sqrt(np.mean(mono**2)) == pytest.approx(np.sqrt(np.mean(expected**2)), rel=0.05)
    else:
        assert mono == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("codec", "layout"),
    [("pcm_s16le", layout) for layout in ("2.1", "quad", "5.0", "5.1", "5.1(side)", "7.1")]
    + [("flac", layout) for layout in ("quad", "5.0", "5.1", "7.1")],
)
def test_surround_weighs_its_channels_by_place(tmp_path: Path, codec: str, layout: str) -> None:
    names = [channel.name for channel in av.AudioLayout(layout).channels]
    channels = np.stack([tone(0.2, hz=100 * (k + 2), level=0.3) for k in range(len(names))])
    with Writer(tmp_path / "a.mkv") as writer:
        writer.mux(writer.add_audio(codec, channels, layout=layout))
    with av.open(str(tmp_path / "a.mkv")) as container:
        stored = [channel.name for channel in next(container.decode(audio=0)).layout.channels]
    weights = mono_weights(tuple(stored), len(names))
    _, blocks, _ = play(tmp_path / "a.mkv")
    assert samples_of(blocks) == pytest.approx(weights @ channels, abs=1e-4)


def test_weights_prefer_the_centre_and_drop_low_frequency_effects() -> None:
    weights = mono_weights(("FL", "FR", "FC", "LFE", "SL", "SR"), 6)
    assert weights.sum() == pytest.approx(1) and weights[3] == 0
    assert weights[2] > weights[0] == weights[1] > weights[4] == weights[5]
    assert mono_weights(("FC",), 1).tolist() == [1]
    assert mono_weights(("?", "?", "?", "?"), 4).tolist() == [0.25] * 4
    assert mono_weights((), 2).tolist() == [0.5, 0.5]


def test_loud_and_broken_floats_stay_in_range() -> None:
    samples = np.array([[2.0, -3.0, np.nan, np.inf, -np.inf, 0.25]], np.float32)
    frame = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
    assert to_mono(frame).tolist() == [1, -1, 0, 1, -1, 0.25]
