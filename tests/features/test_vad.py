"""Voice activity: silero-vad's own results, from very quiet recordings too, and nothing where nobody speaks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import AssetError
from engine.features.level import Leveller
from engine.features.speech import VoiceFrame
from engine.features.vad import VoiceActivity, find_silero
from engine.types import AudioBlock, FloatArray
from tests.conftest import shared_data


def block(samples: FloatArray, pts_s: float = 0.0, gap: bool = False) -> AudioBlock:
    return AudioBlock(
        seq=0, pts_s=pts_s, captured_s=0.0, rate_hz=16_000, samples=np.asarray(samples, np.float32), gap=gap
    )


def listen(samples: FloatArray, sizes: Sequence[int] = (16_000,), *, level: bool = True) -> list[VoiceFrame]:
    activity, frames, at, turn = VoiceActivity(level=level), [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        frames += activity.feed(block(samples[at : at + size], at / 16_000))
        at, turn = at + size, turn + 1
    return frames + activity.flush()


def speech(name: str = "speech/ravdess/actor_01/03-01-05-01-01-01-01.flac") -> FloatArray:
    import soundfile

    samples, rate_hz = soundfile.read(shared_data(name), dtype="float32")
    assert rate_hz == 16_000
    return samples  # type: ignore[no-any-return]


def glide(seconds: float) -> FloatArray:
    t = np.arange(round(seconds * 16_000)) / 16_000
    tone = sum(np.sin(2 * np.pi * harmonic * (120 * t + 15 * t**2)) / harmonic for harmonic in range(1, 20))
    return (0.1 * tone * (t % 0.7 < 0.5)).astype(np.float32)


def test_equals_the_package_of_silero() -> None:
    samples = speech()
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            silero = pytest.importorskip("silero_vad")
            model = silero.load_silero_vad(onnx=True)
        frames = samples[: len(samples) // 512 * 512].reshape(-1, 512)
        expected = [model(torch.from_numpy(frame.copy()), 16_000).item() for frame in frames]
    finally:
        torch.set_num_threads(threads)
    found = [frame.probability for frame in listen(samples, level=False)]
    np.testing.assert_allclose(found[: len(expected)], expected, atol=1e-6)
    assert max(expected) > 0.9


def test_does_not_import_torch() -> None:
    code = (
        "import sys; from engine.features.vad import VoiceActivity; VoiceActivity();"
        "sys.exit('torch' in sys.modules or 'silero_vad' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=20), length=st.integers(1, 16_000))
def test_does_not_depend_on_the_split(sizes: list[int], length: int) -> None:
    samples = glide(1.0)[:length]
    assert listen(samples, sizes) == listen(samples)


def test_frames_follow_each_other_and_the_last_one_is_short() -> None:
    frames = listen(glide(1.0))
    assert len(frames) == 32
    assert [frame.pts_s for frame in frames[1:]] == [frame.end_s for frame in frames[:-1]]
    assert frames[-1].end_s == 1.0
    assert frames[0].end_s == 0.032


@pytest.mark.parametrize(("pts_s", "flag"), [(3.0, False), (1.0, True)])
def test_gap_resets_the_network(pts_s: float, flag: bool) -> None:
    activity = VoiceActivity(level=False)
    frames = activity.feed(block(glide(1.0))) + activity.feed(block(glide(1.0), pts_s, gap=flag)) + activity.flush()
    once = [frame.probability for frame in listen(glide(1.0), level=False)]
    assert [frame.probability for frame in frames] == once * 2
    assert frames[32].pts_s == pts_s


@pytest.mark.parametrize("attenuation_db", [0, 20, 40])
def test_quiet_speech_is_found(attenuation_db: float) -> None:
    frames = listen(speech() * np.float32(10 ** (-attenuation_db / 20)))
    assert sum(frame.probability > 0.5 for frame in frames) * 0.032 > 0.8


def test_gain_brings_speech_to_the_usual_level() -> None:
    samples = speech() * np.float32(0.01)
    frames = listen(samples)
    gained = np.concatenate([samples[k * 512 : (k + 1) * 512] * frame.gain for k, frame in enumerate(frames)])
    loudest = np.sqrt(np.square(gained[: len(gained) // 512 * 512].reshape(-1, 512)).mean(axis=1).max())
    assert 20 * np.log10(loudest) == pytest.approx(-26, abs=1)
    assert np.abs(gained).max() < 1


@pytest.mark.parametrize("level_db", [-90, -70, -50, -20])
def test_steady_noise_is_not_raised(level_db: float) -> None:
    samples = np.random.default_rng(0).standard_normal((600, 512)) * 10 ** (level_db / 20)
    leveller = Leveller()
    assert max(leveller.gain(frame.astype(np.float32), 0.032) for frame in samples) < 4


def test_digital_silence_is_not_raised() -> None:
    leveller = Leveller()
    assert {leveller.gain(np.zeros(512, np.float32), 0.032) for _ in range(100)} == {1.0}


def test_needs_16_khz() -> None:
    with pytest.raises(ValueError, match="resample it"):
        VoiceActivity().feed(
            AudioBlock(seq=0, pts_s=0, captured_s=0, rate_hz=8000, samples=np.zeros(100, dtype=np.float32))
        )


def test_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AssetError, match="pip install silero-vad"):
        find_silero()
