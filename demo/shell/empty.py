"""What a stranger sees first: a place to drop a recording on, and three ways to begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from demo.shell.button import Button
from demo.shell.ethics import ethics_text, privacy_text
from demo.shell.mark import Mark
from demo.theme import faint, ground

_RECENT = 3


class EmptyState(QWidget):
    """The page without a session.

    Parameters
    ----------
    recent : recordings that were opened before; those that are still there are offered.
    """

    open_wanted = Signal()
    live_wanted = Signal()
    sample_wanted = Signal()
    file_wanted = Signal(str)
    sessions_wanted = Signal()

    def __init__(self, recent: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.heading = QLabel(self.tr("Drop a recording here"))
        self.heading.setFont(_scaled(self.font(), 2.1, bold=True))
        self.detail = QLabel(
            self.tr(
                "A film or a sound file. Attune shows which emotion it sees, hears and reads,\nand where it looked."
            )
        )
        self.open = Button("open", self.tr("Open a recording"), name=self.tr("Open a recording (Ctrl+O)"), primary=True)
        self.live = Button("live", self.tr("Go live"), name=self.tr("Use camera and microphone (Ctrl+L)"), quiet=False)
        self.sample = Button(
            "sample", self.tr("Try the sample"), name=self.tr("Play the recording that comes with Attune"), quiet=False
        )
        for button, signal in (
            (self.open, self.open_wanted),
            (self.live, self.live_wanted),
            (self.sample, self.sample_wanted),
        ):
            button.setFont(_scaled(self.font(), 1.25))
            button.clicked.connect(signal)
        self._lay_out(recent)

    def show_drop(self, over: bool) -> None:
        """Whether a file hovers above the window."""
        if over != self._over:
            self._over = over
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground(self.palette()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(unit, unit, -unit, -unit)
        role = QPalette.ColorRole
        pen = QPen(self.palette().color(role.Highlight) if self._over else faint(self, 0.35), 2 if self._over else 1.4)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        inside = self.palette().color(role.Window)
        if self._over:
            inside = QColor(self.palette().color(role.Highlight))
            inside.setAlpha(28)
        painter.setBrush(inside)
        painter.drawRoundedRect(area, unit, unit)

    def _lay_out(self, recent: tuple[str, ...]) -> None:
        unit = self.fontMetrics().height()
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        column.setSpacing(unit)
        column.addStretch(3)
        column.addWidget(Mark(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(unit)
        for label in (self.heading, self.detail):
            column.addWidget(_centred(label))
        row = QHBoxLayout()
        row.setSpacing(unit)
        row.addStretch(1)
        for button in (self.open, self.live, self.sample):
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(unit)
        column.addLayout(row)
        column.addSpacing(unit)
        self._add_recent(column, recent)
        column.addStretch(3)
        for text in (privacy_text(), ethics_text()):
            label = _centred(QLabel(text))
            label.setFont(_scaled(self.font(), 0.9))
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, faint(self, 0.72))
            label.setPalette(palette)
            column.addWidget(label)
            column.setSpacing(unit // 2)

    def _add_recent(self, column: QVBoxLayout, recent: tuple[str, ...]) -> None:
        here = [one for one in recent if Path(one).is_file() or (Path(one) / "session.json").is_file()][:_RECENT]
        for path in here:
            button = Button(text=Path(path).name, name=self.tr("Open {0}").format(path))
            button.clicked.connect(lambda _=False, path=path: self.file_wanted.emit(path))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        sessions = Button(text=self.tr("Recorded sessions…"), name=self.tr("What was recorded here (Ctrl+E)"))
        sessions.clicked.connect(self.sessions_wanted)
        column.addWidget(sessions, 0, Qt.AlignmentFlag.AlignHCenter)


def _centred(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label


def _scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * factor)
    scaled.setBold(bold)
    return scaled
