"""A recording in place of a camera and a microphone."""

from __future__ import annotations

from itertools import islice, takewhile
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SteppedClock
from engine.errors import SourceError
from engine.sources.device import CapturedPicture, CapturedSound, Device, EndOfDevice
from engine.sources.virtual import VirtualCamera, VirtualFile, VirtualMicrophone
from tests.sources.media import Writer, grey, play, samples_of, tone, write_clip

EPOCH_S = 500.0


def read(device: Device, most: int = 10_000) -> list:
    """What a device delivers until its end."""
    items: list = []
    try:
        while len(items) < most:
            item = device.read()
            if item is not None:
                items.append(item)
    except EndOfDevice:
        pass
    return items


def opened(device: Device) -> Device:
    device.open(EPOCH_S)
    return device


def test_items_come_when_their_time_has_come_with_the_stamps_of_the_file(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", "libx264", "flac")
    pictures, blocks, _ = play(path)
    for make, wanted in ((VirtualCamera, pictures), (VirtualMicrophone, blocks)):
        clock = SteppedClock(EPOCH_S)
        device = opened(make(VirtualFile(path), clock))
        for other in wanted:
            one = next(item for item in iter(device.read, 0) if item is not None)
            end_s = getattr(other, "end_s", other.pts_s)
            assert clock.now_s() == pytest.approx(EPOCH_S + end_s, abs=1e-6)
            assert one.pts_s == other.pts_s and one.captured_s == EPOCH_S + other.pts_s
            held = ("rgb", "rgb") if isinstance(one, CapturedPicture) else ("samples", "samples")
            assert np.array_equal(getattr(one, held[0]), getattr(other, held[1]))
        assert read(device) == []
        device.close()
        device.close()


def test_a_wait_is_short_so_that_a_stop_is_noticed(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        writer.mux(writer.add_video("mpeg4", [(0, grey(50)), (5000, grey(60))]))
    clock = SteppedClock(EPOCH_S)
    camera = opened(VirtualCamera(VirtualFile(tmp_path / "a.mkv"), clock))
    assert isinstance(camera.read(), CapturedPicture)
    before_s = clock.now_s()
    assert camera.read() is None and clock.now_s() - before_s <= 0.1 + 1e-9
    camera.close()


def test_what_is_known_of_the_file_is_known_before_it_is_opened(tmp_path: Path) -> None:
    file = VirtualFile(write_clip(tmp_path / "a.mp4"))
    about = VirtualCamera(file, SteppedClock()).about
    assert (about.name, about.nominal_hz, about.width, about.height) == ("a.mp4", 25.0, 64, 48)
    assert VirtualMicrophone(file, SteppedClock()).about.nominal_hz == 16000


@pytest.mark.parametrize(("video_s", "audio_s"), [(0.4, 0.6), (0.6, 0.4)])
def test_repeated_both_streams_begin_again_together(tmp_path: Path, video_s: float, audio_s: float) -> None:
    path = tmp_path / "a.mkv"
    with Writer(path) as writer:
        video = writer.add_video("mpeg4", [(40 * k, grey(10 * k)) for k in range(round(video_s * 25))])
        writer.mux(video, writer.add_audio("flac", tone(audio_s), block=1600))
    file = VirtualFile(path, repeat=True)
    assert file.period_s == pytest.approx(0.6, abs=0.01)
    clock = SteppedClock(EPOCH_S)
    pictures = read(opened(VirtualCamera(file, clock)), most=40)
    blocks = read(opened(VirtualMicrophone(file, SteppedClock(EPOCH_S))), most=20)
    for items in (pictures, blocks):
        times_s = [one.pts_s for one in items]
        assert times_s == sorted(set(times_s)) and times_s[-1] > 1.2
    turns = [one.pts_s for one in pictures if one.rgb.mean() < 5]
    assert np.diff(turns) == pytest.approx(file.period_s)
    gaps = [one.pts_s for one in blocks if one.gap]
    assert gaps == pytest.approx([turn * file.period_s for turn in range(1, 1 + len(gaps))]) and len(gaps) >= 2
    once = samples_of(takewhile(lambda one: one.pts_s < file.period_s - 1e-6, blocks))
    again = samples_of([one for one in blocks if file.period_s - 1e-6 <= one.pts_s < 2 * file.period_s - 1e-6])
    assert np.array_equal(once, again)


def test_opened_again_it_goes_on_where_time_is(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", "libx264", "flac", seconds=2.0)
    for repeat in (False, True):
        for make in (VirtualCamera, VirtualMicrophone):
            clock = SteppedClock(EPOCH_S)
            device = opened(make(VirtualFile(path, repeat=repeat), clock))
            first = read(device, most=3)
            device.close()
            clock.wait(device._never, 1.0)
            position_s = clock.now_s() - EPOCH_S
            device.open(EPOCH_S)
            after = read(device, most=3)
            assert after[0].pts_s >= position_s > first[-1].pts_s
            assert not isinstance(after[0], CapturedSound) or after[0].gap
            device.close()


def test_both_share_the_earlier_start(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with Writer(path) as writer:
        video = writer.add_video("mpeg4", [(7000 + 40 * k, grey(100)) for k in range(25)])
        writer.mux(video, writer.add_audio("flac", tone(1.0), start_ms=7200))
    file = VirtualFile(path)
    camera, microphone = VirtualCamera(file, SteppedClock(EPOCH_S)), VirtualMicrophone(file, SteppedClock(EPOCH_S))
    assert next(islice(read(opened(camera)), 1)).pts_s == 0.0
    assert next(islice(read(opened(microphone)), 1)).pts_s == pytest.approx(0.2, abs=2e-3)


def test_a_file_without_the_stream_is_refused(tmp_path: Path) -> None:
    silent = VirtualFile(write_clip(tmp_path / "a.mp4", audio=None))
    deaf = VirtualFile(write_clip(tmp_path / "a.wav", None, "pcm_s16le"))
    with pytest.raises(SourceError, match="no sound"):
        VirtualMicrophone(silent, SteppedClock())
    with pytest.raises(SourceError, match="no pictures"):
        VirtualCamera(deaf, SteppedClock())
