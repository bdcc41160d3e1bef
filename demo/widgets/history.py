"""History: the probabilities of the whole session over time, and what the user does with them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from demo.shown import Shown
from demo.widgets.history_canvas import HistoryCanvas
from demo.widgets.mark_lane import mark_at
from demo.widgets.mark_rows import mark_text
from engine.annotations import Annotation

_DRAG = 5
"""Pixels from which on a press that moves is no click."""

_ZOOM = 0.8
_PAN_SHARE = 0.1


class HistoryView(HistoryCanvas):
    """A stacked area of the emotions, with utterances, play head and loop.

    Wheel zooms around the pointer; the right or middle button, or shift, pans; a double click shows everything.
    A click seeks, on an annotation to its beginning; dragging marks a loop. Arrows pan, with control they move a
    reading line, Enter seeks there.

    Signals
    -------
    seek_wanted : media time that was clicked.
    loop_wanted : (start, end) that was marked, or None to end the loop.
    """

    seek_wanted = Signal(float)
    loop_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: tuple[Qt.MouseButton, QPointF, bool] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("History of the emotions"))
        self.now_button = self._button(
            self.tr("Back to now"), self.tr("Follow the newest two minutes again (End)"), self._back
        )
        self.clear_button = self._button(
            self.tr("Clear loop"), self.tr("Play on instead of repeating the marked range (Esc)"), self._clear
        )

    def _button(self, text: str, tip: str, action: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.clicked.connect(action)
        button.hide()
        return button

    def show_it(self, shown: Shown) -> None:
        """Show a state; only the play head is drawn anew where nothing else has changed."""
        super().show_it(shown)
        self._place_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons keep to the upper right."""
        self._place_buttons()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; sideways pans."""
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()):
            self._pan(-delta.x() / 120 * _PAN_SHARE)
        else:
            self._zoom(self.scale().seconds(event.position().x()), _ZOOM ** (delta.y() / 120))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press begins a click, a mark or a pan."""
        panning = event.button() != Qt.MouseButton.LeftButton or bool(
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        if self._shown.kind != "empty":
            self._pressed = (event.button(), event.position(), panning)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read, mark or pan."""
        x = event.position().x()
        if self._pressed is None:
            inside = self._shown.kind != "empty" and self.chart().adjusted(0, -99, 0, 99).contains(event.position())
            self.read_at(self.scale().seconds(x) if inside else None)
            mark = self._mark_at(event.position())
            QToolTip.showText(event.globalPosition().toPoint(), "" if mark is None else mark_text(mark), self)
            return
        button, start, panning = self._pressed
        if panning:
            self.range.pan(self.scale().seconds(start.x()) - self.scale().seconds(x))
            self._pressed = (button, event.position(), True)
            self._moved()
        elif abs(x - start.x()) > _DRAG or self._marking is not None:
            ends = sorted(self._clamped(one) for one in (start.x(), x))
            self._marking = (ends[0], ends[1])
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a click, a mark or a pan."""
        pressed, self._pressed = self._pressed, None
        marked, self._marking = self._marking, None
        if pressed is None or pressed[2]:
            return
        if marked is not None:
            if marked[1] > marked[0]:
                self.loop_wanted.emit(marked)
        elif self.chart().adjusted(0, 0, 0, 99).contains(event.position()):
            mark = self._mark_at(event.position())
            self.seek_wanted.emit(self._clamped(event.position().x()) if mark is None else mark.start_s)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        self._pressed = None
        self.range.show_whole()
        self._moved()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading."""
        self.read_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, with control they read; plus and minus zoom; Home shows all, End the newest."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        centre = self._read_s if self._read_s is not None else self._shown.transport.position_s
        centre = min(max(centre, self.range.low_s), self.range.high_s)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            sign = -1 if key == Qt.Key.Key_Left else 1
            if control:
                self.read_at(min(max(centre + sign * self.history.step_s, self.range.low_s), self.range.high_s))
            else:
                self._pan(sign * _PAN_SHARE)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
            self._zoom(centre, _ZOOM)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            self._zoom(centre, 1 / _ZOOM)
        elif key == Qt.Key.Key_Home:
            self.range.show_whole()
            self._moved()
        elif key == Qt.Key.Key_End:
            self._back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._read_s is not None:
            self.seek_wanted.emit(self._read_s)
        elif key == Qt.Key.Key_Escape and (self._read_s is not None or self._shown.transport.loop is not None):
            self._clear() if self._shown.transport.loop is not None else self.read_at(None)
        else:
            super().keyPressEvent(event)

    def _mark_at(self, position: QPointF) -> Annotation | None:
        return mark_at(self.lane(), self.scale(), self._shown.marks, position)

    def _clamped(self, x: float) -> float:
        low, high = self.range.whole
        return min(max(self.scale().seconds(x), low), high)

    def _zoom(self, at_s: float, factor: float) -> None:
        self.range.zoom(at_s, factor)
        self._moved()

    def _pan(self, share: float) -> None:
        self.range.pan(share * (self.range.high_s - self.range.low_s))
        self._moved()

    def _back(self) -> None:
        self.range.follow()
        self._moved()

    def _clear(self) -> None:
        self.loop_wanted.emit(None)

    def _moved(self) -> None:
        self._place_buttons()
        self.update()

    def _place_buttons(self) -> None:
        """The buttons that are wanted, from the right end of the header on."""
        right = self.width() - 4
        height = round(QFontMetricsF(self.font()).height() * 1.5)
        for button, wanted in (
            (self.now_button, self._shown.kind == "live" and self.range.free),
            (self.clear_button, self._shown.transport.loop is not None),
        ):
            if button.isHidden() == wanted:
                button.setVisible(wanted)
            if wanted:
                width = button.sizeHint().width()
                button.setGeometry(right - width, 1, width, height)
                right -= width + 4
        self.header_right = self.width() - 4 - right
