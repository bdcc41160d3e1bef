"""The document of the transcript: one paragraph for each utterance, of which only what differs is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
)

from engine.types import Word

_LINE_HEIGHT_PERCENT = 112.0


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance: when it begins, its words, and where each of them begins and ends within the paragraph."""

    start_s: float
    words: tuple[Word, ...]
    spans: tuple[tuple[int, int], ...] = ()
    gap: str = ""
    """What is written after the words where others are missing."""


@dataclass(frozen=True, slots=True)
class Look:
    """How paragraphs look: room at the left and between them in pixels, colours of final and partial words and gaps."""

    margin: float
    gap: float
    final: QColor
    partial: QColor
    warning: QColor


class Script:
    """Keeps a document equal to a list of utterances.

    Parameters
    ----------
    document : is written by nobody else.
    look : of the paragraphs.
    """

    def __init__(self, document: QTextDocument, look: Look) -> None:
        self._document = document
        self._look = look
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line], first: int = 0) -> None:
        """Write these utterances behind the ``first`` ones, which stay; costs little for others that have stayed."""
        cursor: QTextCursor | None = None
        for at, new in enumerate(lines, first):
            old = self.lines[at] if at < len(self.lines) else None
            same = old is not None and (old.start_s, old.gap) == (new.start_s, new.gap)
            if same and old is not None and (old.words is new.words or old.words == new.words):
                continue
            cursor = cursor or self._editing()
            if old is None:
                self._append(cursor, at)
            self._rewrite(cursor, at, new)
        if len(self.lines) > first + len(lines):
            cursor = cursor or self._editing()
            self._cut(cursor, first + len(lines))
        if cursor is not None:
            cursor.endEditBlock()

    def write_anew(self, look: Look) -> None:
        """Write everything again in another look, since the document holds fonts and colours."""
        lines, self._look = self.lines, look
        self._document.clear()
        self.lines = []
        self.show(lines)

    def word_at(self, cursor: QTextCursor) -> Word | None:
        """The word at a cursor, or the next one of its paragraph."""
        if cursor.blockNumber() >= len(self.lines):
            return None
        line = self.lines[cursor.blockNumber()]
        pairs = zip(line.words, line.spans, strict=True)
        return next((word for word, (_, end) in pairs if cursor.positionInBlock() <= end), None)

    def _editing(self) -> QTextCursor:
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        return cursor

    def _append(self, cursor: QTextCursor, at: int) -> None:
        form = QTextBlockFormat()
        form.setLeftMargin(self._look.margin)
        form.setBottomMargin(self._look.gap)
        form.setLineHeight(_LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if at:
            cursor.insertBlock(form)
        else:
            cursor.setBlockFormat(form)
        self.lines.append(Line(-1.0, ()))

    def _rewrite(self, cursor: QTextCursor, at: int, new: Line) -> None:
        """Replace the words of a paragraph from the first one that differs on."""
        old, same = self.lines[at], 0
        for a, b in zip(old.words, new.words, strict=False):
            if a.text != b.text or a.final != b.final:
                break
            same += 1
        spans = list(old.spans[:same])
        end = spans[-1][1] if spans else 0
        cursor.setPosition(self._document.findBlockByNumber(at).position() + end)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        for word in new.words[same:]:
            text = f" {word.text}" if end else word.text
            cursor.insertText(text, self._format(word))
            spans.append((end + len(text) - len(word.text), end + len(text)))
            end += len(text)
        if new.gap:
            cursor.insertText(f" {new.gap}" if end else new.gap, self._gap_format())
        self.lines[at] = Line(new.start_s, new.words, tuple(spans), new.gap)

    def _cut(self, cursor: QTextCursor, count: int) -> None:
        """Remove the paragraphs after the first ``count``."""
        del self.lines[count:]
        cursor.setPosition(max(0, self._document.findBlockByNumber(count).position() - 1))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _format(self, word: Word) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._look.final if word.final else self._look.partial)
        form.setFontItalic(not word.final)
        return form

    def _gap_format(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._look.warning)
        return form


def boxes_of(layout: QTextLayout, start: int, end: int) -> list[QRectF]:
    """Where the characters from ``start`` to ``end`` of a paragraph lie: a box for each row of text they are on."""
    boxes, at = [], start
    while at < end:
        row = layout.lineForTextPosition(at)
        if not row.isValid():
            break
        until = min(end, row.textStart() + row.textLength())
        left, right = _x(row.cursorToX(at)), _x(row.cursorToX(until))
        boxes.append(QRectF(left, row.y(), right - left, row.height()))
        at = max(until, at + 1)
    return boxes


def _x(place: object) -> float:
    """What is called a number in the stubs is a pair of it and a position."""
    return float(place[0] if isinstance(place, tuple) else place)  # type: ignore[arg-type]
