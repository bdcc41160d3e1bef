"""Files that are no recordings, cannot be read, are cut off or damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from engine.errors import SourceError
from engine.sources.media_file import MediaFile
from tests.sources.media import Writer, grey, play, samples_of, tone, write_clip


def cut(path: Path, share: float) -> Path:
    """Keep the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def noise_clip(path: Path, video: str | None = "mpeg4", audio: str | None = "flac", **options: object) -> Path:
    """Write a clip of 4 s that does not compress well, so that its bytes spread evenly over its time."""
    rng = np.random.default_rng(0)
    with Writer(path, **options) as writer:
        streams = []
        if video:
            shape = (48, 64, 3)
            pictures = [(40 * k, rng.integers(0, 255, shape).astype(np.uint8)) for k in range(100)]
            pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
            fast = {"deadline": "realtime", "cpu-used": "8"} if video == "libvpx" else {}
            streams.append(writer.add_video(video, pictures, pix_fmt=pix_fmt, gop_size=5, options=fast))
        if audio:
            streams.append(writer.add_audio(audio, rng.normal(0, 0.1, 64000).clip(-1, 1).astype(np.float32)))
        writer.mux(*streams)
    return path


def damage(path: Path, kind: str, chosen: Callable[[int], bool]) -> int:
    """Overwrite the chosen packets of a stream with 0xFF; returns how many."""
    with av.open(str(path)) as container:
        stream = (container.streams.video if kind == "video" else container.streams.audio)[0]
        spans = [(one.pos, one.size) for one in container.demux(stream) if one.size]
    data = bytearray(path.read_bytes())
    hit = [span for index, span in enumerate(spans) if chosen(index)]
    for position, size in hit:
        data[position + 16 : position + size] = b"\xff" * (size - 16)
    path.write_bytes(data)
    return len(hit)


def refused(path: Path, *words: str) -> None:
    with pytest.raises(SourceError) as caught:
        MediaFile(path)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message
    assert all(word in message for word in words), message


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.mp4", "does not exist", "check")


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    refused(tmp_path / "a.mp4", "empty")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    refused(tmp_path / "a.mp4", "is not a file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind the root user")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.wav", None, "pcm_s16le")
    path.chmod(0)
    refused(path, "permission")


def test_a_file_that_the_system_refuses_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_clip(tmp_path / "a.wav", None, "pcm_s16le")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    refused(path, "may not be read", "permission")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", b"this is no recording " * 50),
        ("notes.txt", b"hello\nworld\n" * 50),
        ("a.nfo", b"hello\nworld\n" * 50),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n" * 20),
        ("a.m3u8", b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n"),
        ("a.ffconcat", b"ffconcat version 1.0\nfile a.mp4\n"),
        ("a.zip", b"PK\x03\x04" + bytes(2000)),
        ("a.mp3", bytes(5000)),
        ("a.mp4", b"\x00"),
        ("a.wav", np.random.default_rng(3).bytes(5000)),
    ],
)
def test_what_is_not_a_recording(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, "mp4")


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_still_picture(tmp_path: Path, name: str) -> None:
    av.VideoFrame.from_ndarray(grey(90), "rgb24").save(str(tmp_path / name))
    refused(tmp_path / name, "not a recording")


@pytest.mark.parametrize("name", ["Ö ü %d?#&: clip.mp4", "-i.mp4", "http:a.mp4"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    if os.name == "nt":
        pytest.skip("this system forbids such names")
    pictures, blocks, source = play(write_clip(tmp_path / name))
    assert pictures and blocks and source.info.name == name


@pytest.mark.parametrize(
    ("name", "video", "audio", "options"),
    [
        ("a.mp4", "libx264", "aac", {"options": {"movflags": "faststart"}}),
        ("a.mov", "mpeg4", "pcm_s16le", {"options": {"movflags": "faststart"}}),
        ("a.mkv", "mpeg4", "flac", {}),
        ("a.webm", "libvpx", None, {}),
        ("a.wav", None, "pcm_s16le", {}),
        ("a.flac", None, "flac", {}),
        ("a.mp3", None, "libmp3lame", {}),
    ],
)
def test_a_cut_off_file_plays_as_far_as_it_goes(
    tmp_path: Path, name: str, video: str | None, audio: str | None, options: dict[str, object]
) -> None:
    path = cut(noise_clip(tmp_path / name, video, audio, **options), 0.6)
    pictures, blocks, source = play(path)
    ends_s = [stream[-1].pts_s for stream in (pictures, blocks) if stream]
    assert len(ends_s) == bool(video) + bool(audio)
    assert all(1.0 < end_s < 3.6 for end_s in ends_s)
    assert any("cut off" in note for note in source.notes), source.notes


def test_a_cut_off_avi_and_ogg(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.ogg") as writer:
        writer.mux(writer.add_audio("libopus", tone(4.0, 48000), rate_hz=48000))
    whole = play(tmp_path / "a.ogg")[2]
    assert whole.notes == ()
    for path in (tmp_path / "a.ogg", write_clip(tmp_path / "a.avi", "mjpeg", "pcm_s16le", seconds=4.0)):
        items = play(cut(path, 0.6))
        assert len(samples_of(items[1])) / items[1][0].rate_hz > 1.5
        assert any("cut off" in note for note in items[2].notes), items[2].notes


def test_a_recording_cut_off_before_its_index(tmp_path: Path) -> None:
    refused(cut(write_clip(tmp_path / "a.mp4"), 0.7), "cut off", "Copy it again")


@pytest.mark.parametrize(("name", "video", "audio"), [("a.mkv", "mpeg4", "flac"), ("a.mp4", "libx264", "aac")])
def test_damaged_sound_is_left_out_and_marked(tmp_path: Path, name: str, video: str, audio: str) -> None:
    path = noise_clip(tmp_path / name, video, audio)
    damage(path, "audio", lambda index: 10 <= index < 14)
    pictures, blocks, source = play(path)
    assert len(pictures) == 100
    assert blocks[-1].end_s == pytest.approx(4.0, abs=0.1)
    assert any(block.gap for block in blocks)
    assert any("of the sound" in note for note in source.notes), source.notes


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "ffv1"), ("a.mp4", "libx264"), ("a.mov", "mjpeg")])
def test_damaged_pictures_are_left_out(tmp_path: Path, name: str, codec: str) -> None:
    path = noise_clip(tmp_path / name, codec, "flac" if name == "a.mkv" else "alac")
    damage(path, "video", lambda index: 40 <= index < 50)
    pictures, blocks, source = play(path)
    assert 60 <= len(pictures) < 100
    assert pictures[-1].pts_s == pytest.approx(3.96, abs=0.01)
    assert not any(block.gap for block in blocks)
    assert any("of the pictures" in note for note in source.notes), source.notes


def test_a_damaged_file_gives_the_same_items_each_time(tmp_path: Path) -> None:
    path = noise_clip(tmp_path / "a.mp4", "libx264", "aac")
    damage(path, "video", lambda index: index % 7 == 3)
    first, second = play(path), play(path)
    assert first[2].notes == second[2].notes != ()
    assert len(first[0]) == len(second[0])
    for one, other in zip(first[0], second[0], strict=True):
        assert one.pts_s == other.pts_s and np.array_equal(one.rgb, other.rgb)


def test_a_time_stamp_far_behind_the_end_is_not_believed(tmp_path: Path) -> None:
    path = noise_clip(tmp_path / "a.mkv", options={"cluster_time_limit": "500"})
    data = bytearray(path.read_bytes())
    cluster = data.rfind(b"\x1f\x43\xb6\x75")
    stamp = data.index(b"\xe7\x82", cluster, cluster + 24) + 2
    data[stamp : stamp + 2] = b"\xff\xff"  # 65 s
    path.write_bytes(data)
    pictures, blocks, _ = play(path)
    assert len(pictures) == 100
    assert pictures[-1].pts_s < 5 and blocks[-1].end_s < 5


def test_a_hole_in_a_matroska_file(tmp_path: Path) -> None:
    path = noise_clip(tmp_path / "a.mkv")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = bytes(6000)
    path.write_bytes(data)
    pictures, blocks, _ = play(path)
    assert len(pictures) > 30 and len(blocks) > 20


def test_nothing_that_can_be_decoded(tmp_path: Path) -> None:
    path = noise_clip(tmp_path / "a.mkv", None, "flac")
    damage(path, "audio", lambda _: True)
    refused(path, "could be decoded")


def test_no_stream_to_play(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(grey(50), "rgb24")) + cover.encode())
    refused(tmp_path / "a.mp4", "neither")
