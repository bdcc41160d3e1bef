"""What a person says about an annotation: an emotion and a text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from demo.names import name_of
from demo.theme import emotion_colour
from engine.annotations import MOST_TEXT, Annotation

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class MarkEditor(QWidget):
    """An emotion to choose and a line to write on; both hold at once, without a button.

    Signals
    -------
    changed : id, text and label, when one of them was changed.
    left : the user has finished with Enter or Esc.
    """

    changed = Signal(str, str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id: str | None = None
        self._labels: tuple[str, ...] = ()
        self.emotion = QComboBox()
        self.emotion.setAccessibleName(self.tr("Emotion of this mark"))
        self.emotion.setToolTip(self.tr("The emotion that you see here; it is what a model can learn from"))
        self.emotion.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.text = QLineEdit()
        self.text.setMaxLength(MOST_TEXT)
        self.text.setPlaceholderText(self.tr("Write a note"))
        self.text.setAccessibleName(self.tr("Note of this mark"))
        self.text.installEventFilter(self)
        self.text.editingFinished.connect(self._commit)
        self.emotion.activated.connect(self._commit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self.emotion)
        row.addWidget(self.text, 1)

    @property
    def id(self) -> str | None:
        """Of the annotation that is shown."""
        return self._id

    @property
    def busy(self) -> bool:
        """Whether the user is at work in it."""
        return self.text.hasFocus() or self.emotion.hasFocus() or self.emotion.view().isVisible()

    def show_mark(self, mark: Annotation | None, labels: tuple[str, ...]) -> None:
        """Show an annotation; what is being written is left alone."""
        if mark is not None and mark.label is not None and mark.label not in labels:
            labels = (*labels, mark.label)  # of a model that knew other classes
        if labels != self._labels:
            self._fill(labels)
        same = mark is not None and mark.id == self._id
        if not same and self._id is not None:
            self._commit()
        self._id = None if mark is None else mark.id
        self.setEnabled(mark is not None)
        text, label = ("", None) if mark is None else (mark.text, mark.label)
        if not (same and self.text.hasFocus()) and self.text.text() != text:
            self.text.setText(text)
        at = self.emotion.findData(label)
        if at != self.emotion.currentIndex() and not self.emotion.view().isVisible():
            self.emotion.setCurrentIndex(at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if watched is self.text and pressed in _ENDS:
            self._commit()
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def _commit(self) -> None:
        if self._id is not None:
            self.changed.emit(self._id, self.text.text().strip(), self.emotion.currentData())

    def _fill(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self.emotion.clear()
        self.emotion.addItem(self.tr("no emotion"), None)
        for label in labels:
            self.emotion.addItem(_dot(label, labels, self.fontMetrics().height()), name_of(label), label)


def _dot(label: str, labels: tuple[str, ...], size: int) -> QIcon:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(emotion_colour(label, labels))
    painter.drawEllipse(pixmap.rect().adjusted(size // 6, size // 6, -size // 6, -size // 6))
    painter.end()
    return QIcon(pixmap)
