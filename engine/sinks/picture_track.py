"""Encodes pictures of any size into one stream, each at its time."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.container import OutputContainer

    from engine.sinks.encoding import Encoding

_BT601 = 6
"""Number of the colour matrix in the H.264 standard; with it the file says what it means at every size."""


class PictureTrack:
    """The stream of pictures of a medium.

    Its size is even, since colour has half the resolution: an odd picture gets its last row or column twice. Pictures
    of another size are fitted into it, with black at the sides.

    Parameters
    ----------
    container, encoding : where and how.
    width, height : of the pictures.
    """

    def __init__(self, container: OutputContainer, encoding: Encoding, width: int, height: int) -> None:
        self.size = (width, height)
        self._even = (width + width % 2, height + height % 2)
        stream: Any = container.add_stream(encoding.picture_codec, rate=30, options=dict(encoding.picture_options))
        stream.width, stream.height = self._even
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, encoding.ticks_hz)
        context.gop_size = 100_000  # key pictures are asked for by time
        context.colorspace, context.color_range = _BT601, ColorRange.MPEG
        context.color_primaries = context.color_trc = _BT601
        self._stream = stream
        self._ticks_hz = encoding.ticks_hz
        self._key_every = round(encoding.key_every_s * encoding.ticks_hz)
        self._next_key = -math.inf
        self._last = -1
        self._converter = VideoReformatter()
        self._fitting = VideoReformatter()
        self.count = 0

    def encode(self, rgb: NDArray[np.uint8], time_s: float) -> list[Any]:
        """Encode a picture, [height, width, 3] u8, at a time of the file, at least a tick after the one before."""
        tick = max(round(time_s * self._ticks_hz), self._last + 1)
        frame = self._converter.reformat(
            av.VideoFrame.from_ndarray(self._fitted(rgb), format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts, frame.time_base = tick, Fraction(1, self._ticks_hz)
        frame.pict_type = PictureType.NONE
        if tick >= self._next_key:
            frame.pict_type = PictureType.I
            self._next_key = tick + self._key_every
        self._last = tick
        self.count += 1
        packets: list[Any] = self._stream.encode(frame)
        return packets

    def finish(self) -> list[Any]:
        """What the encoder still has."""
        packets: list[Any] = self._stream.encode(None)
        return packets

    def _fitted(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = rgb.shape[:2]
        if (width, height) != self.size:
            rgb = self._scaled(rgb)
        if self.size != self._even:
            rgb = np.pad(rgb, ((0, self._even[1] - rgb.shape[0]), (0, self._even[0] - rgb.shape[1]), (0, 0)), "edge")
        return np.ascontiguousarray(rgb)

    def _scaled(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = rgb.shape[:2]
        scale = min(self.size[0] / width, self.size[1] / height)
        inner = max(1, round(width * scale)), max(1, round(height * scale))
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        small = self._fitting.reformat(frame, width=inner[0], height=inner[1], threads=1).to_ndarray()
        out = np.zeros((self.size[1], self.size[0], 3), np.uint8)
        x, y = (self.size[0] - inner[0]) // 2, (self.size[1] - inner[1]) // 2
        out[y : y + inner[1], x : x + inner[0]] = small
        return out
