"""Each bench really runs, with as little as it can."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.assets import sample_path
from engine.bench import encoder, face, fusion, hearing, live, mfcc, pipeline, words
from engine.bench.bench import BenchSettings
from engine.bench.media import as_camera, in_blocks, pictures, sound
from engine.bench.rows import Row
from engine.config import SessionConfig
from engine.errors import SourceError
from engine.types import VideoFrame
from tests.fakes import fake_components
from tests.sources.media import write_clip

ONCE = BenchSettings(rounds=1, quick=True)


@pytest.fixture(autouse=True)
def torch_threads() -> Iterator[None]:
    """Baselines make PyTorch work on one thread; other tests get theirs back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the sample."""
    from benchmarks.repeat import cut

    path = tmp_path_factory.mktemp("bench") / "clip.mkv"
    cut(sample_path(), path, 3.0)
    return path


needs_mtcnn = pytest.mark.skipif(find_spec("facenet_pytorch") is None, reason="the baseline is not installed")


def compared(row: Row) -> None:
    assert row.ours is not None and row.baseline is not None and row.ours.count == row.baseline.count == 1
    assert row.against and row.ratio is not None and row.ratio > 0


def test_fusion() -> None:
    long, short = fusion.STAGE.run(ONCE)
    for row in (long, short):
        compared(row)
        assert row.bar is not None and row.bar.at_least == 3.0


def test_mfcc_and_hearing() -> None:
    (row,) = mfcc.STAGE.run(ONCE)
    compared(row)
    (row,) = hearing.STAGE.run(ONCE)
    assert row.ours is not None and row.baseline is None and row.met is None


def test_mfcc_of_both_ways_are_the_same() -> None:
    bench = mfcc.MfccBench(ONCE)
    bench.prepare()
    assert np.isfinite(bench.baseline()[0]).all()  # type: ignore[index]
    assert sum(len(block.values) for blocks in bench.ours() for block in blocks) > 80  # type: ignore[attr-defined]


@needs_mtcnn
def test_face(clip: Path) -> None:
    time, agreed = face.STAGE.run(BenchSettings(rounds=2, quick=True, file=clip))
    assert time.ours is not None and time.ours.count == 2 and time.ratio_of == "mean"
    assert agreed.value == 100.0 and agreed.met is True


@needs_mtcnn
def test_where_there_is_no_face_that_is_told(tmp_path: Path) -> None:
    grey = write_clip(tmp_path / "grey.mp4")
    with pytest.raises(SourceError, match="no face"):
        list(face.STAGE.run(BenchSettings(rounds=1, file=grey)))


def test_encoder() -> None:
    bench = encoder.EncoderBench(ONCE, "bundled")
    bench.prepare()
    (row,) = bench.measure(bench.effort(ONCE))
    compared(row)
    assert bench.baseline().shape == (2048,)  # type: ignore[attr-defined]


def test_words(clip: Path) -> None:
    time, speed = words.STAGE.run(BenchSettings(rounds=1, file=clip))
    assert time.ours is not None and speed.value == pytest.approx(1 / time.ours.p50_s)


@needs_mtcnn
def test_pipeline(clip: Path) -> None:
    time, speed = pipeline.STAGE.run(BenchSettings(rounds=1, quick=True, file=clip))
    compared(time)
    assert speed.value == pytest.approx(1 / time.ours.p50_s)  # type: ignore[union-attr]
    assert speed.met is (speed.value >= 6)  # type: ignore[operator]


def test_live_over_virtual_devices(clip: Path, tmp_path: Path) -> None:
    recording = live.imitate_devices(clip, tmp_path)
    components = fake_components(recognizer=None)
    lived = live.live(recording, components, SessionConfig(), 1.5, settle_s=0.1)
    found = {row.what.partition(",")[0]: row for row in live.rows(lived, "off", off=True)}
    delay = found["camera frame to new distribution"]
    assert delay.ours is not None and delay.ours.count >= 2 and min(delay.ours.wall_s) > 0
    assert found["missed 3 Hz face samples"].value == 0
    use = found["processor use"]
    assert use.value is not None and use.value > 0 and use.bar is not None and use.bar.at_most == 0.6
    (*_, beside) = live.rows(lived, "on", off=False)
    assert beside.bar is None


def test_a_session_without_predictions_is_no_measurement() -> None:
    nothing = live.Lived(watch=live.LatencyWatch(), seconds=1.0, cores=0.1, lost={}, lost_before={})
    with pytest.raises(SourceError, match="longer"):
        list(live.rows(nothing, "off", off=True))


def test_a_recording_that_lacks_a_stream_is_told(tmp_path: Path) -> None:
    silent, dark = write_clip(tmp_path / "silent.mp4", audio=None), write_clip(tmp_path / "dark.m4a", video=None)
    with pytest.raises(SourceError, match="no sound"):
        sound(silent)
    with pytest.raises(SourceError, match="no pictures"):
        pictures(dark, 6.0)
    for one in (silent, dark):
        with pytest.raises(SourceError, match="both devices"):
            live.imitate_devices(one, tmp_path)


def test_pictures_get_the_shape_of_a_cameras_without_being_cut_or_stretched() -> None:
    wide = np.zeros((360, 640, 3), np.uint8)
    wide[0], wide[-1], wide[:, 100] = 50, 60, 200
    shown = as_camera(wide)
    assert shown.shape == (480, 640, 3) and np.array_equal(shown[60:420], wide)
    assert (shown[:60] == wide[0]).all() and (shown[420:] == wide[-1]).all()
    assert as_camera(np.zeros((800, 300, 3), np.uint8)).shape == (480, 640, 3)


def test_pictures_are_those_of_the_recording(clip: Path) -> None:
    found = pictures(clip, 6.0, 1.0)
    assert len(found) == 6 and all(isinstance(one, VideoFrame) for one in found)


def test_sound_goes_on_over_and_over() -> None:
    blocks = in_blocks(np.arange(250, dtype=np.float32), 1000, 0.1)
    found = [next(blocks) for _ in range(4)]
    assert [float(one.samples[0]) for one in found] == [0, 100, 0, 100]
    assert [one.pts_s for one in found] == pytest.approx([0, 0.1, 0.2, 0.3])
    with pytest.raises(SourceError, match="longer"):
        next(in_blocks(np.zeros(10, np.float32), 1000, 0.1))
