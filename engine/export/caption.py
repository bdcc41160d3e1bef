"""The words of a film: those that have been said bright, those to come faint."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PIL import Image, ImageDraw

from engine.export.fonts import font
from engine.export.scene import Caption

_GROUND, _SAID, _COMING = "#1D2026D8", "#FFFFFF", "#8A919C"
_SIZE, _LINE, _PAD, _ROUND = 14.0, 19.0, 8.0, 8.0
_LINES = 4
_FINE = 2


def draw_caption(caption: Caption, width: int, unit: float) -> Image.Image:
    """The box of a caption, at most ``width`` pixels wide; ``unit`` is the size of its measures in pixels."""
    scale = unit * _FINE
    size = round(_SIZE * scale)
    pad, line_px = round(_PAD * scale), round(_LINE * scale)
    lines = _wrapped(caption.words, size, width * _FINE - 2 * pad)[:_LINES]
    widest = max((_width(line, size) for line in lines), default=0.0)
    area = min(round(widest) + 2 * pad, width * _FINE), len(lines) * line_px + round(1.4 * pad)
    box = Image.new("RGBA", area, (29, 32, 38, 0))
    pen = ImageDraw.Draw(box)
    pen.rounded_rectangle((0, 0, area[0] - 1, area[1] - 1), _ROUND * scale, fill=_GROUND)
    said = caption.spoken
    for index, line in enumerate(lines):
        middle = 0.7 * pad + (index + 0.5) * line_px
        _draw_line(pen, line, said, size, (pad, middle))
        said -= len(line)
    return box.resize((max(1, area[0] // _FINE), max(1, area[1] // _FINE)), Image.Resampling.BOX)


def _draw_line(pen: ImageDraw.ImageDraw, line: Sequence[str], said: int, size: int, at: tuple[float, float]) -> None:
    """Each word in a font that can write it; lines of scripts that run leftward begin at the right."""
    leftward = _runs_leftward("".join(line))
    x = at[0] + (_width(line, size) if leftward else 0.0)
    for index, word in enumerate(line):
        face = font(size, like=word)
        ink = _SAID if index < said else _COMING
        pen.text((x, at[1]), word, fill=ink, font=face, anchor="rm" if leftward else "lm")
        step = face.getlength(word) + _space(size)
        x += -step if leftward else step


def _wrapped(words: Sequence[str], size: int, width: float) -> list[list[str]]:
    lines: list[list[str]] = []
    for word in words:
        if lines and _width([*lines[-1], word], size) <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _width(words: Sequence[str], size: int) -> float:
    return sum(font(size, like=word).getlength(word) for word in words) + _space(size) * (len(words) - 1)


def _space(size: int) -> float:
    return font(size).getlength(" ")


def _runs_leftward(text: str) -> bool:
    """Whether most of its letters belong to such a script.

    >>> _runs_leftward("hello"), _runs_leftward("\u0633\u0644\u0627\u0645")
    (False, True)
    """
    kinds = [unicodedata.bidirectional(one) for one in text]
    return sum(one in ("R", "AL") for one in kinds) > sum(one == "L" for one in kinds)
