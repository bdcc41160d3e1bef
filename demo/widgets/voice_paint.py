"""Draws the sound: spectrum, waveform, voice activity, their scales, and the level of the microphone."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.shown import Voice
from demo.theme import faint, modality_colour, warning_colour
from demo.widgets.figures import number
from demo.widgets.panel import caption_font
from demo.widgets.voice_layout import SPAN_S, VoiceLayout
from demo.widgets.voice_picture import band_of_hz, bars_of, spectrum_of, tinted

translate = QCoreApplication.translate

_MOST_COLUMNS = 600
"""Of the spectrum: 20 ms each. More cost a millisecond and show nothing more, since the image is smoothed."""

_CLIPS_DB = -1.0
_LOWEST_DB = -60.0


def paint_sound(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice, cursor_s: float | None) -> None:
    """Draw all of it, and a line at ``cursor_s``."""
    _paint_spectrum(widget, painter, places, voice)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_wave(widget, painter, places, voice)
    _paint_activity(widget, painter, places, voice)
    _paint_window(widget, painter, places, voice)
    _paint_scales(widget, painter, places, voice)
    if voice.level_db is not None:
        _paint_level(widget, painter, places.meter, voice.level_db)
    if cursor_s is not None:
        _paint_cursor(widget, painter, places, cursor_s)


def _paint_spectrum(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice) -> None:
    palette = widget.palette()
    colour = modality_colour("audio", palette)
    columns = min(_MOST_COLUMNS, round(places.spectrum.width() * widget.devicePixelRatioF()))
    ground, end = palette.color(QPalette.ColorRole.AlternateBase), palette.color(QPalette.ColorRole.WindowText)
    image = tinted(spectrum_of(voice, columns), ground, colour, end)
    area = QRectF(places.spectrum)
    painter.fillRect(area, ground)
    area.setLeft(places.x_of(voice.start_s))
    area.setRight(places.x_of(voice.end_s))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(places.spectrum)
    painter.drawImage(area, image)
    painter.setClipping(False)


def _paint_wave(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice) -> None:
    bars = bars_of(voice, places.bar_every)
    width, height, middle = places.bar_width, places.wave.height() / 2, places.wave.center().y()
    left = places.wave.right() - (places.end_s - bars.times_s) / SPAN_S * places.wave.width() - width / 2
    top = middle - np.maximum(bars.high * height, 0.6)
    tall = middle - np.minimum(bars.low * height, -0.6) - top
    painter.setPen(Qt.PenStyle.NoPen)
    for active, colour in ((True, modality_colour("audio", widget.palette())), (False, faint(widget, 0.36))):
        chosen = (bars.voice == active) & (left >= places.wave.left())
        rows = zip(left[chosen].tolist(), top[chosen].tolist(), tall[chosen].tolist(), strict=True)
        painter.setBrush(colour)
        boxes = [QRectF(x, y, width, h) for x, y, h in rows]
        if boxes:
            painter.drawRects(boxes)


def _paint_activity(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice) -> None:
    """A band, the darker the surer it is that someone speaks."""
    area = QRectF(places.activity)
    painter.fillRect(area, widget.palette().color(QPalette.ColorRole.AlternateBase))
    if not len(voice.activity_times_s):
        return
    ground = widget.palette().color(QPalette.ColorRole.AlternateBase)
    colour = modality_colour("audio", widget.palette())
    step = 0.032
    area.setLeft(max(area.left(), places.x_of(float(voice.activity_times_s[0]) - step / 2)))
    area.setRight(min(area.right(), places.x_of(float(voice.activity_times_s[-1]) + step / 2)))
    painter.drawImage(area, tinted(voice.activity[None, :], ground, colour, colour))


def _paint_window(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice) -> None:
    """Dim what the models do not hear, and draw a line above what they do."""
    wash = QColor(widget.palette().color(QPalette.ColorRole.Window))
    wash.setAlpha(125)
    left, right = places.wave.left(), places.wave.right()
    window = voice.window_s
    start, end = (right, right) if window is None else (places.x_of(window[0]), places.x_of(window[1]))
    start, end = min(max(start, left), right), min(max(end, left), right)
    whole = places.wave.united(places.spectrum)
    for x0, x1 in ((left, start), (end, right)):
        if x1 - x0 > 0.5:
            painter.fillRect(QRectF(x0, whole.top(), x1 - x0, whole.height()), wash)
    if end - start > 1:
        painter.fillRect(QRectF(start, whole.top() - 3, end - start, 2), widget.palette().highlight())


def _paint_scales(widget: QWidget, painter: QPainter, places: VoiceLayout, voice: Voice) -> None:
    font = caption_font(widget)
    line = QFontMetricsF(font).height()
    painter.setFont(font)
    painter.setPen(faint(widget, 0.62))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    width = places.wave.left() - line * 0.35
    painter.drawText(
        QRectF(0, places.activity.center().y() - line / 2, width, line), int(right), translate("VoiceView", "voice")
    )
    bottom = places.spectrum.bottom()
    for kilohertz in (1, 4):
        y = bottom - band_of_hz(kilohertz * 1000.0) * places.spectrum.height()
        if places.spectrum.height() > 3.2 * line:
            text = translate("VoiceView", "{0} kHz").format(number(kilohertz))
            painter.drawText(QRectF(0, y - line / 2, width, line), int(right), text)
    for ago_s in places.ticks():
        x = places.x_of(voice.end_s - ago_s)
        text = (
            translate("VoiceView", "now")
            if not ago_s
            else translate("VoiceView", "{0} s").format("\u2212" + number(ago_s))
        )
        advance = QFontMetricsF(font).horizontalAdvance(text)
        x = min(x - advance / 2, places.wave.right() - advance)
        painter.drawText(QPointF(x, places.axis.bottom() - QFontMetricsF(font).descent()), text)


def _paint_level(widget: QWidget, painter: QPainter, area: QRectF, level: float) -> None:
    share = min(max((level - _LOWEST_DB) / -_LOWEST_DB, 0.0), 1.0) if math.isfinite(level) else 0.0
    radius = area.width() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(widget.palette().color(QPalette.ColorRole.Midlight))
    painter.drawRoundedRect(area, radius, radius)
    filled = area.adjusted(0, area.height() * (1 - share), 0, 0)
    accent = widget.palette().color(QPalette.ColorRole.Highlight)
    painter.setBrush(warning_colour(widget.palette()) if level > _CLIPS_DB else accent)
    if filled.height() > 1:
        painter.drawRoundedRect(filled, radius, min(radius, filled.height() / 2))


def _paint_cursor(widget: QWidget, painter: QPainter, places: VoiceLayout, at_s: float) -> None:
    x = places.x_of(at_s)
    painter.setPen(QPen(faint(widget, 0.8), 1.0))
    painter.drawLine(QPointF(x, places.wave.top()), QPointF(x, places.spectrum.bottom()))
