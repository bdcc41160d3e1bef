"""Health: how fast everything works, what is lost, and how old a picture is when it is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from demo.shown import Shown
from demo.widgets.health_page import HealthPage


class HealthView(QScrollArea):
    """The figures, to be scrolled where there is no room for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = HealthPage(self)
        self.setWidget(self.page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.page.accessibleName())

    def show_it(self, shown: Shown) -> None:
        """Show a state."""
        self.page.show_it(shown)
        self.setAccessibleDescription(self.page.accessibleDescription())
