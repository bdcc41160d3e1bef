"""Which parts are being loaded: one line that nobody has to wait for."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from demo.shell.button import Button
from demo.shown import LoadStep, Shown

_PARTS = {
    "face": QT_TRANSLATE_NOOP("loading", "face encoder"),
    "words": QT_TRANSLATE_NOOP("loading", "word vectors"),
    "models": QT_TRANSLATE_NOOP("loading", "attention models"),
    "recogniser": QT_TRANSLATE_NOOP("loading", "speech recogniser"),
    "detector": QT_TRANSLATE_NOOP("loading", "face finder"),
    "warm-up": QT_TRANSLATE_NOOP("loading", "first run"),
}
_MARKS = {"waiting": "○", "working": "◐", "done": "●", "failed": "✕"}


class LoadingStrip(QWidget):
    """Hidden once everything is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[LoadStep, ...] = ()
        self._put_away = False
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setMinimumWidth(1)  # a narrow window cuts the line instead of growing
        self.close_button = Button("close", name=self.tr("Hide this line"))
        self.close_button.clicked.connect(self._put_it_away)
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(unit, unit // 4, unit // 2, unit // 4)
        row.addWidget(self.label, 1)
        row.addWidget(self.close_button)
        self.hide()

    def show_it(self, shown: Shown) -> None:
        """Show how far loading is; goes away when the models are ready."""
        self.setVisible(bool(shown.loading) and not shown.ready and not self._put_away)
        if shown.loading == self._steps:
            return
        self._steps = shown.loading
        text = self.tr("Loading:  {0}").format("    ".join(part_text(one) for one in shown.loading))
        self.label.setText(text)
        self.label.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        done = sum(one.step == "done" for one in self._steps) + 0.5 * sum(one.step == "working" for one in self._steps)
        share = done / max(len(self._steps), 1)
        thickness = max(2.0, self.fontMetrics().height() * 0.14)
        line = QRectF(0, self.height() - thickness, self.width(), thickness)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.fillRect(line, self.palette().color(QPalette.ColorRole.Mid))
        line.setWidth(self.width() * share)
        painter.fillRect(line, self.palette().color(QPalette.ColorRole.Highlight))

    def _put_it_away(self) -> None:
        self._put_away = True
        self.hide()


def part_text(step: LoadStep) -> str:
    """A part, how far it is, and how long it took."""
    name = QCoreApplication.translate("loading", str(_PARTS.get(step.name, step.name)))
    took = QCoreApplication.translate("loading", "{0} s").format(f"{step.seconds:.1f}") if step.step == "done" else ""
    return " ".join(part for part in (_MARKS[step.step], name, took) if part)
