"""Where the parts of the voice view lie, and where media time lies on them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from demo.widgets.panel import caption_font
from demo.widgets.voice_picture import HOP_S

SPAN_S = 12.0
"""Seconds from the left edge to the right one."""

_TICKS_S = (1, 2, 4, 6, 12)


@dataclass(frozen=True, slots=True)
class VoiceLayout:
    """Boxes from top to bottom; ``meter`` stands at the right. ``end_s`` is at the right edge of the others."""

    caption: QRectF
    wave: QRectF
    activity: QRectF
    spectrum: QRectF
    axis: QRectF
    meter: QRectF
    end_s: float
    line: float

    def x_of(self, time_s: float) -> float:
        """Where a media time is drawn."""
        return self.wave.right() - (self.end_s - time_s) / SPAN_S * self.wave.width()

    def time_at(self, x: float) -> float:
        """Media time at a place."""
        return self.end_s - (self.wave.right() - x) / self.wave.width() * SPAN_S

    @property
    def bar_every(self) -> int:
        """How many pieces of 10 ms one bar of the waveform stands for."""
        return max(1, round(self.line * 0.24 / (HOP_S / SPAN_S * self.wave.width())))

    @property
    def bar_width(self) -> float:
        """Of a bar, with a gap beside it."""
        return max(1.0, 0.68 * self.bar_every * HOP_S / SPAN_S * self.wave.width())

    def ticks(self) -> list[int]:
        """Seconds before now that are labelled: as many as fit."""
        step = next((one for one in _TICKS_S if one / SPAN_S * self.wave.width() > 4 * self.line), _TICKS_S[-1])
        return [one for one in range(0, int(SPAN_S), step)]


def lay_out(widget: QWidget, end_s: float, *, metered: bool) -> VoiceLayout:
    """Boxes for a widget of this size and font, with room for the microphone's meter or without."""
    metrics = QFontMetricsF(caption_font(widget))
    line = metrics.height()
    area = QRectF(widget.rect()).adjusted(2, 1, -2, -1)
    gutter = (
        max(
            metrics.horizontalAdvance(QCoreApplication.translate("VoiceView", "voice")),
            metrics.horizontalAdvance("4 kHz"),
        )
        + line * 0.5
    )
    meter_width = line * 0.42
    right = area.right() - (meter_width + line * 0.5 if metered else 0.0)
    left = area.left() + gutter
    top, bottom = area.top() + line * 1.25 + 3, area.bottom() - line * 1.15
    height, band, gap = max(1.0, bottom - top), line * 0.3, line * 0.3
    wave_height = max(1.0, (height - band - 2 * gap) * 0.42)
    width = max(1.0, right - left)
    wave = QRectF(left, top, width, wave_height)
    activity = QRectF(left, wave.bottom() + gap, width, band)
    spectrum = QRectF(left, activity.bottom() + gap, width, max(1.0, bottom - activity.bottom() - gap))
    return VoiceLayout(
        caption=QRectF(area.left(), area.top(), area.width(), line),
        wave=wave,
        activity=activity,
        spectrum=spectrum,
        axis=QRectF(left, bottom, width, area.bottom() - bottom),
        meter=QRectF(area.right() - meter_width, top, meter_width, height),
        end_s=end_s,
        line=line,
    )
