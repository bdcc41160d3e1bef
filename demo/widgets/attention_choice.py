"""Which attention map is shown: fusion, block and head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from demo.names import block_name, name_of
from demo.running import EVERY_MODALITY
from demo.widgets.panel import caption_font
from engine.config import FUSIONS, Fusion, Modality
from engine.types import AttentionMap

Block = tuple[Fusion, Modality, Modality]
"""Fusion, who looks, and what is looked at."""

HEADS = 6


def blocks_of(fusion: Fusion, used: Sequence[Modality] = EVERY_MODALITY) -> tuple[Block, ...]:
    """The maps of a fusion over some modalities, in the order they are offered."""
    within = tuple((fusion, one, one) for one in used)
    between = tuple((fusion, a, b) for a in used for b in used if a != b)
    return (within if "self" in fusion else ()) + (between if "cross" in fusion else ())


BLOCKS: Mapping[Fusion, tuple[Block, ...]] = {fusion: blocks_of(fusion) for fusion in FUSIONS}
"""The maps of each fusion over all modalities."""

_FIRST: Mapping[Fusion, tuple[Modality, Modality]] = {
    "self": ("audio", "audio"),
    "cross": ("text", "video"),
    "cross+self": ("text", "video"),
}
"""What is shown first, where the model has it."""


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
        self._uses: Mapping[Fusion, tuple[Modality, ...]] = {}
        self._kept: dict[Fusion, Block] = {fusion: (fusion, *pair) for fusion, pair in _FIRST.items()}
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

    def run(self, uses: Mapping[Fusion, tuple[Modality, ...]]) -> bool:
        """Offer the maps of the models that run. Returns whether that changed the choice.

        Parameters
        ----------
        uses : the modalities of each model; empty while that is not known.
        """
        if uses == self._uses:
            return False
        before, self._uses = self.block, dict(uses)
        for fusion, used in uses.items():
            offered = blocks_of(fusion, used)
            if self._kept[fusion] not in offered:
                first = (fusion, *_FIRST[fusion])
                self._kept[fusion] = first if first in offered else offered[0]
        if uses and self._fusion not in uses:
            self._fusion = next(iter(uses))
        usual = "cross+self" not in uses
        for fusion, button in self.fusions.items():
            button.setVisible(fusion != "cross+self" if usual else fusion in uses and len(uses) > 1)
        self._fill()
        return self.block != before

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
        texts = {"self": self.tr("Self"), "cross": self.tr("Cross"), "cross+self": self.tr("Both in one")}
        tips = {
            "self": self.tr("Self-attention: each of voice, face and words looks at itself"),
            "cross": self.tr("Cross-attention: each of voice, face and words looks at the other two"),
            "cross+self": self.tr(
                "One model with both: each of voice, face and words looks at itself and at the others"
            ),
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
            button.setVisible(fusion != "cross+self")
            self.fusions[fusion] = button
        self.blocks.setAccessibleName(self.tr("Who looks at what"))
        self.blocks.setToolTip(self.tr("Which map: who looks (rows) at what (columns)"))
        self.blocks.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.blocks.setMinimumContentsLength(6)
        self.blocks.activated.connect(lambda index: self.choose(self._offered()[index]))
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
        names = [block_name(target, source) for _, target, source in self._offered()]
        if names != [self.blocks.itemText(k) for k in range(self.blocks.count())]:
            self.blocks.clear()
            self.blocks.addItems(names)
        self.blocks.setCurrentIndex(self._offered().index(self.block))

    def _offered(self) -> tuple[Block, ...]:
        return blocks_of(self._fusion, self._uses.get(self._fusion, EVERY_MODALITY))
