"""What has just been marked, over the lower edge of the window for a few seconds: to be named, noted or taken back."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from demo.messages import said
from demo.shell.button import Button
from demo.shown import Shown
from demo.widgets.figures import clock
from demo.widgets.mark_editor import MarkEditor

_STAYS_MS = 6000


class MarkStrip(QWidget):
    """Goes by itself, but not while the user is at work in it. Playing goes on below it.

    Signals
    -------
    changed : id, text and label, as of `MarkEditor`.
    undo_wanted : take the mark back.
    record_wanted : begin to record, since nothing can be marked without.
    """

    changed = Signal(str, str, object)
    undo_wanted = Signal()
    record_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._shown = Shown()
        self._id: str | None = None
        self._spans = False
        self.label = QLabel()
        self.editor = MarkEditor()
        self.editor.text.setPlaceholderText(self.tr("Write a note (N)"))
        self.undo = Button(text=self.tr("Undo"), name=self.tr("Take this mark back (Ctrl+Z)"), quiet=False)
        self.record = Button("dot", self.tr("Record"), name=self.tr("Begin to record (Ctrl+R)"), primary=True)
        self.close_button = Button("close", name=self.tr("Hide this"))
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(unit, round(unit * 0.45), unit // 2, round(unit * 0.45))
        row.setSpacing(round(unit * 0.7))
        row.addWidget(self.label)
        row.addWidget(self.editor, 1)
        for one in (self.record, self.undo, self.close_button):
            row.addWidget(one)
        self.editor.changed.connect(self.changed)
        self.editor.left.connect(self._leave)
        self.undo.clicked.connect(self._undo)
        self.record.clicked.connect(self._record)
        self.close_button.clicked.connect(self.hide)
        self._timer = QTimer(self, interval=_STAYS_MS)
        self._timer.timeout.connect(self._go)
        self.hide()

    @property
    def recent(self) -> str | None:
        """The annotation that it shows, while it does."""
        return self._id if self.isVisible() else None

    def show_it(self, shown: Shown) -> None:
        """Keep up with what the annotation has become."""
        before, self._shown = self._shown, shown
        if self.isHidden() or before.marks is shown.marks:
            return
        if self._id is None:
            self.setVisible(not self._spans or shown.marks.span_from_s is not None)  # else it was given up
            return
        if shown.kind == "empty" or shown.marks.every.get(self._id) is None:
            self.hide()
            return
        self._tell()

    def show_mark(self, id: str, shown: Shown) -> None:
        """Show what has just been marked."""
        self._shown, self._id = shown, id
        self._tell()
        self._appear(marked=True)

    def show_refusal(self, why_not: str, shown: Shown) -> None:
        """Say why nothing can be marked."""
        self._shown, self._id = shown, None
        self.label.setText(said(why_not))
        self._appear(marked=False, offers=shown.kind == "live")

    def show_text(self, text: str, shown: Shown) -> None:
        """Say something else for a while."""
        self._shown, self._id = shown, None
        self.label.setText(text)
        self._appear(marked=False)

    def show_span(self, shown: Shown) -> None:
        """Say that a span has begun, until it ends."""
        self._shown, self._id = shown, None
        text = self.tr("Since {0}. Shift+M or a digit ends it here, Esc forgets it.")
        self.label.setText(text.format(clock(shown.marks.span_from_s or 0.0)))
        self._appear(marked=False, spans=True)

    def write(self) -> None:
        """Put the cursor where a note is written."""
        self.editor.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self, above: int) -> None:
        """Go to the middle of the lower edge of the window, above a height."""
        unit = self.fontMetrics().height()
        hint = self.sizeHint()
        wide = 46 * unit if self._id is not None else hint.width()
        width = min(max(wide, hint.width()), self._over.width() - 2 * unit)
        self.setGeometry((self._over.width() - width) // 2, above - hint.height() - unit, width, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, radius = self.palette(), self.fontMetrics().height() * 0.5
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1.2))
        painter.setBrush(QColor(palette.color(QPalette.ColorRole.Window)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def _tell(self) -> None:
        mark = None if self._id is None else self._shown.marks.every.get(self._id)
        if mark is None:
            return
        start, end = (clock(one) for one in (mark.start_s, mark.end_s))
        self.label.setText(
            self.tr("Marked {0}").format(start) if mark.moment else self.tr("Marked {0} to {1}").format(start, end)
        )
        self.editor.show_mark(mark, self._shown.labels)

    def _appear(self, *, marked: bool, offers: bool = False, spans: bool = False) -> None:
        self._spans = spans
        for one in (self.editor, self.undo):
            one.setVisible(marked)
        self.record.setVisible(offers)
        self._timer.start()
        self.show()
        self.raise_()

    def _leave(self) -> None:
        self.window().setFocus()
        self.hide()

    def _undo(self) -> None:
        self.undo_wanted.emit()
        self._leave()

    def _record(self) -> None:
        self.hide()
        self.record_wanted.emit()

    def _go(self) -> None:
        if not (self.editor.busy or self.underMouse() or self._spans):
            self.hide()
