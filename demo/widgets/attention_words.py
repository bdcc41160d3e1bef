"""Words along the sides of the attention map, at the time they were spoken, moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint
from demo.widgets.attention_axis import Axis, Pixels, fitting, spread
from engine.types import FloatArray, Word

_SLANT_DEGREES = 50.0
_SINE, _COSINE = float(np.sin(np.radians(_SLANT_DEGREES))), float(np.cos(np.radians(_SLANT_DEGREES)))

_LEADER = 0.9
"""Room for the lines from labels to their positions, in lines of text."""

_WIDEST, _HIGHEST = 0.3, 0.32
"""Largest share of the size of the map that words may take beside it."""


def row_words_room(metrics: QFontMetricsF, words: Sequence[Word], width: float) -> float:
    """Pixels that words left of a map need."""
    widest = max((metrics.horizontalAdvance(one.text) for one in words), default=0.0)
    return min(widest * 1.08, _WIDEST * width) + (_LEADER + 0.3) * metrics.height()


def column_words_room(metrics: QFontMetricsF, words: Sequence[Word], size: tuple[float, float]) -> float:
    """Pixels that words below a map need: one line where all lie side by side, else they are slanted."""
    if _side_by_side([one.text for one in words], metrics, 0.7 * size[0]):
        return (1.2 + _LEADER) * metrics.height()
    widest = max((metrics.horizontalAdvance(one.text) for one in words), default=0.0)
    depth = widest * 1.08 * _SINE + metrics.height() * _COSINE
    return min(depth, _HIGHEST * size[1]) + _LEADER * metrics.height()


def draw_row_words(
    painter: QPainter,
    widget: QWidget,
    axis: Axis,
    area: QRectF,
    texts: Sequence[str],
    priority: FloatArray,
    chosen: int | None,
) -> None:
    """Words left of the map, right-aligned; the most important ones where there is no room for all."""
    line = QFontMetricsF(widget.font()).height()
    kept, places = _placed(axis, np.full(len(texts), line), priority, chosen)
    edge = area.right() - _LEADER * line
    for index, place in zip(kept.tolist(), places.tolist(), strict=True):
        _set_style(painter, widget, index == chosen)
        box = QRectF(area.left(), place - line / 2, edge - area.left() - 2, line)
        text = QFontMetricsF(painter.font()).elidedText(texts[index], Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        low, high = axis.cell(index)
        middle = (low + high) / 2
        _draw_leader(painter, widget, QPointF(edge, place), QPointF(area.right() - 3, middle), index == chosen)
        painter.drawLine(QLineF(area.right() - 2, low + 0.5, area.right() - 2, high - 0.5))


def draw_column_words(
    painter: QPainter,
    widget: QWidget,
    axis: Axis,
    area: QRectF,
    texts: Sequence[str],
    priority: FloatArray,
    chosen: int | None,
) -> None:
    """Words below the map: side by side, or slanted so that each ends at its position."""
    metrics = QFontMetricsF(_bold(widget.font()))
    line = metrics.height()
    lie = _side_by_side(texts, metrics, axis.length)
    widths = np.array([metrics.horizontalAdvance(text) + metrics.averageCharWidth() for text in texts])
    kept, places = _placed(axis, widths if lie else np.full(len(texts), line * 1.05), priority, chosen)
    top = area.top() + _LEADER * line
    for index, place in zip(kept.tolist(), places.tolist(), strict=True):
        _set_style(painter, widget, index == chosen)
        if lie:
            box = QRectF(place - widths[index] / 2, top, widths[index], line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts[index])
        else:
            reach = min((area.bottom() - top - line * _COSINE) / _SINE, (place - widget.rect().left()) / _COSINE)
            _draw_slanted(painter, texts[index], QPointF(place, top), reach)
        low, high = axis.cell(index)
        end = QPointF((low + high) / 2, area.top() + 3)
        _draw_leader(painter, widget, QPointF(place, top), end, index == chosen)
        painter.drawLine(QLineF(low + 0.5, area.top() + 2, high - 0.5, area.top() + 2))


def _placed(axis: Axis, sizes: Pixels, priority: FloatArray, chosen: int | None) -> tuple[NDArray[np.intp], Pixels]:
    """Which labels are drawn, and their centres along the axis."""
    wanted = np.asarray(priority, np.float64).copy()
    if chosen is not None:
        wanted[chosen] = np.inf
    kept = fitting(sizes, wanted, axis.length)
    places = spread(axis.centres()[kept], sizes[kept], axis.origin, axis.origin + axis.length)
    return kept, places


def _side_by_side(texts: Sequence[str], metrics: QFontMetricsF, length: float) -> bool:
    return sum(metrics.horizontalAdvance(text) + metrics.averageCharWidth() for text in texts) <= length


def _draw_slanted(painter: QPainter, text: str, end: QPointF, reach: float) -> None:
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(reach, 0.0))
    painter.save()
    painter.translate(end)
    painter.rotate(-_SLANT_DEGREES)
    width = metrics.horizontalAdvance(shown)
    painter.drawText(QPointF(-width - 1, metrics.ascent() * 0.72), shown)
    painter.restore()


def _draw_leader(painter: QPainter, widget: QWidget, label: QPointF, position: QPointF, chosen: bool) -> None:
    """A thin line from a label to its position."""
    painter.setPen(QPen(faint(widget, 0.8 if chosen else 0.4), 1.6 if chosen else 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawLine(label, position)


def _set_style(painter: QPainter, widget: QWidget, chosen: bool) -> None:
    painter.setFont(_bold(widget.font()) if chosen else widget.font())
    painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText) if chosen else faint(widget, 0.85))


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setBold(True)
    return result
