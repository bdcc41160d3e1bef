"""Formats, times and the order of what a media file delivers."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame
from tests.conftest import shared_data
from tests.sources.media import Writer, grey, play, samples_of, tone, write_clip

FORMATS = [
    ("clip.mp4", "libx264", "aac", 16000),
    ("clip.mov", "mpeg4", "pcm_s16le", 44100),
    ("clip.mkv", "ffv1", "flac", 22050),
    ("clip.webm", "libvpx", "libopus", 48000),
    ("clip.avi", "mjpeg", "pcm_s16le", 32000),
    ("clip.wav", None, "pcm_s16le", 8000),
    ("clip.flac", None, "flac", 96000),
    ("clip.mp3", None, "libmp3lame", 44100),
    ("clip.ogg", None, "libopus", 48000),
    ("clip.m4a", None, "aac", 44100),
    ("silent.mp4", "libx264", None, None),
]


@pytest.mark.parametrize(("name", "video", "audio", "rate_hz"), FORMATS)
def test_each_format_gives_pictures_and_sound_in_order(
    tmp_path: Path, name: str, video: str | None, audio: str | None, rate_hz: int | None
) -> None:
    path = write_clip(tmp_path / name, video, audio, rate_hz=rate_hz or 16000)
    pictures, blocks, source = play(path)

    info = source.info
    assert (info.name, info.has_video, info.has_audio) == (name, bool(video), bool(audio))
    assert info.duration_s == pytest.approx(1.0, abs=0.11)
    assert source.notes == () and not source.live
    assert len(pictures) == (25 if video else 0)
    assert info.audio_rate_hz == rate_hz
    if video:
        assert (info.width, info.height, info.frame_rate_hz) == (64, 48, 25.0)
        assert all(one.rgb.shape == (48, 64, 3) and not one.rgb.flags.writeable for one in pictures)
        assert np.diff([one.pts_s for one in pictures]) == pytest.approx(0.04, abs=1e-3)
        levels = [one.rgb.mean() for one in pictures]
        assert levels == pytest.approx([20 + 200 * k // 25 for k in range(25)], abs=4)
    if audio:
        assert len(samples_of(blocks)) / blocks[0].rate_hz == pytest.approx(1.0, abs=0.11)
        assert not any(block.gap for block in blocks)
        assert np.sqrt(np.mean(samples_of(blocks) ** 2)) == pytest.approx(0.5 / np.sqrt(2), abs=0.03)


def test_a_variable_frame_rate_keeps_every_time_stamp(tmp_path: Path) -> None:
    at_ms = [0, 33, 50, 400, 410, 900]
    with Writer(tmp_path / "a.mp4") as writer:
        writer.mux(writer.add_video("libx264", [(ms, grey(100)) for ms in at_ms]))
    pictures, _, _ = play(tmp_path / "a.mp4")
    assert [one.pts_s for one in pictures] == pytest.approx([ms / 1000 for ms in at_ms], abs=1e-3)


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mov"])
@pytest.mark.parametrize(("video_ms", "audio_ms"), [(0, 500), (500, 0)])
def test_a_stream_may_start_later_than_the_other(tmp_path: Path, suffix: str, video_ms: int, audio_ms: int) -> None:
    path = tmp_path / f"a.{suffix}"
    with Writer(path) as writer:
        video = writer.add_video("mpeg4", [(video_ms + 40 * k, grey(100)) for k in range(25)])
        writer.mux(video, writer.add_audio("flac" if suffix == "mkv" else "alac", tone(1.0), start_ms=audio_ms))
    pictures, blocks, source = play(path)
    assert pictures[0].pts_s == pytest.approx(video_ms / 1000, abs=2e-3)
    assert blocks[0].pts_s == pytest.approx(audio_ms / 1000, abs=2e-3)
    assert source.notes == ()


def test_media_time_zero_is_the_earliest_start(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        video = writer.add_video("mpeg4", [(7000 + 40 * k, grey(100)) for k in range(25)])
        writer.mux(video, writer.add_audio("flac", tone(1.0), start_ms=7200))
    pictures, blocks, source = play(tmp_path / "a.mkv", frame_hz=5)
    assert [one.pts_s for one in pictures] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert blocks[0].pts_s == pytest.approx(0.2, abs=2e-3)
    assert source.notes == ()


def test_a_gap_in_the_sound_is_marked(tmp_path: Path) -> None:
    starts_ms = [0, 64, 128, 1000, 1064]
    with Writer(tmp_path / "a.mkv") as writer:
        writer.mux(writer.add_audio("pcm_s16le", tone(5 * 0.064), starts_ms=starts_ms))
    _, blocks, source = play(tmp_path / "a.mkv")
    assert [block.pts_s for block in blocks] == pytest.approx([ms / 1000 for ms in starts_ms])
    assert [block.gap for block in blocks] == [False, False, False, True, False]
    assert source.notes == ()


@pytest.mark.parametrize("frame_hz", [3, 6, 7.5, 100])
def test_sampling_takes_the_first_picture_at_or_after_each_tick(tmp_path: Path, frame_hz: float) -> None:
    path = write_clip(tmp_path / "a.mkv", "libx264", "flac", seconds=2.0)
    everything, all_blocks, _ = play(path)
    pictures, blocks, _ = play(path, frame_hz=frame_hz)
    chosen: list[VideoFrame] = []
    for tick in range(int(2 * frame_hz) + 1):
        at_or_after = [one for one in everything if one.pts_s >= tick / frame_hz - 1e-9]
        if at_or_after and (not chosen or at_or_after[0] is not chosen[-1]):
            chosen.append(at_or_after[0])
    assert [one.pts_s for one in pictures] == [one.pts_s for one in chosen]
    assert all(np.array_equal(one.rgb, other.rgb) for one, other in zip(pictures, chosen, strict=True))
    assert len(blocks) == len(all_blocks)


@pytest.mark.parametrize("frame_hz", [0, -1, float("nan"), float("inf")])
def test_a_senseless_rate_is_refused(tmp_path: Path, frame_hz: float) -> None:
    with pytest.raises(ValueError, match="frame_hz"):
        MediaFile(write_clip(tmp_path / "a.wav", None, "pcm_s16le"), frame_hz=frame_hz)


def test_the_same_file_gives_the_same_items(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4")
    with MediaFile(path) as source:
        first, second = list(source), list(source)
    third = list(MediaFile(path))
    for again in (second, third):
        assert len(again) == len(first)
        for one, other in zip(first, again, strict=True):
            assert (type(one), one.pts_s, one.seq) == (type(other), other.pts_s, other.seq)
            values = [item.rgb if isinstance(item, VideoFrame) else item.samples for item in (one, other)]
            assert np.array_equal(*values)


def test_items_are_stamped_when_decoded(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4")
    source = MediaFile(path)
    before_s = time.monotonic()
    for item in source:
        assert before_s <= item.captured_s <= time.monotonic()


def test_closing_ends_the_iteration_and_twice_is_harmless(tmp_path: Path) -> None:
    with MediaFile(write_clip(tmp_path / "a.mp4")) as source:
        items = iter(source)
        next(items)
        source.close()
        assert list(items) == []
        source.close()
        assert list(source) == []
        assert source.notes == ()


def test_leaving_the_iteration_early_is_harmless(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4")
    for _ in MediaFile(path):
        break
    path.unlink()


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    for name, codec in (("a.mp3", "libmp3lame"), ("a.flac", "flac"), ("a.m4a", "aac")):
        with av.open(str(tmp_path / name), "w", format="mp4" if name.endswith("m4a") else None) as container:
            sound = container.add_stream(codec, rate=16000)
            cover = container.add_stream("mjpeg", rate=25)
            cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            sound.codec_context.layout = "mono"
            frame = av.VideoFrame.from_ndarray(grey(50), "rgb24")
            frame.pts, frame.time_base = 0, Fraction(1, 25)
            packets = cover.encode(frame) + cover.encode()
            for at in range(0, 16000, 1152):
                block = av.AudioFrame.from_ndarray(tone(1.0)[None, at : at + 1152], "fltp", "mono")
                block.rate, block.pts, block.time_base = 16000, at, Fraction(1, 16000)
                resampler = av.AudioResampler(format=sound.codec_context.format.name, layout="mono", rate=16000)
                packets += [packet for one in resampler.resample(block) for packet in sound.encode(one)]
            for packet in packets + sound.encode():
                container.mux(packet)
        with av.open(str(tmp_path / name)) as container:
            assert container.streams.video, "the file has a cover"
        pictures, blocks, source = play(tmp_path / name)
        assert (source.info.has_video, source.info.has_audio, pictures) == (False, True, [])
        assert blocks and source.notes == ()


def test_the_real_clip() -> None:
    pictures, blocks, source = play(shared_data("clips/ravdess_01-01-01-01-01-01-01.mp4"), frame_hz=6)
    assert (source.info.width, source.info.height, source.info.audio_rate_hz) == (1280, 720, 48000)
    assert len(pictures) == 20 and pictures[-1].pts_s == pytest.approx(3.2, abs=0.1)
    assert blocks[-1].end_s == pytest.approx(3.3, abs=0.1)
    assert source.notes == () and all(isinstance(block, AudioBlock) for block in blocks)
