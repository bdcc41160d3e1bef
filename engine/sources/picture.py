"""Any decoded picture to upright RGB."""

from __future__ import annotations

import logging
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Matrix = tuple[int, int, int, int]

_log = logging.getLogger(__name__)


class PictureConverter:
    """Converts pictures of any size and pixel format; keeps the scaler between pictures."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()
        self._turn: tuple[int, Matrix | None] | None = None

    def to_rgb(self, frame: av.VideoFrame) -> Rgb | None:
        """Upright picture, [height, width, 3] u8, transparency ignored; None where libav cannot convert it."""
        try:
            # One thread: a picture converts in about a millisecond, and the other cores have stages of their own.
            converted = self._reformatter.reformat(frame, format="rgb24", threads=1)
        except av.FFmpegError as error:
            _log.warning("a picture in the format %s cannot be converted: %s", frame.format.name, error)
            return None
        rgb: Rgb = converted.to_ndarray()  # type: ignore[assignment]
        return turn_upright(rgb, self._matrix(frame))

    def _matrix(self, frame: av.VideoFrame) -> Matrix | None:
        """As `display_matrix`, read anew only where it can have changed.

        A frame whose side data was asked for is in a reference cycle (PyAV 18), so that its memory comes back only
        with the next full garbage collection: half a minute of pictures would keep 100 MB.
        """
        if self._turn is None or frame.rotation != self._turn[0]:
            self._turn = frame.rotation, display_matrix(frame)
        return self._turn[1]


def display_matrix(frame: av.VideoFrame) -> Matrix | None:
    """Linear part (a, b, c, d) of the matrix that says how to show the picture, or None for as it is.

    A point (x, y) of the stored picture belongs at (a x + c y, b x + d y), up to a shift;
    see libavutil/display.h and ISO/IEC 14496-12, 8.3.2.
    """
    try:
        side_data: Any = frame.side_data
    except ValueError:  # PyAV before 19 cannot list side data whose kind is new to it
        return _turned(frame.rotation)
    try:
        data = side_data["DISPLAYMATRIX"]
    except KeyError:
        return None
    matrix = np.frombuffer(data, np.int32, 9)
    return int(matrix[0]), int(matrix[1]), int(matrix[3]), int(matrix[4])


def turn_upright(rgb: Rgb, matrix: Matrix | None) -> Rgb:
    """Apply the nearest of the eight quarter turns and mirrorings.

    Examples
    --------
    >>> picture = np.zeros((2, 5, 3), np.uint8)
    >>> turn_upright(picture, (0, 65536, -65536, 0)).shape
    (5, 2, 3)
    """
    if matrix is None:
        return rgb
    a, b, c, d = matrix
    if max(abs(b), abs(c)) > max(abs(a), abs(d)):
        rgb = rgb.transpose(1, 0, 2)
        across, down = c, b
    else:
        across, down = a, d
    if across < 0:
        rgb = rgb[:, ::-1]
    if down < 0:
        rgb = rgb[::-1]
    return np.ascontiguousarray(rgb)


def _turned(counterclockwise_deg: int) -> Matrix:
    """Matrix of a turn by quarters."""
    cos, sin = [(1, 0), (0, 1), (-1, 0), (0, -1)][round(counterclockwise_deg / 90) % 4]
    return cos, -sin, sin, cos
