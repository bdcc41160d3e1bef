"""The transcript as text that can be selected: one paragraph for each utterance, its time in the margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count
from operator import is_not

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from demo.clock_text import clock_text
from demo.theme import faint, modality_colour, warning_colour
from demo.widgets.figures import clock, percent
from demo.widgets.panel import caption_font, paint_empty, paint_focus
from demo.widgets.transcript_script import Line, Look, Script, boxes_of
from engine.types import Word
from engine.utterance import Utterance

_TINT_FROM, _TINT_TO = 14, 112
"""Opacity of the tint of a word without attention and of the one with most: text stays legible on it."""

Weights = Mapping[tuple[float, str], float]


class Transcript(QTextEdit):
    """Changes only the words that have changed, and stays at the newest until the user scrolls up.

    Signals
    -------
    word_chosen : a word that was clicked, or at the caret when Enter was pressed.
    """

    word_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: Weights = {}
        self._message = ("", "")
        self._pressed: QPoint | None = None
        self.setReadOnly(True)
        flag = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Transcript"))
        self._script = Script(self.document(), self._look())
        self._utterances: tuple[Utterance, ...] = ()
        self._lines_before = [0]  # each utterance, and at the end: those with words have a line

    @property
    def at_newest(self) -> bool:
        """Whether the end can be seen."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self.fontMetrics().height() // 2

    @property
    def message(self) -> tuple[str, str]:
        """What is written where there are no words, and what to do."""
        return self._message

    def go_to_newest(self) -> None:
        """Scroll to the end, and stay there from now on."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def show_utterances(self, utterances: Sequence[Utterance], message: tuple[str, str]) -> None:
        """Make the document say what was said; costs next to nothing for utterances that have stayed."""
        follow = self.at_newest
        stayed = _stayed(self._utterances, utterances)
        self._utterances = tuple(utterances)
        del self._lines_before[stayed + 1 :]
        first = self._lines_before[-1]
        gap = self.tr("[words are missing: the recogniser failed]")
        lines = []
        for one in self._utterances[stayed:]:
            if one.words or one.missing:
                lines.append(Line(one.start_s, one.words, gap=gap if one.missing else ""))
            self._lines_before.append(first + len(lines))
        self._script.show(lines, first)
        changed = message != self._message
        self._message = message
        if follow:
            self.go_to_newest()
        if changed:
            self.viewport().update()

    def show_weights(self, weights: Weights) -> None:
        """Tint each word by its share of attention, 0..1, by (start_s, text)."""
        if weights is not self._weights and weights != self._weights:
            self._weights = weights
            self.viewport().update()

    def word_at(self, position: QPointF) -> Word | None:
        """The word under a point of the viewport."""
        for block, line in self._visible():
            for word, boxes in self._boxes(block, line):
                if any(box.contains(position) for box in boxes):
                    return word
        return None

    def place_of(self, word: Word) -> QRectF | None:
        """Where a word is drawn in the viewport, None where it cannot be seen."""
        for block, line in self._visible():
            for one, boxes in self._boxes(block, line):
                if one == word and boxes:
                    return boxes[0]
        return None

    def weight_of(self, word: Word) -> float | None:
        """Attention of a word, 1 for the strongest of the window; None outside of it."""
        return self._weights.get((word.start_s, word.text))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._script.lines:
            paint_empty(self, painter, QRectF(self.viewport().rect()), *self._message)
        for block, line in self._visible():
            self._paint_time(painter, block, line)
            if self._weights:
                self._paint_tints(painter, block, line)
        if self.hasFocus():
            paint_focus(self, painter, QRectF(self.viewport().rect()))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        follow = self.at_newest
        super().resizeEvent(event)
        if follow:
            self.go_to_newest()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.PaletteChange}:
            self._write_anew()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        super().mouseReleaseEvent(event)
        still = self._pressed is not None and (event.position().toPoint() - self._pressed).manhattanLength() < 4
        word = self.word_at(event.position()) if still and not self.textCursor().hasSelection() else None
        self._pressed = None
        if word is not None:
            self.word_chosen.emit(word)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        super().mouseMoveEvent(event)
        over = not event.buttons() and self.word_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        word = self._script.word_at(self.textCursor()) if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else None
        if word is not None:
            self.word_chosen.emit(word)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            word = self.word_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if word is None else self.help_of(word), self.viewport())
            return True
        return super().viewportEvent(event)

    def help_of(self, word: Word) -> str:
        """When a word was said, how sure the recogniser is of it, and how much attention it receives."""
        lines = [
            self.tr("{0} to {1}").format(clock(word.start_s), clock(word.end_s)),
            self.tr("recognised with {0}").format(percent(word.confidence)),
        ]
        if not word.final:
            lines.append(self.tr("may still change"))
        weight = self.weight_of(word)
        if weight is None:
            lines.append(self.tr("not in the window of the models now"))
        else:
            lines.append(self.tr("attention: {0} of the strongest word's").format(percent(weight)))
        return "\n".join(lines)

    def _write_anew(self) -> None:
        """After a change of font or colours, which the document holds."""
        follow = self.at_newest
        self._script.write_anew(self._look())
        if follow:
            self.go_to_newest()

    def _look(self) -> Look:
        return Look(
            margin=QFontMetricsF(caption_font(self)).horizontalAdvance("00:00") + self.fontMetrics().height() * 0.6,
            gap=self.fontMetrics().height() * 0.4,
            final=self.palette().color(QPalette.ColorRole.WindowText),
            partial=faint(self, 0.82),
            warning=warning_colour(self.palette()),
        )

    def _visible(self) -> Iterator[tuple[QTextBlock, Line]]:
        """The paragraphs that can be seen, with what they say."""
        if not self._script.lines:
            return
        block = self.cursorForPosition(QPoint(0, 0)).block()
        bottom = self.verticalScrollBar().value() + self.viewport().height()
        layout = self.document().documentLayout()
        while block.isValid() and block.blockNumber() < len(self._script.lines):
            if layout.blockBoundingRect(block).top() > bottom:
                return
            yield block, self._script.lines[block.blockNumber()]
            block = block.next()

    def _paint_time(self, painter: QPainter, block: QTextBlock, line: Line) -> None:
        row = block.layout().lineAt(0) if block.layout().lineCount() else None
        if row is None:
            return
        top = self.document().documentLayout().blockBoundingRect(block).top() - self.verticalScrollBar().value()
        painter.setFont(caption_font(self))
        painter.setPen(faint(self, 0.58))
        painter.drawText(
            QPointF(self.document().documentMargin(), top + row.y() + row.ascent()), clock_text(line.start_s)
        )

    def _paint_tints(self, painter: QPainter, block: QTextBlock, line: Line) -> None:
        if not any((word.start_s, word.text) in self._weights for word in line.words):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.fontMetrics().height() * 0.2
        for word, boxes in self._boxes(block, line):
            weight = self.weight_of(word)
            if weight is not None:
                colour = QColor(modality_colour("text", self.palette()))
                colour.setAlpha(round(_TINT_FROM + (_TINT_TO - _TINT_FROM) * min(max(weight, 0.0), 1.0)))
                painter.setBrush(colour)
                for box in boxes:
                    painter.drawRoundedRect(box.adjusted(-1.2, 0, 1.2, 0), radius, radius)

    def _boxes(self, block: QTextBlock, line: Line) -> Iterator[tuple[Word, list[QRectF]]]:
        """Where each word of a paragraph is drawn in the viewport: one box, or several where it is broken."""
        origin = self.document().documentLayout().blockBoundingRect(block).topLeft()
        origin -= QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        for word, (start, end) in zip(line.words, line.spans, strict=True):
            yield word, [box.translated(origin) for box in boxes_of(block.layout(), start, end)]


def _stayed(before: Sequence[Utterance], now: Sequence[Utterance]) -> int:
    """How many at the beginning are the same objects; in native code, since there may be thousands."""
    return next(compress(count(), map(is_not, before, now)), min(len(before), len(now)))
