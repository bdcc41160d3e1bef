"""Two models side by side, self- and cross-attention: both answers, emotion by emotion, and their agreement."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from demo.shown import Shown
from demo.widgets.agreement_strip import AgreementStrip
from demo.widgets.compare_plot import ComparePlot


class CompareView(QWidget):
    """Both models on the same stream.

    Signals
    -------
    seek_wanted : media time that was clicked in the strip.
    """

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = ComparePlot(self)
        self.strip = AgreementStrip(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.addWidget(self.plot, 3)
        layout.addWidget(self.strip, 1)
        self.strip.seek_wanted.connect(self.seek_wanted)

    def sizeHint(self) -> QSize:
        """A row for each emotion, and a strip."""
        line = self.fontMetrics().height()
        return QSize(32 * line, 22 * line)

    def show_it(self, shown: Shown) -> None:
        """Show a state."""
        self.plot.show_it(shown)
        self.strip.setVisible(shown.kind != "empty")
        self.strip.show_it(shown)
