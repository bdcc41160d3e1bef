"""Pictures of single faces: cutting them out, resampling them and reading them from files."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.errors import DataError

CROP_SIZE = 112
"""Side of the crops that the tracker hands on, in pixels."""

FRAME_SIZE = 1.09
"""Side of FER2013's square frame, in units of :func:`face_scale` of the detector's box."""

FRAME_SHIFT = (0.02, -0.01)
"""How far the centre of FER2013's frame lies right of and below the centre of the box, in the same unit.

Both are medians over 300 faces of FER+ dev, measured by
``python -m tools.measure_face_framing DATA/faces/ferplus_dev.npz``.
"""

MOST_PIXELS = 40_000_000
"""Of a picture in a file: a few kilobytes can declare one that fills the memory."""

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM")

Picture = NDArray[np.uint8]
Box = Sequence[float] | NDArray[np.float64]
"""x0, y0, x1, y1 in pixels; more values may follow."""


def face_scale(box: Box) -> float:
    """Size of a face: the geometric mean of the sides of its box.

    >>> face_scale((10, 10, 50, 100))
    60.0
    """
    return float(np.sqrt((box[2] - box[0]) * (box[3] - box[1])))


def crop_face(rgb: Picture, box: Box, size: int = CROP_SIZE) -> Picture:
    """Cut a face out of a picture in the framing of FER2013.

    Parameters
    ----------
    rgb : [height, width, 3] u8
    box : x0, y0, x1, y1 of the face in pixels; it may reach out of the picture.
    size : side of the result.

    Returns
    -------
    [size, size, 3] u8; what lies outside of the picture repeats its border.

    Raises
    ------
    ValueError : the box is empty, or not finite.
    """
    if not np.isfinite(np.asarray(box)).all() or box[2] <= box[0] or box[3] <= box[1]:
        raise ValueError(f"a face box has x0 < x1 and y0 < y1, got {tuple(box)}")
    scale = face_scale(box)
    half = scale * FRAME_SIZE / 2
    x = (box[0] + box[2]) / 2 + scale * FRAME_SHIFT[0]
    y = (box[1] + box[3]) / 2 + scale * FRAME_SHIFT[1]
    return resize(cut(rgb, (x - half, y - half, x + half, y + half)), size)


def cut(picture: Picture, box: Box, outside: int | None = None) -> Picture:
    """The whole pixels of a box, at least one.

    What lies outside of the picture repeats its border, or has the level ``outside``.

    >>> cut(np.arange(9, dtype=np.uint8).reshape(3, 3), (-1, 0, 2, 2)).tolist()
    [[0, 0, 1], [3, 3, 4]]
    """
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = whole_pixels(box)
    if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
        return picture[y0:y1, x0:x1]
    if outside is None:
        top, left = (min(max(y0, 0), height - 1), min(max(x0, 0), width - 1))
        inner = picture[top : max(min(y1, height), top + 1), left : max(min(x1, width), left + 1)]
        above, before = min(max(-y0, 0), y1 - y0 - 1), min(max(-x0, 0), x1 - x0 - 1)
        below, after = y1 - y0 - inner.shape[0] - above, x1 - x0 - inner.shape[1] - before
        return np.pad(inner, ((above, below), (before, after), *[(0, 0)] * (picture.ndim - 2)), mode="edge")
    result = np.full((y1 - y0, x1 - x0, *picture.shape[2:]), outside, np.uint8)
    inner = picture[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    top, left = max(-y0, 0), max(-x0, 0)
    result[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return result


def resize(picture: Picture, width: int, height: int | None = None) -> Picture:
    """Resample to ``width`` by ``height`` (a square by default): area means to shrink, linear to enlarge."""
    return Raster(picture).resized(width, height).pixels


class Raster:
    """A picture that is resampled several times: what the resampling works on is made once.

    Parameters
    ----------
    picture : [height, width, 3] or [height, width] u8
    """

    __slots__ = ("_image", "_pixels", "size")

    def __init__(self, picture: Picture) -> None:
        self.size = (picture.shape[1], picture.shape[0])
        """Width and height."""
        self._pixels: Picture | None = picture
        self._image: Image.Image | None = None

    @property
    def pixels(self) -> Picture:
        """The picture as an array."""
        if self._pixels is None:
            self._pixels = np.asarray(self._image)
        return self._pixels

    def resized(self, width: int, height: int | None = None) -> Raster:
        """The whole of it in another size, as by `resize`."""
        size = (width, width if height is None else height)
        return self if size == self.size else Raster._of(_resample(self._loaded(), size))

    def part(self, box: Box, side: int, outside: int) -> Picture:
        """What `cut` cuts out, as a square of this side. [side, side, ...] u8."""
        x0, y0, x1, y1 = whole_pixels(box)
        if x0 >= 0 and y0 >= 0 and x1 <= self.size[0] and y1 <= self.size[1]:
            # A box given to Pillow's resize instead would round otherwise at its pixels' borders.
            return np.asarray(_resample(self._loaded().crop((x0, y0, x1, y1)), (side, side)))
        return resize(cut(self.pixels, box, outside), side)

    def _loaded(self) -> Image.Image:
        if self._image is None:
            self._image = Image.fromarray(np.ascontiguousarray(self.pixels))
        return self._image

    @classmethod
    def _of(cls, image: Image.Image) -> Raster:
        raster = cls.__new__(cls)
        raster.size, raster._image, raster._pixels = image.size, image, None
        return raster


def _resample(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    shrinks = size[0] <= image.width and size[1] <= image.height
    return image.resize(size, Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR)


def whole_pixels(box: Box) -> tuple[int, int, int, int]:
    """The box in whole pixels, at least one each way."""
    x0, y0 = round(box[0]), round(box[1])
    return x0, y0, max(round(box[2]), x0 + 1), max(round(box[3]), y0 + 1)


def square(picture: Picture) -> Picture:
    """Extend the shorter sides by repeating the border until the picture is square."""
    height, width = picture.shape[:2]
    if height == width:
        return picture
    side = max(height, width)
    x0, y0 = (width - side) // 2, (height - side) // 2
    return cut(picture, (x0, y0, x0 + side, y0 + side))


def grey_face(crop: Picture, size: int) -> Picture:
    """Luma (ITU-R BT.601) of a face crop. [h, w, 3] u8 -> [size, size] u8."""
    luma = np.asarray(Image.fromarray(np.ascontiguousarray(crop)).convert("L"))
    return resize(square(luma), size)


def open_picture(path: Path) -> Image.Image:
    """Open a picture of a common kind, of a size that is looked at before anything is decoded.

    Of the other kinds that Pillow knows, some are given to programs outside (EPS), and none hold photographs.

    Raises
    ------
    OSError, ValueError, SyntaxError
        When it is none, or too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our bound is lower
        try:
            image = Image.open(path, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise ValueError(str(error)) from error
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise ValueError(f"it has {image.width}x{image.height} pixels")
    return image


def load_face_image(path: Path) -> Picture:
    """Read an image of one cropped face.

    Returns
    -------
    [h, w, 3] u8, upright; transparent parts become black.

    Raises
    ------
    DataError : there is no such file, or it is not a readable image.
    """
    try:
        with open_picture(path) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I;16"):
                grey = (np.asarray(upright).astype(np.uint16) >> 8).astype(np.uint8)
                upright = Image.fromarray(grey)
            return np.asarray(upright.convert("RGB"))
    except FileNotFoundError:
        raise DataError(f"the face image {path} does not exist: check the path in the manifest") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(
            f"{path} cannot be read as an image ({error}): use a whole PNG or JPEG file of one cropped face"
        ) from error
