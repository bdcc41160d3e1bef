"""A dock with a quiet title: a rounded panel that can be moved, floated and closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from demo.shell.button import Button
from demo.theme import faint

RADIUS = 8.0


class PanelTitle(QWidget):
    """Name, float and close; the dock is dragged by it."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.label = QLabel(dock.windowTitle())
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.label.setFont(font)
        small = QFont(self.font())
        small.setPointSizeF(self.font().pointSizeF() * 0.8)
        self.float_button = Button("float", name=self.tr("Take {0} out of the window").format(dock.windowTitle()))
        self.close_button = Button("close", name=self.tr("Close {0}").format(dock.windowTitle()))
        self.float_button.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self.close_button.clicked.connect(dock.close)
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(round(unit * 0.7), unit // 5, unit // 4, 0)
        row.setSpacing(0)
        row.addWidget(self.label, 1)
        for button in (self.float_button, self.close_button):
            button.setFont(small)
            row.addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area.adjusted(0, 0, 0, RADIUS), RADIUS, RADIUS)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, self.palette().window())

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.Show}:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        colour = faint(self, 0.75)
        palette = self.label.palette()
        if palette.color(self.label.foregroundRole()) != colour:
            palette.setColor(self.label.foregroundRole(), colour)
            self.label.setPalette(palette)


class PanelBody(QWidget):
    """What a panel's view stands on."""

    def __init__(self, view: QWidget, *, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole
        unit = self.fontMetrics().height()
        column = QVBoxLayout(self)
        margin = round(unit * 0.5)
        column.setContentsMargins(margin, margin if whole else unit // 5, margin, margin)
        column.setSpacing(margin)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # a low window cuts a view, none overlaps
        column.addWidget(view)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(9 * unit, 4 * unit)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area if self._whole else area.adjusted(0, -RADIUS, 0, 0), RADIUS, RADIUS)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, self.palette().window())


class Panel(QDockWidget):
    """A dock around one view. ``name`` is what the layout is remembered by."""

    key_pressed = Signal(QKeyEvent)

    def __init__(self, name: str, title: str, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.view = view
        self._title = PanelTitle(self)
        self._no_title = QWidget()
        self._no_title.setFixedHeight(0)
        self.setTitleBarWidget(self._title)
        self.setWidget(PanelBody(view))

    def show_title(self, shown: bool) -> None:
        """A panel in a group of tabs needs no title of its own."""
        wanted = self._title if shown else self._no_title
        if self.titleBarWidget() is not wanted:
            self.setTitleBarWidget(wanted)
            wanted.setVisible(True)
            (self._no_title if shown else self._title).hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if self.isFloating() and event.key() != Qt.Key.Key_Escape:
            self.key_pressed.emit(event)  # a window of its own, from which keys do not reach the main one
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if self.isFloating():
            self.key_pressed.emit(event)
        else:
            super().keyReleaseEvent(event)
