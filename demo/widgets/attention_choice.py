"""Which attention map is shown: fusion, block and head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from demo.names import block_name, name_of
from demo.widgets.panel import caption_font
from engine.config import MODALITIES, Fusion, Modality
from engine.types import AttentionMap

Block = tuple[Fusion, Modality, Modality]
"""Fusion, who looks, and what is looked at."""

HEADS = 6

BLOCKS: Mapping[Fusion, tuple[Block, ...]] = {
    "self": tuple(("self", one, one) for one in MODALITIES),  # type: ignore[misc]
    "cross": tuple(("cross", a, b) for a in MODALITIES for b in MODALITIES if a != b),  # type: ignore[misc]
}
"""The maps of each fusion, in the order they are offered."""


class BlockChoice(QWidget):
    """A row of controls. What was chosen of each fusion is remembered.

    Signals
    -------
    block_chosen : another map was chosen; whether that changed the fusion.
    head_chosen : another head was chosen.
    """

    block_chosen = Signal(bool)
    head_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fusion: Fusion = "cross"
        self._kept: dict[Fusion, Block] = {"self": BLOCKS["self"][0], "cross": ("cross", "text", "video")}
        self.fusions: dict[Fusion, QToolButton] = {}
        self.blocks = QComboBox(self)
        self.heads = QComboBox(self)
        self._build()
        self._shrink()
        self._fill()

    @property
    def block(self) -> Block:
        """The chosen map."""
        return self._kept[self._fusion]

    @property
    def head(self) -> int | None:
        """The chosen head from 0, None for the mean."""
        index = self.heads.currentIndex()
        return index - 1 if index > 0 else None

    def choose(self, block: Block) -> None:
        """Choose a map, as a click on it does."""
        if block == self.block:
            return
        changed = block[0] != self._fusion
        self._fusion = block[0]
        self._kept[block[0]] = block
        self._fill()
        self.block_chosen.emit(changed)

    def set_fusion(self, fusion: Fusion) -> None:
        """Choose a fusion without a signal."""
        self._fusion = fusion
        self._fill()

    def offer(self, maps: Mapping[Fusion, Sequence[AttentionMap]]) -> None:
        """Enable what runs: with no maps at all, everything, so that a choice can be made beforehand."""
        for fusion, button in self.fusions.items():
            button.setEnabled(not maps or fusion in maps)

    def changeEvent(self, event: QEvent) -> None:
        """The controls are a little smaller than the text, so that names are whole in a narrow view."""
        if event.type() == QEvent.Type.FontChange:
            self._shrink()
        super().changeEvent(event)

    def _shrink(self) -> None:
        font = caption_font(self)
        for one in (*self.fusions.values(), self.blocks, self.heads):
            one.setFont(font)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        texts = {"self": self.tr("Self"), "cross": self.tr("Cross")}
        tips = {
            "self": self.tr("Self-attention: each of voice, face and words looks at itself"),
            "cross": self.tr("Cross-attention: each of voice, face and words looks at the other two"),
        }
        for fusion in BLOCKS:
            button = QToolButton(self)
            button.setText(texts[fusion])
            button.setToolTip(tips[fusion])
            button.setAccessibleName(name_of(fusion))
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _=False, one=fusion: self.choose(self._kept[one]))
            group.addButton(button)
            row.addWidget(button)
            self.fusions[fusion] = button
        self.blocks.setAccessibleName(self.tr("Who looks at what"))
        self.blocks.setToolTip(self.tr("Which map: who looks (rows) at what (columns)"))
        self.blocks.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.blocks.setMinimumContentsLength(6)
        self.blocks.activated.connect(lambda index: self.choose(BLOCKS[self._fusion][index]))
        self.heads.setAccessibleName(self.tr("Attention head"))
        self.heads.setToolTip(self.tr("The model looks with six heads at once: their mean, or one of them"))
        self.heads.addItem(self.tr("Mean"))
        self.heads.addItems([str(k + 1) for k in range(HEADS)])
        self.heads.currentIndexChanged.connect(lambda _: self.head_chosen.emit())
        row.addWidget(self.blocks, 1)
        row.addWidget(self.heads)

    def _fill(self) -> None:
        """Show the choice in the controls."""
        self.fusions[self._fusion].setChecked(True)
        names = [block_name(target, source) for _, target, source in BLOCKS[self._fusion]]
        if names != [self.blocks.itemText(k) for k in range(self.blocks.count())]:
            self.blocks.clear()
            self.blocks.addItems(names)
        self.blocks.setCurrentIndex(BLOCKS[self._fusion].index(self.block))
