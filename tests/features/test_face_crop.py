"""Cutting out and reading faces."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import DataError
from engine.features.face_crop import CROP_SIZE, Raster, crop_face, cut, grey_face, load_face_image, resize, square


@given(
    st.tuples(st.integers(1, 7), st.integers(1, 7)),
    st.tuples(*[st.integers(-12, 12)] * 2),
    st.tuples(*[st.integers(1, 11)] * 2),
)
def test_cut_repeats_the_border_or_fills(shape: tuple[int, int], low: tuple[int, int], sides: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    (x0, y0), (width, height) = low, sides
    rows, columns = np.arange(y0, y0 + height), np.arange(x0, x0 + width)
    expected = picture[rows.clip(0, shape[0] - 1)[:, None], columns.clip(0, shape[1] - 1)[None]]
    box = (x0, y0, x0 + width, y0 + height)
    assert np.array_equal(cut(picture, box), expected)
    outside = ((rows < 0) | (rows >= shape[0]))[:, None] | ((columns < 0) | (columns >= shape[1]))[None]
    assert np.array_equal(cut(picture, box, 7), np.where(outside[..., None], 7, expected))


@given(
    st.tuples(*[st.floats(-20, 60)] * 2),
    st.floats(1, 60),
    st.sampled_from([5, 12, 24]),
)
def test_a_part_of_a_raster_is_what_is_cut_and_resized(low: tuple[float, float], side: float, size: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (45, 50, 3), dtype=np.uint8)
    box = (*low, low[0] + side, low[1] + side)
    assert np.array_equal(Raster(picture).part(box, size, 7), resize(cut(picture, box, 7), size))


def test_a_raster_can_be_resized_again() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (45, 50, 3), dtype=np.uint8)
    half = Raster(picture).resized(25, 20)
    assert half.size == (25, 20) and half.resized(25, 20) is half
    assert np.array_equal(half.resized(10).pixels, resize(resize(picture, 25, 20), 10))


def test_a_crop_is_centred_on_the_face_with_a_margin() -> None:
    rgb = np.zeros((400, 400, 3), np.uint8)
    rgb[150:250, 160:240] = 255
    crop = crop_face(rgb, (160, 150, 240, 250))
    assert crop.shape == (CROP_SIZE, CROP_SIZE, 3)
    rows, columns = np.nonzero(crop[..., 0] > 127)
    assert abs(rows.mean() - CROP_SIZE / 2) < 4 and abs(columns.mean() - CROP_SIZE / 2) < 4
    assert np.ptp(columns) < CROP_SIZE - 8


@pytest.mark.parametrize(
    "box", [(-40, -50, 30, 40), (80, 90, 180, 200), (-50, -50, 200, 200), (10.2, 10.2, 10.9, 10.9)]
)
def test_crops_at_the_border(box: tuple[float, ...]) -> None:
    rgb = np.full((100, 120, 3), 77, np.uint8)
    assert (crop_face(rgb, box) == 77).all()


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (9, 5, 5, 9), (0, 0, float("nan"), 9), (0, 0, float("inf"), 9)])
def test_an_empty_box_is_an_error(box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="face box"):
        crop_face(np.zeros((20, 20, 3), np.uint8), box)


def test_shrinking_takes_the_mean_of_areas() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    assert np.ptp(resize(board, 32)) == 0


def test_a_grey_face_of_the_right_size_passes_unchanged() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8)
    assert np.array_equal(grey_face(np.repeat(grey[..., None], 3, axis=2), 48), grey)


def test_luma_of_the_primaries() -> None:
    colours = np.eye(3, dtype=np.uint8) * 255
    assert [int(grey_face(np.full((4, 4, 3), colour, np.uint8), 2)[0, 0]) for colour in colours] == [76, 150, 29]


def test_square_keeps_the_proportions() -> None:
    tall = np.arange(6, dtype=np.uint8).reshape(3, 2)
    assert square(tall).tolist() == [[0, 0, 1], [2, 2, 3], [4, 4, 5]]


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "LA", "I;16"])
def test_load_face_image(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "face.png"
    if mode == "I;16":
        Image.fromarray(np.full((30, 20), 40_000, np.uint16)).save(path)
    else:
        Image.new("RGB", (20, 30), (200, 200, 200)).convert(mode).save(path)
    loaded = load_face_image(path)
    assert loaded.shape == (30, 20, 3) and loaded.dtype == np.uint8
    assert loaded.mean() > 150


def test_load_face_image_turns_it_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (20, 30)).save(tmp_path / "face.jpg", exif=exif)
    assert load_face_image(tmp_path / "face.jpg").shape == (20, 30, 3)


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text", "truncated"])
def test_unreadable_face_images(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "face.png"
    if kind == "folder":
        path.mkdir()
    elif kind == "truncated":
        noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(noise).save(path)
        path.write_bytes(path.read_bytes()[:3000])
    elif kind != "missing":
        path.write_bytes(b"" if kind == "empty" else b"not an image")
    with pytest.raises(DataError, match=r"face\.png"):
        load_face_image(path)


def test_importing_does_not_redirect_qt() -> None:
    code = (
        "import os; before = dict(os.environ); from engine.features.face_detect import FaceDetector; FaceDetector();"
        "names = ('QT_QPA_PLATFORM_PLUGIN_PATH', 'QT_QPA_FONTDIR');"
        "assert all(before.get(n) == os.environ.get(n) for n in names), names"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_pictures_that_would_fill_the_memory_or_run_a_program_are_refused(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (7_000, 60_000):
        size = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        (tmp_path / "large.png").write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        )
        with pytest.raises(DataError, match="pixels"):
            load_face_image(tmp_path / "large.png")
    Image.new("RGB", (30, 20)).save(tmp_path / "face.eps")
    with pytest.raises(DataError, match="cannot be read as an image"):
        load_face_image(tmp_path / "face.eps")
