"""A waterfall: from the probability with nothing, over what each modality added or took, to the one with all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.names import name_of
from demo.origin import Shares
from demo.theme import emotion_colour, faint, modality_colour
from demo.widgets.figures import percent, tabular
from demo.widgets.origin_text import STEPS, points, steps_of
from engine.config import EMOTIONS, Fusion, Modality


def rows_of(used: Collection[Modality]) -> int:
    """How many rows a chart has: nothing, each modality that the models use, all."""
    return len(steps_of(used)) + 2


@dataclass(frozen=True, slots=True)
class Waterfall:
    """What one chart shows: shares of one fusion, what was muted for them, and whether they are of this moment.

    ``used`` are the modalities that any running model uses, which have a row; ``labels`` the classes.
    """

    fusion: Fusion
    shares: Shares
    muted: frozenset[Modality]
    current: bool
    used: tuple[Modality, ...] = STEPS
    labels: tuple[str, ...] = EMOTIONS


class WaterfallChart(QWidget):
    """One fusion: a heading, and a row for each step of ``row_height`` pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Waterfall | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_shares(self, shown: Waterfall | None) -> None:
        """Show shares, or nothing."""
        if shown != self._shown:
            self._shown = shown
            if shown is not None:
                self.setAccessibleName(name_of(shown.fusion))
                steps = ", ".join(
                    f"{name_of(one)} {points(shown.shares.shares.get(one, 0.0))}" for one in steps_of(shown.used)
                )
                self.setAccessibleDescription(f"{name_of(shown.shares.top)} {percent(shown.shares.with_all)}: {steps}")
            self.update()

    def sizeHint(self) -> QSize:
        """Five rows and a heading."""
        line = self.fontMetrics().height()
        return QSize(12 * line, int((1.8 * self._rows + 1.6) * line))

    def minimumSizeHint(self) -> QSize:
        """Rows of one line each."""
        line = self.fontMetrics().height()
        return QSize(6 * line, int((1.25 * self._rows + 1.5) * line))

    @property
    def _rows(self) -> int:
        return rows_of(STEPS if self._shown is None else self._shown.used)

    def row(self, index: int) -> QRectF:
        """Where a row is: 0 with nothing, then the modalities, then all."""
        head = 1.6 * QFontMetricsF(self.font()).height()
        height = (self.height() - head) / self._rows
        return QRectF(0, head + index * height, self.width(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the steps from left to right."""
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setFont(tabular(self.font()))
        painter.setOpacity(1.0 if self._shown.current else 0.4)
        shares = self._shown.shares
        self._draw_heading(painter, shares)
        self._draw_grid(painter)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        self._draw_bar(painter, 0, 0.0, shares.with_none, faint(self, 0.45), percent(shares.with_none), text)
        at = shares.with_none
        for index, modality in enumerate(steps_of(self._shown.used), start=1):
            share = shares.shares.get(modality, 0.0)
            muted = modality in self._shown.muted
            self._draw_link(painter, index, at)
            unused = modality not in shares.shares
            label = self.tr("not used") if unused else self.tr("muted") if muted else points(share)
            pale = muted or unused or abs(share) < 0.005
            colour = modality_colour(modality, self.palette())
            self._draw_bar(painter, index, at, at + share, colour, label, faint(self, 0.6) if pale else text)
            at += share
        last, colour = self._rows - 1, emotion_colour(shares.top, self._shown.labels)
        self._draw_link(painter, last, at)
        self._draw_bar(painter, last, 0.0, shares.with_all, colour, percent(shares.with_all), text)

    def _x(self, probability: float) -> float:
        return 1 + min(max(probability, 0.0), 1.0) * (self.width() - 2)

    def _draw_heading(self, painter: QPainter, shares: Shares) -> None:
        assert self._shown is not None
        line = QFontMetricsF(self.font()).height()
        metrics = QFontMetricsF(painter.font())
        text = self.tr("{0}: {1}").format(name_of(self._shown.fusion), name_of(shares.top))
        painter.setPen(faint(self, 0.85))
        area = QRectF(0, 0, self.width(), 1.4 * line)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_grid(self, painter: QPainter) -> None:
        top, bottom = self.row(0).top(), self.row(self._rows - 1).bottom()
        for share in (0.0, 0.5, 1.0):
            painter.setPen(QPen(faint(self, 0.3 if share == 0 else 0.14), 1))
            painter.drawLine(QLineF(self._x(share), top, self._x(share), bottom))

    def _draw_link(self, painter: QPainter, index: int, at: float) -> None:
        """A thin line from the end of the row above to the start of this one."""
        above, here = self.row(index - 1), self.row(index)
        painter.setPen(QPen(faint(self, 0.5), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(self._x(at), above.center().y(), self._x(at), here.center().y()))

    def _draw_bar(
        self, painter: QPainter, index: int, start: float, end: float, colour: QColor, label: str, pen: QColor
    ) -> None:
        row = self.row(index)
        metrics = QFontMetricsF(painter.font())
        thick = min(0.62 * row.height(), 1.5 * metrics.height())
        left, right = sorted((self._x(start), self._x(end)))
        bar = QRectF(left, row.center().y() - thick / 2, max(right - left, 2.0), thick)
        painter.fillRect(bar, colour)
        width, gap = metrics.horizontalAdvance(label), 0.4 * metrics.height()
        x = bar.right() + gap
        if x + width > self.width():
            x = bar.left() - gap - width
        if x < 0:  # the bar spans everything: the label goes onto it
            x = bar.right() - gap - width
            pen = QColor(Qt.GlobalColor.white) if colour.lightnessF() < 0.5 else QColor(Qt.GlobalColor.black)
        painter.setPen(pen)
        painter.drawText(QRectF(x, row.top(), width + 2, row.height()), Qt.AlignmentFlag.AlignVCenter, label)
