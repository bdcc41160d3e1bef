"""The panel of a film: the top emotion, a bar for each, and which modalities the models had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

from engine.analysis.palette import MODALITY_COLOURS, MODALITY_NAMES
from engine.export.cues import one_line
from engine.export.fonts import font
from engine.types import Prediction

_GROUND, _TRACK, _INK, _FAINT = "#1D2026D8", "#3B4049D8", "#E7E9EC", "#8A919C"
"""Those of the window in the dark, the first two with their opacity."""

_PALE = "#B9BEC6"

_FINE = 2
"""Drawn larger by this and reduced, so that corners are smooth."""

_PAD, _ROW, _TITLE, _FOOT = 10.0, 15.5, 27.0, 21.0
_WIDE, _NAME, _FIGURE = 190.0, 62.0, 38.0
_BAR, _ROUND = 8.0, 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What is drawn in which colour.

    Attributes
    ----------
    labels : colour of each class.
    shown : the classes that get a bar, in order.
    modalities : what the models use.
    """

    labels: Mapping[str, str]
    shown: tuple[str, ...]
    modalities: tuple[str, ...]


def draw_panel(prediction: Prediction | None, colours: Colours, unit: float) -> Image.Image:
    """The panel of a prediction, or of none; ``unit`` is the size of its measures in pixels."""
    scale = unit * _FINE
    height = 2 * _PAD + _TITLE + _ROW * len(colours.shown) + _FOOT
    size = round(_WIDE * scale), round(height * scale)
    panel = Image.new("RGBA", size, (29, 32, 38, 0))
    pen = ImageDraw.Draw(panel)
    pen.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), _ROUND * scale, fill=_GROUND)
    sheet = _Sheet(pen, scale)
    _draw_title(sheet, prediction, colours)
    for index, label in enumerate(colours.shown):
        _draw_bar(sheet, _PAD + _TITLE + _ROW * index, label, prediction, colours)
    _draw_modalities(sheet, height - _PAD - _FOOT / 2 + 2, prediction, colours.modalities)
    return panel.resize((size[0] // _FINE, size[1] // _FINE), Image.Resampling.BOX)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Draws in units."""

    pen: ImageDraw.ImageDraw
    scale: float

    def text(self, x: float, y: float, text: str, size: float, ink: str, anchor: str, *, bold: bool = False) -> None:
        """Write a text at a point."""
        face = font(round(size * self.scale), bold=bold, like=text)
        self.pen.text((x * self.scale, y * self.scale), text, fill=ink, font=face, anchor=anchor)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        """Draw a bar with round ends."""
        corners = tuple(value * self.scale for value in (x0, y0, x1, y1))
        self.pen.rounded_rectangle(corners, min(x1 - x0, y1 - y0) / 2 * self.scale, fill=fill)

    def fitted(self, text: str, size: float, width: float, *, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is wider than that."""
        face = font(round(size * self.scale), bold=bold, like=text)
        while text and face.getlength(text) > width * self.scale:
            text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
        return text


def _draw_title(sheet: _Sheet, prediction: Prediction | None, colours: Colours) -> None:
    middle = _PAD + _TITLE / 2 - 4
    if prediction is None:
        sheet.text(_PAD, middle, "no prediction", 13, _FAINT, "lm")
        return
    sheet.box(_PAD, middle - 7, _PAD + 4, middle + 7, colours.labels[prediction.top])
    name = sheet.fitted(one_line(prediction.top), 16, _WIDE - 2 * _PAD - 54, bold=True)
    sheet.text(_PAD + 10, middle, name, 16, _INK, "lm", bold=True)
    certainty = f"{100 * float(prediction.probabilities.max()):.0f} %"
    sheet.text(_WIDE - _PAD, middle, certainty, 16, _INK, "rm", bold=True)


def _draw_bar(sheet: _Sheet, top: float, label: str, prediction: Prediction | None, colours: Colours) -> None:
    middle = top + _ROW / 2
    first = prediction is not None and prediction.top == label
    sheet.text(_PAD, middle, sheet.fitted(one_line(label), 10.5, _NAME - 4), 10.5, _INK if first else _PALE, "lm")
    left, right = _PAD + _NAME, _WIDE - _PAD - _FIGURE
    sheet.box(left, middle - _BAR / 2, right, middle + _BAR / 2, _TRACK)
    if prediction is None or label not in prediction.labels:
        return  # nothing is not nought
    share = min(1.0, max(0.0, float(prediction.probabilities[prediction.labels.index(label)])))
    if share * (right - left) * sheet.scale >= 1:
        sheet.box(left, middle - _BAR / 2, left + share * (right - left), middle + _BAR / 2, colours.labels[label])
    sheet.text(_WIDE - _PAD, middle, f"{100 * share:.0f} %", 10.5, _INK if first else _PALE, "rm")


def _draw_modalities(sheet: _Sheet, middle: float, prediction: Prediction | None, modalities: tuple[str, ...]) -> None:
    """A dot for each: full where the models had it, hollow where not, struck out where it was switched off."""
    x = _PAD
    for name in ("video", "audio", "text"):
        if name not in modalities:
            continue
        there = prediction is not None and name in prediction.present
        muted = prediction is not None and name in prediction.muted
        ink = _INK if there else _FAINT
        dot = tuple(value * sheet.scale for value in (x, middle - 3.5, x + 7, middle + 3.5))
        if there:
            sheet.pen.ellipse(dot, fill=_lighter(MODALITY_COLOURS[name]))
        else:
            sheet.pen.ellipse(dot, outline=_FAINT, width=max(1, round(sheet.scale)))
        text = MODALITY_NAMES[name]
        sheet.text(x + 11, middle, text, 10.5, ink, "lm")
        wide = font(round(10.5 * sheet.scale), like=text).getlength(text) / sheet.scale
        if muted:
            line = tuple(value * sheet.scale for value in (x + 10, middle, x + 12 + wide, middle))
            sheet.pen.line(line, fill=ink, width=max(1, round(sheet.scale)))
        x += wide + 22


def _lighter(colour: str) -> str:
    """As the window shows modalities on a dark ground."""
    parts = (min(255, round(int(colour[at : at + 2], 16) * 1.35)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02X}" for part in parts)
