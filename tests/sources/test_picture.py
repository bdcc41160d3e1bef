"""Pictures of every shape and format come out upright, in RGB."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from engine.sources.picture import turn_upright
from tests.sources.media import Writer, grey, play, quadrants

CORNERS = {"red": (220, 0, 0), "green": (0, 200, 0), "blue": (0, 0, 220), "white": (230, 230, 230)}


def corners(rgb: np.ndarray) -> list[str]:
    """Names of the colours of the quadrants: top left, top right, bottom left, bottom right."""
    height, width = rgb.shape[:2]
    names = []
    for y, x in ((1, 1), (1, 3), (3, 1), (3, 3)):
        colour = rgb[height * y // 4, width * x // 4].astype(int)
        names.append(min(CORNERS, key=lambda name: np.abs(colour - CORNERS[name]).sum()))
        assert np.abs(colour - CORNERS[names[-1]]).max() <= 12, f"{colour} is not {names[-1]}"
    return names


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ((0, False, False), ["red", "green", "blue", "white"]),
        ((90, False, False), ["green", "white", "red", "blue"]),
        ((180, False, False), ["white", "blue", "green", "red"]),
        ((-90, False, False), ["blue", "red", "white", "green"]),
        ((0, True, False), ["green", "red", "white", "blue"]),
        ((0, False, True), ["blue", "white", "red", "green"]),
    ],
)
def test_turned_recordings_come_out_upright(tmp_path: Path, turn: tuple[int, bool, bool], expected: list[str]) -> None:
    path = tmp_path / "a.mp4"
    with Writer(path) as writer:
        video = writer.add_video("libx264", [(40 * k, quadrants()) for k in range(5)], turn=turn, options={"crf": "5"})
        writer.mux(video)
    pictures, _, source = play(path)
    size = (48, 64) if abs(turn[0]) == 90 else (64, 48)
    assert (source.info.width, source.info.height) == size
    for picture in pictures:
        assert picture.rgb.shape == (size[1], size[0], 3)
        assert corners(picture.rgb) == expected


@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_all_eight_ways_to_hold_a_camera(quarter: int, mirrored: bool) -> None:
    rgb = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    cos, sin = [(1, 0), (0, 1), (-1, 0), (0, -1)][quarter]
    a, b, c, d = 65536 * cos, -65536 * sin, 65536 * sin, 65536 * cos
    if mirrored:
        a, c = -a, -c
    expected = np.rot90(rgb, quarter)
    upright = turn_upright(rgb, (a, b, c, d))
    assert np.array_equal(upright, expected[:, ::-1] if mirrored else expected)
    assert upright.flags.c_contiguous


@pytest.mark.parametrize("size", [(63, 47), (65, 33), (17, 99), (2, 2), (1, 1)])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        picture = np.full((size[1], size[0], 3), 128, np.uint8)
        writer.mux(writer.add_video("ffv1", [(40 * k, picture) for k in range(3)], pix_fmt="yuv420p"))
    pictures, _, source = play(tmp_path / "a.mkv")
    assert len(pictures) == 3 and (source.info.width, source.info.height) == size
    assert all(one.rgb.shape == (size[1], size[0], 3) and np.abs(one.rgb - 128.0).max() <= 3 for one in pictures)


@pytest.mark.parametrize(
    ("suffix", "codec", "pix_fmt"),
    [
        ("mkv", "ffv1", "yuv444p"),
        ("mkv", "ffv1", "yuv422p10le"),
        ("mkv", "ffv1", "yuva420p"),
        ("mkv", "ffv1", "bgr0"),
        ("mkv", "ffv1", "bgra"),
        ("mkv", "ffv1", "gbrp12le"),
        ("mp4", "libx264", "yuv420p10le"),
        ("mov", "png", "rgba"),
        ("mov", "png", "rgb48be"),
        ("mov", "qtrle", "rgb24"),
        ("avi", "mjpeg", "yuvj444p"),
        ("avi", "rawvideo", "bgr24"),
        ("webm", "libvpx-vp9", "yuv420p"),
    ],
)
def test_pixel_formats_keep_their_colours(tmp_path: Path, suffix: str, codec: str, pix_fmt: str) -> None:
    path = tmp_path / f"a.{suffix}"
    options = {"crf": "5"} if codec.startswith("lib") else {"qscale": "1"} if codec == "mjpeg" else {}
    with Writer(path) as writer:
        pictures = [(40 * k, quadrants()) for k in range(3)]
        video = writer.add_video(codec, pictures, pix_fmt=pix_fmt, time_base=Fraction(1, 25), options=options)
        writer.mux(video)
    decoded, _, _ = play(path)
    assert len(decoded) == 3
    assert all(corners(one.rgb) == ["red", "green", "blue", "white"] for one in decoded)


@pytest.mark.parametrize("pix_fmt", ["gray", "gray10le", "gray16le"])
def test_grey_pictures(tmp_path: Path, pix_fmt: str) -> None:
    with Writer(tmp_path / "a.mkv") as writer:
        writer.mux(writer.add_video("ffv1", [(0, grey(60)), (40, grey(180))], pix_fmt=pix_fmt))
    decoded, _, _ = play(tmp_path / "a.mkv")
    assert [one.rgb.mean() for one in decoded] == pytest.approx([60, 180], abs=3)
    assert all(np.ptp(one.rgb, axis=2).max() <= 2 for one in decoded)


def test_palette_pictures(tmp_path: Path) -> None:
    palette = np.zeros((256, 4), np.uint8)
    palette[:4] = [(255, 220, 0, 0), (255, 0, 200, 0), (255, 0, 0, 220), (255, 230, 230, 230)]
    index = np.zeros((48, 64), np.uint8)
    index[:24, 32:], index[24:, :32], index[24:, 32:] = 1, 2, 3
    with Writer(tmp_path / "a.mov") as writer:
        frames = [(40 * k, av.VideoFrame.from_ndarray((index, palette), "pal8")) for k in range(3)]
        writer.mux(writer.add_video("png", frames, pix_fmt="pal8"))
    decoded, _, _ = play(tmp_path / "a.mov")
    assert len(decoded) == 3
    assert all(corners(one.rgb) == ["red", "green", "blue", "white"] for one in decoded)


@pytest.mark.parametrize(("space", "code"), [("bt709", 1), ("smpte170m", 6)])
def test_the_colour_matrix_of_the_file_is_used(tmp_path: Path, space: str, code: int) -> None:
    from av.video.reformatter import Colorspace

    target = Colorspace.ITU709 if space == "bt709" else Colorspace.ITU601
    frames = []
    for k in range(3):
        rgb = av.VideoFrame.from_ndarray(quadrants(), "rgb24")
        frame = rgb.reformat(format="yuv444p", dst_colorspace=target)
        frame.colorspace = code
        frames.append((40 * k, frame))
    with Writer(tmp_path / "a.mp4") as writer:
        writer.mux(writer.add_video("libx264", frames, pix_fmt="yuv444p", colorspace=code, options={"crf": "5"}))
    decoded, _, _ = play(tmp_path / "a.mp4")
    assert all(corners(one.rgb) == ["red", "green", "blue", "white"] for one in decoded)
