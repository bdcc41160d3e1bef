"""Marks: the annotations of what is open as a list, to go to, to write on and to delete."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QToolButton, QVBoxLayout, QWidget

from demo.messages import said
from demo.shown import Shown
from demo.widgets.figures import clock
from demo.widgets.mark_editor import MarkEditor
from demo.widgets.mark_rows import MarkPainter, MarkRows
from demo.widgets.panel import paint_empty
from engine.annotations import Annotation


class MarkList(QListView):
    """The rows. Letters and digits go on to the window, where they mark."""

    chosen = Signal(object)
    delete_wanted = Signal(str)
    write_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = MarkRows(self)
        self.painter_of_rows = MarkPainter(self)
        self._message = ("", "")
        self.setModel(self.rows)
        self.setItemDelegate(self.painter_of_rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Marks"))
        self.clicked.connect(self._choose)
        self.doubleClicked.connect(lambda _: self.write_wanted.emit())

    @property
    def current(self) -> Annotation | None:
        """The selected annotation."""
        indexes = self.selectedIndexes()
        return self.rows.mark_at(indexes[0].row()) if indexes else None

    def show_message(self, text: str, detail: str) -> None:
        """What is written where there are no rows."""
        if (text, detail) != self._message:
            self._message = (text, detail)
            self.viewport().update()

    def select(self, id: str | None) -> None:
        """Select an annotation and bring it into view."""
        row = self.rows.row_of(id)
        if row is None:
            self.clearSelection()
        else:
            self.setCurrentIndex(self.rows.index(row))
            self.scrollTo(self.rows.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        current = self.current
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            self.chosen.emit(current)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and current is not None:
            self.delete_wanted.emit(current.id)
        elif event.key() == Qt.Key.Key_F2 and current is not None:
            self.write_wanted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if not self.rows.rowCount():
            paint_empty(self, QPainter(self.viewport()), QRectF(self.viewport().rect()), *self._message)
            return
        super().paintEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        mark = self.rows.mark_at(index.row())
        if mark is not None:
            self.chosen.emit(mark)


class MarksView(QWidget):
    """The list, with what the selected annotation says below it.

    Signals
    -------
    seek_wanted : where the chosen annotation begins.
    changed : id, text and label, as of `MarkEditor`.
    delete_wanted : id of what shall go.
    """

    seek_wanted = Signal(float)
    changed = Signal(str, str, object)
    delete_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self.list = MarkList()
        self.editor = MarkEditor()
        self.delete = QToolButton()
        self.delete.setText(self.tr("Delete"))
        self.delete.setToolTip(self.tr("Delete this mark (Del); Ctrl+Z brings it back"))
        self.editor.changed.connect(self.changed)
        self.editor.left.connect(self.list.setFocus)
        self.list.chosen.connect(lambda mark: self.seek_wanted.emit(mark.start_s))
        self.list.delete_wanted.connect(self.delete_wanted)
        self.list.write_wanted.connect(self._write)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._edit())
        self.delete.clicked.connect(self._delete)
        self.below = QWidget()
        row = QHBoxLayout(self.below)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.editor, 1)
        row.addWidget(self.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 3)
        column.addWidget(self.list, 1)
        column.addWidget(self.below)
        self.below.hide()
        self.setFocusProxy(self.list)
        self.setAccessibleName(self.tr("Marks"))

    def show_it(self, shown: Shown) -> None:
        """Show the annotations; what has just been marked is selected."""
        before, self._shown = self._shown, shown
        if before.marks is shown.marks and before.labels == shown.labels and before.kind == shown.kind:
            return
        self.list.painter_of_rows.labels = shown.labels
        kept = None if self.list.current is None else self.list.current.id
        self.list.rows.show_marks(shown.marks.every)
        new = shown.marks.newest if shown.marks.newest != before.marks.newest else None
        if not self.editor.busy:
            self.list.select(new if new is not None else kept)
        self.list.show_message(*self._message(shown))
        self._edit()

    def _message(self, shown: Shown) -> tuple[str, str]:
        if shown.kind == "empty":
            return self.tr("Open a recording or go live"), ""
        if not shown.marks.open:
            return said(shown.marks.why_not), ""
        span_s = shown.marks.span_from_s
        if span_s is not None:
            return self.tr("A span has begun at {0}").format(clock(span_s)), self.tr("Shift+M or a digit ends it.")
        many = min(len(shown.labels), 9)
        return self.tr("Nothing is marked yet"), self.tr(
            "Press M when something happens, or hold it for as long as it lasts. "
            "1 to {0} mark with an emotion; Shift+M begins a longer span and ends it; N writes a note."
        ).format(many)

    def _edit(self) -> None:
        mark = self.list.current
        self.editor.show_mark(mark, self._shown.labels)
        self.below.setVisible(mark is not None)

    def _write(self) -> None:
        self.editor.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _delete(self) -> None:
        if self.editor.id is not None:
            self.delete_wanted.emit(self.editor.id)
