"""Draws what was found into pictures: emotions as bars, modalities, words and faces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.analysis.palette import label_colours
from engine.export.caption import draw_caption
from engine.export.panel import Colours, draw_panel
from engine.export.scene import Caption, Scene
from engine.stages import Seen
from engine.types import Prediction

Rgb: TypeAlias = NDArray[np.uint8]

_WIDTH, _HEIGHT = 430.0, 400.0
"""Size of a picture in which a unit of all measures is one pixel."""

_LEAST_UNIT, _LONGEST = 0.85, 4096.0
"""Smaller pictures than make a unit so large are enlarged, but none beyond that side."""

_MARGIN = 12
_OTHER_FACE = "#A4ABB5"
_NO_EMOTION = "#E7E9EC"


def readable_size(width: int, height: int) -> tuple[int, int]:
    """Size of a film, in pixels, even: as the pictures are, enlarged where they are too small for text.

    >>> readable_size(640, 360), readable_size(160, 120)
    ((640, 360), (454, 340))
    """
    readable = _LEAST_UNIT * max(_WIDTH / width, _HEIGHT / height)
    enlarged = max(1.0, min(readable, _LONGEST / max(width, height)))
    return _even(width * enlarged), _even(height * enlarged)


def _even(size: float) -> int:
    return max(2, 2 * round(size / 2))


class Overlay:
    """Draws scenes into pictures of one size.

    Parameters
    ----------
    width, height : of the pictures, in pixels.
    labels : the classes, in the order of the probabilities.
    modalities : what the models use.
    shown : the classes that get a bar; all where there are few.
    """

    def __init__(
        self,
        width: int,
        height: int,
        labels: tuple[str, ...],
        modalities: Sequence[str],
        shown: Sequence[str] | None = None,
    ) -> None:
        self._size = width, height
        self._unit = min(width / _WIDTH, height / _HEIGHT)
        self._colours = Colours(
            labels=label_colours(labels), shown=tuple(shown or labels), modalities=tuple(modalities)
        )
        self._panel: tuple[Prediction | None, Image.Image] | None = None
        self._caption: tuple[Caption, Image.Image] | None = None

    def draw(self, rgb: Rgb, scene: Scene, scale: tuple[float, float] = (1.0, 1.0)) -> Rgb:
        """The picture with a scene drawn into it, [height, width, 3] u8.

        Parameters
        ----------
        rgb : [height, width, 3] u8, not changed.
        scene : what holds.
        scale : pixels of this picture for one of the picture in which faces were found, across and down.
        """
        picture = Image.fromarray(rgb)
        if scene.seen is not None:
            self._draw_faces(picture, scene.seen, scene.prediction, scale)
        panel = self._panel_of(scene.prediction)
        margin = self._px(_MARGIN)
        top = self._size[1] - margin - panel.height
        picture.paste(panel, (margin, top), panel)
        if scene.caption is not None:
            self._draw_caption(picture, scene.caption, panel, top)
        return np.asarray(picture)

    def _px(self, units: float) -> int:
        return max(1, round(units * self._unit))

    def _panel_of(self, prediction: Prediction | None) -> Image.Image:
        if self._panel is None or self._panel[0] is not prediction:
            self._panel = prediction, draw_panel(prediction, self._colours, self._unit)
        return self._panel[1]

    def _draw_caption(self, picture: Image.Image, caption: Caption, panel: Image.Image, panel_top: int) -> None:
        """Beside the panel where there is room, else above it."""
        margin = self._px(_MARGIN)
        width, height = self._size
        beside = width - panel.width - 3 * margin
        room = beside if beside > width // 2 else width - 2 * margin
        if self._caption is None or self._caption[0] != caption:
            self._caption = caption, draw_caption(caption, room, self._unit)
        box = self._caption[1]
        if beside > width // 2:
            left = 2 * margin + panel.width + (room - box.width) // 2
            picture.paste(box, (left, height - margin - box.height), box)
        else:
            picture.paste(box, ((width - box.width) // 2, max(0, panel_top - margin - box.height)), box)

    def _draw_faces(
        self, picture: Image.Image, seen: Seen, prediction: Prediction | None, scale: tuple[float, float]
    ) -> None:
        pen = ImageDraw.Draw(picture, "RGBA")
        for other in seen.others:
            pen.rectangle(self._placed(other, scale), outline=f"{_OTHER_FACE}A0", width=self._px(1))
        if seen.box is None:
            return
        colour = _NO_EMOTION if prediction is None else self._colours.labels[prediction.top]
        x0, y0, x1, y1 = self._placed(seen.box, scale)
        pen.rectangle((x0, y0, x1, y1), outline=f"{colour}90", width=self._px(1))
        thick, long = self._px(3), min(self._px(22), (x1 - x0) / 3, (y1 - y0) / 3)
        for x, inward in ((x0, 1), (x1, -1)):
            for y, down in ((y0, 1), (y1, -1)):
                pen.rectangle(_ordered(x, y, x + inward * long, y + down * thick), fill=colour)
                pen.rectangle(_ordered(x, y, x + inward * thick, y + down * long), fill=colour)

    def _placed(self, box: Sequence[float], scale: tuple[float, float]) -> tuple[float, float, float, float]:
        """A box in pixels of this picture; what is far outside of it comes nearer, since files say anything."""
        width, height = self._size
        xs = [min(2.0 * width, max(-width, x * scale[0])) for x in (box[0], box[2])]
        ys = [min(2.0 * height, max(-height, y * scale[1])) for y in (box[1], box[3])]
        return _ordered(xs[0], ys[0], xs[1], ys[1])


def _ordered(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
