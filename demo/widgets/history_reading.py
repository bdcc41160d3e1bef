"""What the history says at one time, in the line above it; without a time, which colour is which emotion."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from demo.names import name_of
from demo.running import EVERY_MODALITY
from demo.shown import History, Shown
from demo.theme import emotion_colour, faint
from demo.widgets.figures import clock, percent
from demo.widgets.history_area import index_at
from demo.widgets.history_picture import unknown
from engine.types import FloatArray

_TOP = 3


def reading_text(shown: Shown, values: FloatArray, seconds: float) -> str:
    """Time, the three most probable emotions and the words spoken there."""
    best = _best(shown.history, values, seconds)
    said = _said(shown, seconds)
    if not best:
        return " · ".join(one for one in (clock(seconds), _why_empty(shown, seconds), said) if one)
    parts = [f"{name_of(name)} {percent(share)}" for name, share in best]
    return " · ".join([clock(seconds), *parts, *([said] if said else [])])


def draw_reading(
    painter: QPainter, widget: QWidget, area: QRectF, shown: Shown, values: FloatArray, seconds: float
) -> None:
    """The same as :func:`reading_text`, with colours."""
    metrics = QFontMetricsF(widget.font())
    gap = metrics.averageCharWidth() * 1.6
    text, pale = widget.palette().color(QPalette.ColorRole.WindowText), faint(widget, 0.75)
    x = _put(painter, area, area.left(), clock(seconds), metrics, text) + gap
    best = _best(shown.history, values, seconds)
    if not best:
        x = _put(painter, area, x, _why_empty(shown, seconds), metrics, pale) + gap
    for name, share in best:
        x = _chip(painter, area, x, emotion_colour(name, shown.history.labels), metrics)
        x = _put(painter, area, x, f"{name_of(name)} {percent(share)}", metrics, text) + gap
    _put(painter, area, x, _said(shown, seconds), metrics, pale)


def mean_of(history: History, values: FloatArray, low_s: float, high_s: float) -> FloatArray:
    """How much each emotion matters between two media times, [k]."""
    first, end = history.times_s.searchsorted(low_s, "left"), history.times_s.searchsorted(high_s, "right")
    visible = values[first:end]
    known = visible[np.isfinite(visible[:, 0])] if len(visible) else visible
    return known.mean(axis=0) if len(known) else np.ones(len(history.labels), np.float32)


def draw_legend(painter: QPainter, widget: QWidget, area: QRectF, labels: tuple[str, ...], weights: FloatArray) -> None:
    """Names beside their colours, in their fixed order; where there is no room for all, those of most weight."""
    metrics = QFontMetricsF(widget.font())
    gap = metrics.averageCharWidth() * 1.6
    widths = [metrics.horizontalAdvance(name_of(name)) + metrics.height() + gap for name in labels]
    kept, used = set(), 0.0
    for index in np.argsort(-weights, kind="stable").tolist():
        if used + widths[index] <= area.width():
            kept.add(index)
            used += widths[index]
    x = area.left()
    for index in sorted(kept):
        x = _chip(painter, area, x, emotion_colour(labels[index], labels), metrics)
        x = _put(painter, area, x, name_of(labels[index]), metrics, faint(widget, 0.85)) + gap


def _best(history: History, values: FloatArray, seconds: float) -> list[tuple[str, float]]:
    index = index_at(history.times_s, seconds, history.step_s) if len(history.times_s) else None
    if index is None or not np.isfinite(values[index, 0]):
        return []
    order = np.argsort(-values[index], kind="stable")[:_TOP]
    return [(history.labels[k], float(values[index, k])) for k in order.tolist()]


def _why_empty(shown: Shown, seconds: float) -> str:
    end_s = shown.transport.duration_s
    missing = end_s is not None and any(low <= seconds <= high for low, high in unknown(shown.history.covered, end_s))
    if missing:
        return QCoreApplication.translate("HistoryView", "not analysed yet")
    if len(shown.running.used) < len(EVERY_MODALITY):
        return QCoreApplication.translate("HistoryView", "nothing there that the models use")
    return QCoreApplication.translate("HistoryView", "neither face nor voice")


def _said(shown: Shown, seconds: float) -> str:
    text = next((one.text for one in shown.history.utterances if one.start_s <= seconds <= one.end_s), "")
    return QCoreApplication.translate("HistoryView", "“{0}”").format(text) if text else ""


def _chip(painter: QPainter, area: QRectF, x: float, colour: QColor, metrics: QFontMetricsF) -> float:
    """A square in the colour of an emotion; returns where the text begins."""
    side = metrics.height() * 0.6
    painter.fillRect(QRectF(x, area.center().y() - side / 2, side, side), colour)
    return x + side + metrics.averageCharWidth() * 0.7


def _put(painter: QPainter, area: QRectF, x: float, text: str, metrics: QFontMetricsF, colour: QColor) -> float:
    """Text at ``x``, shortened at the end of the area; returns where it ends."""
    left = max(0.0, area.right() - x)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
    painter.setPen(colour)
    painter.drawText(QRectF(x, area.top(), left, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)
    return x + metrics.horizontalAdvance(shown)
