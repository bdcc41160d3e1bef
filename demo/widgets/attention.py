"""The attention view: which map, the map itself, and one sentence that says what it shows."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from demo.names import name_of
from demo.running import EVERY_MODALITY
from demo.shown import Shown
from demo.theme import faint
from demo.widgets.attention_choice import Block, BlockChoice
from demo.widgets.attention_heat import scale_text
from demo.widgets.attention_look import Look, look_at
from demo.widgets.attention_map import AttentionMapCanvas
from demo.widgets.attention_overview import AttentionOverview
from demo.widgets.faithfulness import FaithfulnessLine
from demo.widgets.figures import clock
from demo.widgets.gaze_text import gaze_sentence
from engine.config import Fusion
from engine.gaze import strongest
from engine.types import AttentionMap

_OVERVIEW_FROM = (44, 20)
"""Lines of text that the view must be wide and high for the overview of all maps to stand beside the chosen one."""

_LAGS_STEPS = 3
"""Maps are computed after the answer: from so many predictions on they belong to something else."""


class AttentionView(QWidget):
    """Shows where the model looked in the seconds that the shown prediction is made from.

    Signals
    -------
    seek_wanted : media time that was clicked.
    fusion_chosen : "self", "cross" or "cross+self".
    """

    seek_wanted = Signal(float)
    fusion_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._key: object = None
        self.choice = BlockChoice(self)
        self.canvas = AttentionMapCanvas(self)
        self.overview = AttentionOverview(self)
        self.sentence = QLabel(self)
        self.note = QLabel(self)
        self.faithfulness = FaithfulnessLine(self)
        self._lay_out()
        self.choice.block_chosen.connect(self._block_chosen)
        self.choice.head_chosen.connect(self._refresh)
        self.overview.block_chosen.connect(self.choice.choose)
        self.canvas.seek_wanted.connect(self.seek_wanted)
        self._refresh()

    def _lay_out(self) -> None:
        for label, name in ((self.sentence, self.tr("What the map says")), (self.note, self.tr("About the map"))):
            label.setWordWrap(True)
            label.setAccessibleName(name)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        middle = QHBoxLayout()
        middle.addWidget(self.overview)
        middle.addWidget(self.canvas, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.choice)
        layout.addLayout(middle, 1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.note)
        layout.addWidget(self.faithfulness)
        self._adapt()

    def sizeHint(self) -> QSize:
        """Room for a map, its labels and a sentence."""
        line = self.fontMetrics().height()
        return QSize(30 * line, 26 * line)

    def setFusion(self, fusion: Fusion) -> None:
        """Choose the fusion from outside; nothing is emitted."""
        self.choice.set_fusion(fusion)
        self._refresh()

    def show_it(self, shown: Shown) -> None:
        """Show the maps of a moment; the choice of fusion, block and head stays."""
        current = _is_current(shown)
        attention = shown.attention
        maps = tuple(id(one) for some in attention.maps.values() for one in some)
        key = (attention.pts_s, maps, current, shown.emotion.muted, shown.kind, shown.ready, shown.running)
        before, self._key, self._shown = self._key, key, shown
        if key != before:
            self.choice.run(shown.running.uses)
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The overview appears where there is room for it."""
        self._adapt()

    def changeEvent(self, event: QEvent) -> None:
        """Colours of the note follow the palette."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._adapt()
        super().changeEvent(event)

    def _adapt(self) -> None:
        line = self.fontMetrics().height()
        wide, high = _OVERVIEW_FROM
        self.faithfulness.adapt(lines=self.height() / line)
        self.overview.setVisible(self.width() >= wide * line and self.height() >= high * line)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, faint(self, 0.75))
        if self.note.palette().color(QPalette.ColorRole.WindowText) != palette.color(QPalette.ColorRole.WindowText):
            self.note.setPalette(palette)

    def _block_chosen(self, fusion_changed: bool) -> None:
        if fusion_changed:
            self.fusion_chosen.emit(self.choice.block[0])
        self._refresh()

    def _refresh(self) -> None:
        """Show the chosen map of the newest state."""
        shown = self._shown
        attention, block = shown.attention, self.choice.block
        self.choice.offer(attention.maps)
        current = _is_current(shown)
        one = _find(shown, block)
        look = (
            None if one is None else look_at(one, self.choice.head, attention.words, attention.crops, current=current)
        )
        self.canvas.show_look(look, "" if look is not None else self._why_none(shown, block))
        self.overview.show_maps(attention.maps, block, shown.running.uses)
        said = "" if look is None else gaze_sentence(strongest(look.map, attention.words, look.head))
        self.sentence.setText(said)
        self.sentence.setVisible(bool(said))
        if look is not None:
            self.sentence.setToolTip(scale_text(float(look.weights.max()), 1 / look.weights.shape[1]))
        fusion, target, source = block
        self.faithfulness.setVisible(look is not None)
        self.faithfulness.show_measured(shown.running.faithfulness.get(fusion, {}).get((target, source)))
        note = "" if look is None else self._note(shown, look)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _note(self, shown: Shown, look: Look) -> str:
        parts = []
        if shown.emotion.certainty != "current" and shown.attention.pts_s is not None:
            parts.append(self.tr("Not current: this belongs to {0}.").format(clock(shown.attention.pts_s)))
        if look.map.back_projected:
            parts.append(
                self.tr(
                    "Back-projected: positions of this model are mixtures of the whole window, so these times are "
                    "an estimate."
                )
            )
        return " ".join(parts)

    def _why_none(self, shown: Shown, block: Block) -> str:
        """What to say in place of a map."""
        fusion, target, source = block
        if shown.kind == "empty":
            return self.tr("Open a recording or start the camera: here you will see where the model looks.")
        if not shown.ready:
            return self.tr("The models are loading.")
        if not shown.analysed:
            return self.tr("Not analysed yet.")
        if shown.attention.pts_s is None or not shown.attention.maps:
            if len(shown.running.used) < len(EVERY_MODALITY):
                return self.tr("Nothing there yet that the models use.")
            return self.tr("No face, voice or words to look at yet.")
        if fusion not in shown.attention.maps:
            return self.tr("The model with {0} is not running.").format(name_of(fusion))
        for modality in (target, source):
            if modality in shown.emotion.muted:
                return self.tr(str(_MUTED[modality]))
        lacking = [one for one in (target, source) if one not in _seen(shown)]
        return self.tr(str(_MISSING[lacking[0] if lacking else source]))


_MUTED = {
    "audio": QT_TRANSLATE_NOOP("AttentionView", "The voice is muted: nothing looks at it, and it looks at nothing."),
    "video": QT_TRANSLATE_NOOP("AttentionView", "The face is muted: nothing looks at it, and it looks at nothing."),
    "text": QT_TRANSLATE_NOOP("AttentionView", "The words are muted: nothing looks at them, and they look at nothing."),
}
_MISSING = {
    "audio": QT_TRANSLATE_NOOP("AttentionView", "No voice in these seconds, so this map is missing."),
    "video": QT_TRANSLATE_NOOP("AttentionView", "No face in these seconds, so this map is missing."),
    "text": QT_TRANSLATE_NOOP("AttentionView", "No words in these seconds yet, so this map is missing."),
}


def _is_current(shown: Shown) -> bool:
    """Whether the maps belong to the answer that is shown: for a moment they may be of before a seek."""
    of_s = shown.attention.pts_s
    near = of_s is None or abs(of_s - shown.emotion.pts_s) <= _LAGS_STEPS * shown.history.step_s
    return near and shown.emotion.certainty == "current"


def _find(shown: Shown, block: Block) -> AttentionMap | None:
    fusion, target, source = block
    maps = shown.attention.maps.get(fusion, ())
    return next((one for one in maps if (one.target, one.source) == (target, source)), None)


def _seen(shown: Shown) -> set[str]:
    """Modalities that any map of the moment has."""
    return {name for maps in shown.attention.maps.values() for one in maps for name in (one.target, one.source)}
