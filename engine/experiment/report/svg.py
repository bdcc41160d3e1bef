"""Inline SVG, drawn by a few small functions. Colours and fonts come from the style sheet of the page, by class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

MINUS = "\u2212"
Points = Sequence[tuple[float, float]]


class Drawing:
    """An SVG picture that grows by its parts.

    Parameters
    ----------
    width, height : pixels at natural size; a narrow page scales it down
    label : what is to be seen, for those who cannot see it
    """

    def __init__(self, width: float, height: float, label: str) -> None:
        self.width, self.height = width, height
        self._parts = [
            f'<svg viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
            f' role="img" aria-label="{escape(label)}">'
        ]

    def render(self) -> str:
        """The picture as SVG, to be put into a page as it is."""
        return "".join([*self._parts, "</svg>"])

    def line(self, x0: float, y0: float, x1: float, y1: float, css: str) -> None:
        """A straight line."""
        self._parts.append(f'<path class="{css}" d="M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}"/>')

    def path(self, points: Points, css: str) -> None:
        """A line through points."""
        if points:
            self._parts.append(f'<path class="{css}" d="{_through(points)}"/>')

    def area(self, upper: Points, lower: Points, css: str) -> None:
        """What lies between two lines."""
        if len(upper) > 1:
            self._parts.append(f'<path class="{css}" d="{_through([*upper, *reversed(lower)])}Z"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str, opacity: float | None = None) -> None:
        """A rectangle."""
        strength = "" if opacity is None else f' fill-opacity="{opacity:.3f}"'
        self._parts.append(
            f'<rect class="{css}" x="{number(x)}" y="{number(y)}" width="{number(width)}"'
            f' height="{number(height)}"{strength}/>'
        )

    def dot(self, x: float, y: float, radius: float, css: str) -> None:
        """A disc."""
        self._parts.append(f'<circle class="{css}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>')

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start", turn: float = 0) -> None:
        """Words whose base line starts, ends or has its middle at a point; ``turn`` in degrees, clockwise."""
        turned = f' transform="rotate({number(turn)} {number(x)} {number(y)})"' if turn else ""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        kind = f' class="{css}"' if css else ""
        self._parts.append(f'<text{kind} x="{number(x)}" y="{number(y)}"{where}{turned}>{escape(words)}</text>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Maps a range of values to a range of pixels.

    Examples
    --------
    >>> Scale(low=0, high=10, start=100, end=200)(5)
    150.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Pixel of a value."""
        width = self.high - self.low or 1.0
        return self.start + (value - self.low) / width * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers inside a range, at most ``most`` of them where that is possible.

    Examples
    --------
    >>> ticks(0.13, 0.92)
    (0.2, 0.4, 0.6, 0.8)
    >>> ticks(5, 5)
    (5,)
    """
    if not high > low:
        return (low,)
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10, 20) if (high - low) / (factor * power) <= most)
    first, last = math.ceil(round(low / step, 9)), math.floor(round(high / step, 9))
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def tick_labels(values: Sequence[float], *, signs: bool = False) -> tuple[str, ...]:
    """Texts of the marks of an axis, all with as many decimals as one of them needs.

    Examples
    --------
    >>> tick_labels([0.5, 1.0]), tick_labels([-2.0, 0.0, 2.0], signs=True)
    (('0.5', '1.0'), ('−2', '0', '+2'))
    """  # noqa: RUF002
    places = max((len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values), default=0)
    marks = [MINUS if value < 0 else "+" if signs and value > 0 else "" for value in values]
    return tuple(f"{mark}{abs(value):.{places}f}" for mark, value in zip(marks, values, strict=True))


def around(values: Sequence[float], margin: float = 0.05) -> tuple[float, float]:
    """Range that holds all values, with some room; 0 to 1 where there is none.

    Examples
    --------
    >>> around([2.0, 4.0], margin=0.5)
    (1.0, 5.0)
    """
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = (high - low) * margin or abs(high) * margin or 1.0
    return low - room, high + room


def number(value: float) -> str:
    """A coordinate with one decimal at most.

    Examples
    --------
    >>> number(12.04), number(-0.01), number(3.25)
    ('12', '0', '3.2')
    """
    text = f"{value:.1f}"
    return "0" if text in ("0.0", "-0.0") else text.removesuffix(".0")


def _through(points: Points) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
