"""Contributions: what face, voice and words each added to the answer, and what it would be without one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from demo.names import name_of
from demo.shown import Shown
from demo.widgets.origin_chart import Waterfall, WaterfallChart, rows_of
from demo.widgets.origin_marks import modality_icon
from demo.widgets.origin_text import STEPS, origin_lines, steps_of, unused_sentence, without_sentence
from engine.config import FUSIONS, Modality

_KEYS = {"video": "F", "audio": "V", "text": "W"}


class OriginView(QWidget):
    """Waterfalls of the exact Shapley shares, one for each fusion, and a mute button for each modality that is used.

    F, V and W mute face, voice and words while the view has the focus.

    Signals
    -------
    mute_changed : modality, and whether it is to be muted.
    """

    mute_changed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key: object = None
        self._used: tuple[Modality, ...] = STEPS
        self.headline = QLabel(self)
        self.headline.setWordWrap(True)
        self.headline.setAccessibleName(self.tr("Where the answer comes from"))
        self.headline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.nothing = self._row_label(self.tr("with nothing"))
        self.everything = self._row_label(self.tr("with all"))
        self.buttons = {modality: self._button(modality) for modality in STEPS}
        self.charts = {fusion: WaterfallChart(self) for fusion in FUSIONS}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.addWidget(self.headline)
        self._labels = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(self.fontMetrics().height())
        row.addWidget(self._labels)
        for chart in self.charts.values():
            row.addWidget(chart, 1)
        layout.addLayout(row, 1)
        for one in (self.nothing, *self.buttons.values(), self.everything):
            one.setParent(self._labels)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_it(Shown())

    def sizeHint(self) -> QSize:
        """Five rows, two charts and a sentence."""
        line = self.fontMetrics().height()
        return QSize(36 * line, 14 * line)

    def show_it(self, shown: Shown) -> None:
        """Show a state; the buttons follow what is muted."""
        current = shown.emotion.certainty == "current"
        self._used = shown.running.used
        key = (shown.origin, shown.emotion.muted, current, shown.kind, shown.ready, self._used)
        if key == self._key:
            return
        self._key = key
        for modality, button in self.buttons.items():
            self._set_muted(modality, button, modality in shown.emotion.muted)
            button.setEnabled(shown.kind != "empty" and modality in self._used)
            button.setVisible(modality in self._used)
        for fusion, chart in self.charts.items():
            shares = shown.origin.shares.get(fusion)
            chart.show_shares(
                None
                if shares is None
                else Waterfall(fusion, shares, shown.origin.muted, current, self._used, shown.labels)
            )
            chart.setVisible(shares is not None)
        self._labels.setVisible(bool(shown.origin.shares) or bool(shown.emotion.muted))
        self.headline.setText(self._words(shown))
        empty = self._labels.isHidden()
        self.headline.setAlignment(Qt.AlignmentFlag.AlignCenter if empty else Qt.AlignmentFlag.AlignLeft)
        self._place()

    def _words(self, shown: Shown) -> str:
        if shown.kind == "empty":
            return self.tr("Open a recording or start the camera: here you will see what the answer comes from.")
        if not shown.ready:
            return self.tr("The models are loading.")
        without = without_sentence(shown.emotion.muted)
        if not shown.origin.shares:
            if without:
                return f"{without}."
            if len(self._used) < len(STEPS):
                return self.tr("Nothing to explain yet: nothing there that the models use.")
            return self.tr("Nothing to explain yet: neither face nor voice.")
        lines = [
            text if fusion is None else f"<b>{name_of(fusion)}</b>: {text}"
            for fusion, text in origin_lines(shown.origin.shares)
        ]
        unused = unused_sentence(self._used)
        return "<br>".join([*([f"<b>{without}</b>"] if without else []), *lines, *([unused] if unused else [])])

    def _row_label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        return label

    def _button(self, modality: Modality) -> QToolButton:
        tips = {
            "video": self.tr("What if it could not see me? Take the face away (F)"),
            "audio": self.tr("What if it could not hear my voice? Take the voice away (V)"),
            "text": self.tr("What if it did not understand the words? Take the words away (W)"),
        }
        button = QToolButton(self)
        button.setCheckable(True)
        button.setText(name_of(modality))
        button.setToolTip(tips[modality])
        button.setAccessibleName(self.tr("Mute {0}").format(name_of(modality)))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda checked, one=modality: self._clicked(one, checked))
        shortcut = QShortcut(QKeySequence(_KEYS[modality]), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(button.click)
        return button

    def _clicked(self, modality: Modality, muted: bool) -> None:
        self._set_muted(modality, self.buttons[modality], muted)
        self._key = None  # the next state decides, whether or not it has changed by then
        self.mute_changed.emit(modality, muted)

    def _set_muted(self, modality: Modality, button: QToolButton, muted: bool) -> None:
        button.setChecked(muted)
        font = button.font()
        if font.strikeOut() != muted:
            font.setStrikeOut(muted)
            button.setFont(font)
        button.setIcon(modality_icon(modality, self.palette(), muted=muted))

    def _place(self) -> None:
        """Labels and buttons stand before the rows of the charts."""
        line = self.fontMetrics().height()
        for button in self.buttons.values():
            button.setIconSize(QSize(line, line))
        shown = [self.buttons[one] for one in steps_of(self._used)]
        rows: list[QWidget] = [self.nothing, *shown, self.everything]
        width = max(one.sizeHint().width() for one in rows)
        self._labels.setFixedWidth(width)
        head = 1.6 * line
        each = (self._labels.height() - head) / rows_of(self._used)
        for index, one in enumerate(rows):
            height = min(one.sizeHint().height(), round(each)) if isinstance(one, QToolButton) else round(each)
            one.setGeometry(0, round(head + index * each + (each - height) / 2), width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep labels beside their rows."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Icons follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            for modality, button in self.buttons.items():
                button.setIcon(modality_icon(modality, self.palette(), muted=button.isChecked()))
        super().changeEvent(event)
