"""The sound of the last seconds: waveform, voice activity and spectrum on one axis of media time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from demo.shown import Shown
from demo.widgets.figures import clock, number, percent, seconds_text
from demo.widgets.panel import caption_font, paint_caption, paint_empty, paint_focus
from demo.widgets.voice_layout import SPAN_S, VoiceLayout, lay_out
from demo.widgets.voice_paint import paint_sound
from demo.widgets.voice_picture import (
    activity_at,
    enlargement,
    heard_now,
    level_db,
)


class VoiceView(QWidget):
    """Scrolls with the play position, which is always at the right edge.

    Signals
    -------
    seek_wanted : media time that the user clicked.
    """

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._cursor_s: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Voice"))

    @property
    def message(self) -> str:
        """What is written where there is no sound at all."""
        voice = self._shown.voice
        if voice.microphone and len(voice.envelope):
            return ""
        if voice.microphone:
            return self.tr("No sound yet") if self._shown.analysed else self.tr("Not analysed yet")
        return self.tr("Open a recording or go live") if self._shown.kind == "empty" else self.tr("No microphone")

    @property
    def caption(self) -> str:
        """What is heard now; or what is under the cursor."""
        if self._cursor_s is not None:
            return self._read(self._cursor_s)
        texts = {
            "nothing": self.tr("no sound for a moment"),
            "silence": self.tr("silence"),
            "sound": self.tr("sound, but no voice"),
            "voice": self.tr("speaking"),
        }
        return texts[heard_now(self._shown.voice)]

    @property
    def looked_at(self) -> str:
        """Which stretch the models look at."""
        window = self._shown.voice.window_s
        if window is None:
            return self.tr("the models hear nothing")
        return self.tr("the models hear the last {0}").format(seconds_text(max(0.0, window[1] - window[0])))

    def show_it(self, shown: Shown) -> None:
        """Show the sound up to the play position."""
        before, self._shown = self._shown, shown
        if shown.voice is before.voice and shown.kind == before.kind:
            return
        if self._cursor_s is not None and not self._start_s < self._cursor_s <= shown.voice.end_s:
            self._cursor_s = None
        text = self.message or f"{self.caption}, {self.looked_at}"
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(30 * unit, 12 * unit)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(12 * unit, 7 * unit)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        voice = self._shown.voice
        if self.message:
            missing = not voice.microphone and self._shown.kind != "empty"
            detail = self.tr("Faces are read all the same.") if missing else ""
            paint_empty(self, painter, QRectF(self.rect()), self.message, detail)
        else:
            places = self._places()
            paint_caption(self, painter, places.caption, self.caption, self._beside_caption(places))
            paint_sound(self, painter, places, voice, self._cursor_s)
        if self.hasFocus():
            paint_focus(self, painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._set_cursor(self._time_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._set_cursor(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        self._set_cursor(None)
        super().focusOutEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        at_s = self._time_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at_s is not None:
            self.seek_wanted.emit(at_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not self.message:
            step = -0.1 if key == Qt.Key.Key_Left else 0.1
            at_s = (self._shown.voice.end_s if self._cursor_s is None else self._cursor_s) + step
            self._set_cursor(min(max(at_s, self._start_s + 0.01), self._shown.voice.end_s))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor_s is not None:
            self.seek_wanted.emit(self._cursor_s)
        elif key == Qt.Key.Key_Escape and self._cursor_s is not None:
            self._set_cursor(None)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._help(QPointF(event.pos())), self)
            return True
        return super().event(event)

    @property
    def _start_s(self) -> float:
        return max(0.0, self._shown.voice.end_s - SPAN_S)

    def _beside_caption(self, places: VoiceLayout) -> str:
        """Which stretch is looked at, where there is room; the line above the sound shows it as well."""
        taken = QFontMetricsF(caption_font(self)).horizontalAdvance(f"{self.caption}   {self.looked_at}")
        return "" if self._cursor_s is not None or taken > places.caption.width() else self.looked_at

    def _places(self) -> VoiceLayout:
        return lay_out(self, self._shown.voice.end_s, metered=self._shown.voice.level_db is not None)

    def _time_at(self, position: QPointF) -> float | None:
        if self.message:
            return None
        places = self._places()
        inside = places.wave.left() <= position.x() <= places.wave.right()
        at_s = places.time_at(position.x())
        return at_s if inside and at_s >= self._shown.voice.start_s else None

    def _set_cursor(self, at_s: float | None) -> None:
        if at_s != self._cursor_s:
            self._cursor_s = at_s
            self.setAccessibleDescription(self.message or f"{self.caption}, {self.looked_at}")
            self.update()

    def _read(self, at_s: float) -> str:
        voice = self._shown.voice
        level = level_db(voice, at_s)
        loud = self.tr("no sound") if level is None else self.tr("{0} dB").format(number(level).replace("-", "\u2212"))
        speech = percent(float(activity_at(voice, np.array([at_s]))[0]))
        return self.tr("{0} · {1} · voice {2}").format(clock(at_s), loud, speech)

    def _help(self, position: QPointF) -> str:
        places = self._places()
        if self.message:
            return ""
        if places.spectrum.contains(position):
            return self.tr(
                "Spectrum, restored from the 40 coefficients (MFCC) that the models get: low sounds below, high above."
            )
        if places.meter.contains(position) and self._shown.voice.level_db is not None:
            return self.tr("Level of the microphone: {0} dB").format(number(self._shown.voice.level_db))
        if places.wave.contains(position):
            text = self.tr("Waveform; coloured where there is a voice.")
            larger = enlargement(self._shown.voice)
            return text if larger == 1 else text + " " + self.tr("Drawn {0} times as large.").format(number(larger))
        return ""
