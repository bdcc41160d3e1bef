"""All maps at a glance: who looks on rows, what is looked at on columns; self-attention is the diagonal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.names import block_name, name_of
from demo.running import EVERY_MODALITY
from demo.theme import faint
from demo.widgets.attention_choice import Block
from demo.widgets.attention_heat import grounded_heat
from engine.config import Fusion, Modality
from engine.types import AttentionMap

_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class AttentionOverview(QWidget):
    """A grid of small maps (means over heads, each scaled by its own maximum) to choose from.

    Signals
    -------
    block_chosen : (fusion, target, source).
    """

    block_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: Mapping[Fusion, Sequence[AttentionMap]] = {}
        self._block: Block = ("cross", "text", "video")
        self._uses: Mapping[Fusion, tuple[Modality, ...]] = {}
        self._used: tuple[Modality, ...] = EVERY_MODALITY
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("All attention maps"))
        self.setToolTip(self.tr("Who looks (rows) at what (columns); the diagonal is self-attention. Click one."))

    def sizeHint(self) -> QSize:
        """Three small maps and their titles."""
        line = self.fontMetrics().height()
        return QSize(15 * line, 14 * line)

    def show_maps(
        self,
        maps: Mapping[Fusion, Sequence[AttentionMap]],
        block: Block,
        uses: Mapping[Fusion, tuple[Modality, ...]] | None = None,
    ) -> None:
        """Show the maps of a moment, and which one is chosen; ``uses`` are the modalities of the models that run."""
        uses = uses or {}
        if maps is not self._maps or block != self._block or uses != self._uses:
            self._maps, self._block, self._uses = maps, block, uses
            every = {name for one in uses.values() for name in one}
            self._used = tuple(name for name in EVERY_MODALITY if name in every or not uses)
            self.setAccessibleDescription(block_name(block[1], block[2]))
            self.update()

    def cell(self, row: int, column: int) -> QRectF:
        """Where the map of a pair of modalities is drawn."""
        line = QFontMetricsF(self.font()).height()
        left, top = 1.4 * line, 1.4 * line
        side = (self.width() - left) / max(2, len(self._used))
        gap = 0.25 * line
        return QRectF(left + column * side, top + row * side, side - gap, side - gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the grid."""
        painter = QPainter(self)
        line = QFontMetricsF(self.font()).height()
        for index, name in enumerate(self._used):
            painter.setPen(faint(self, 0.8))
            above = self.cell(0, index)
            painter.drawText(
                QRectF(above.left(), 0, above.width(), 1.3 * line), Qt.AlignmentFlag.AlignCenter, name_of(name)
            )
            beside = self.cell(index, 0)
            painter.save()
            painter.translate(0, beside.bottom())
            painter.rotate(-90)
            painter.drawText(QRectF(0, 0, beside.height(), 1.3 * line), Qt.AlignmentFlag.AlignCenter, name_of(name))
            painter.restore()
            for column in range(len(self._used)):
                self._draw_map(painter, index, column)
        bottom = self.cell(len(self._used) - 1, 0).bottom() + 0.5 * line
        painter.setPen(faint(self, 0.6))
        painter.drawText(
            QRectF(1.4 * line, bottom, self.width() - 1.6 * line, max(0.0, self.height() - bottom)),
            Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self.tr("Rows look at columns. On the diagonal self-attention, around it cross-attention."),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the map that was clicked."""
        for row in range(len(self._used)):
            for column in range(len(self._used)):
                if self.cell(row, column).contains(event.position()):
                    self._choose(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the choice."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        row, column = (self._used.index(one) if one in self._used else 0 for one in self._block[1:])
        last = len(self._used) - 1
        self._choose(min(max(row + step[0], 0), last), min(max(column + step[1], 0), last))

    def _choose(self, row: int, column: int) -> None:
        fusion = self._fusion_of(row, column)
        target, source = self._used[row], self._used[column]
        if self._uses and not {target, source} <= set(self._uses.get(fusion, ())):
            return
        if not self._maps or fusion in self._maps:
            self.block_chosen.emit((fusion, target, source))

    def _fusion_of(self, row: int, column: int) -> Fusion:
        """Which model's map stands at a place: the chosen one's where it has both kinds, else that of this kind."""
        kind: Fusion = "self" if row == column else "cross"
        runs = self._uses or self._maps
        return "cross+self" if self._block[0] == "cross+self" or ("cross+self" in runs and kind not in runs) else kind

    def _draw_map(self, painter: QPainter, row: int, column: int) -> None:
        rect = self.cell(row, column)
        target, source = self._used[row], self._used[column]
        fusion = self._fusion_of(row, column)
        one = next((one for one in self._maps.get(fusion, ()) if (one.target, one.source) == (target, source)), None)
        if one is None or not one.weights.size:
            painter.fillRect(rect, faint(self, 0.08))
            painter.setPen(faint(self, 0.4))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "—")
        else:
            weights = one.weights.mean(axis=0, dtype=np.float32)
            ground = self.palette().color(QPalette.ColorRole.Window)
            painter.drawImage(rect, grounded_heat(weights / max(float(weights.max()), 1e-9), ground))
            painter.setPen(QPen(faint(self, 0.25), 1))
            painter.drawRect(rect)
        if (fusion, target, source) == self._block:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3 if self.hasFocus() else 2))
            painter.drawRect(rect.adjusted(-2, -2, 2, 2))
