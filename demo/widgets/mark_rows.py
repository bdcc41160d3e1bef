"""The annotations as rows of a list: time, emotion and text."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from demo.names import name_of
from demo.theme import emotion_colour, faint
from demo.widgets.figures import clock, seconds_text, tabular
from demo.widgets.panel import scaled_font
from engine.annotations import Annotation, Annotations

AnyIndex = QModelIndex | QPersistentModelIndex
MARK = Qt.ItemDataRole.UserRole


def ends_text(mark: Annotation) -> str:
    """When it is."""
    if mark.moment:
        return clock(mark.start_s)
    return f"{clock(mark.start_s)} \N{EN DASH} {clock(mark.end_s)}"


def mark_text(mark: Annotation) -> str:
    """Everything about it in one line, for screen readers and tooltips."""
    ends = ends_text(mark)
    named = "" if mark.label is None else name_of(mark.label)
    return ", ".join(one for one in (ends, named, mark.text) if one)


class MarkRows(QAbstractListModel):
    """The annotations in order of time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._every: tuple[Annotation, ...] = ()

    def show_marks(self, every: Annotations) -> None:
        """Show these; what has stayed is not drawn anew."""
        new = tuple(every)
        if [one.id for one in new] == [one.id for one in self._every]:
            self._every = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._every = new
        self.endResetModel()

    def row_of(self, id: str | None) -> int | None:
        """The row of an annotation."""
        return next((row for row, one in enumerate(self._every) if one.id == id), None)

    def mark_at(self, row: int) -> Annotation | None:
        """The annotation of a row."""
        return self._every[row] if 0 <= row < len(self._every) else None

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, D102
        return 0 if parent.isValid() else len(self._every)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102
        mark = self.mark_at(index.row())
        if mark is None:
            return None
        if role == MARK:
            return mark
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return mark_text(mark)
        return None


class MarkPainter(QStyledItemDelegate):
    """Draws a row: a dot or bar in the colour of the emotion, the time, its name, and the text below."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.labels: tuple[str, ...] = ()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: D102
        line = QFontMetricsF(self._view.font()).height()
        mark = index.data(MARK)
        lines = 2.0 if mark is not None and mark.text else 1.0
        return QSize(round(10 * line), round((lines * 1.15 + 0.75) * line))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:  # noqa: D102
        mark = index.data(MARK)
        if mark is None:
            return
        view, palette = self._view, self._view.palette()
        line = QFontMetricsF(view.font()).height()
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            wash = QColor(palette.color(QPalette.ColorRole.Highlight))
            wash.setAlpha(46)
            painter.setBrush(wash)
            painter.drawRoundedRect(box, 4, 4)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(faint(view, 0.06))
            painter.drawRoundedRect(box, 4, 4)
        top = QRectF(box.left() + 1.5 * line, box.top() + 0.3 * line, box.width() - 2 * line, 1.15 * line)
        self._paint_sign(painter, mark, QPointF(box.left() + 0.75 * line, top.center().y()), line)
        self._paint_words(painter, mark, top, line)
        painter.restore()

    def _paint_sign(self, painter: QPainter, mark: Annotation, centre: QPointF, line: float) -> None:
        colour = faint(self._view, 0.6) if mark.label is None else emotion_colour(mark.label, self.labels)
        painter.setBrush(colour)
        if mark.moment:
            painter.drawEllipse(centre, 0.28 * line, 0.28 * line)
        else:
            bar = QRectF(0, 0, 0.8 * line, 0.36 * line)
            bar.moveCenter(centre)
            painter.drawRoundedRect(bar, 0.18 * line, 0.18 * line)

    def _paint_words(self, painter: QPainter, mark: Annotation, top: QRectF, line: float) -> None:
        view = self._view
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        time_font = tabular(view.font())
        ends = ends_text(mark)
        painter.setFont(time_font)
        painter.setPen(faint(view, 0.75))
        painter.drawText(top, middle, ends)
        taken = QFontMetricsF(time_font).horizontalAdvance(ends) + 0.8 * line
        if mark.label is not None:
            painter.setFont(scaled_font(view.font(), 1.0, bold=True))
            painter.setPen(view.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(top.adjusted(taken, 0, 0, 0), middle, name_of(mark.label))
        if not mark.moment:
            painter.setFont(time_font)
            painter.setPen(faint(view, 0.6))
            length = seconds_text(mark.end_s - mark.start_s)
            painter.drawText(top, middle | int(Qt.AlignmentFlag.AlignRight), length)
        if mark.text:
            painter.setFont(view.font())
            painter.setPen(view.palette().color(QPalette.ColorRole.WindowText))
            below = top.translated(0, 1.15 * line)
            flat = " ".join(mark.text.split())
            text = QFontMetricsF(view.font()).elidedText(flat, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, middle, text)
