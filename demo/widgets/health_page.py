"""Health: how fast each stage works, what it loses, how the devices do, and how old a picture is when it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen, QPicture, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.health import Health
from demo.shown import Shown
from demo.theme import faint
from demo.widgets.fault_rows import draw_faults, fault_line
from demo.widgets.figures import milliseconds_text, number, tabular
from demo.widgets.health_rows import Row, device_columns, device_row, stage_columns, stage_row
from demo.widgets.health_signs import draw_problem, draw_queue, tag_width
from demo.widgets.panel import caption_font, paint_empty, scaled_font
from engine.faults import Fault

_MEGABYTE = 2**20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HealthPage(QWidget):
    """Draws the figures as two tables below the largest of them; what is wrong is said in words beside its row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._health = Health()
        self._live = False
        self._faults: tuple[Fault, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Health of the program"))
        self.setToolTip(
            self.tr(
                "Median and 95 %: how long one item takes. Lost: items dropped because a stage was too slow. "
                "The bar shows how full its queue is."
            )
        )

    def show_it(self, shown: Shown) -> None:
        """Show a state."""
        now = (shown.health, shown.kind == "live", shown.faults)
        if now != (self._health, self._live, self._faults):
            self._health, self._live, self._faults = now
            self.setAccessibleDescription(self.text())
            self._fit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands in how many lines depends on the width."""
        self._fit()

    def text(self) -> str:
        """Everything in words, a row a line."""
        value, caption = self._end_to_end()
        lines = [f"{caption}: {value}", *[f"{name}: {figure}" for figure, name in self._figures()]]
        for columns, rows in self._tables():
            for row in rows:
                named = [f"{a} {b}" for a, b in zip(columns[1:], row.cells[1:], strict=True)]
                lines.append(", ".join([row.cells[0], *named, *[one for one in (row.problem, row.detail) if one]]))
        return "\n".join([*lines, *map(fault_line, self._faults)])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the figures and both tables."""
        painter = QPainter(self)
        painter.setFont(tabular(self.font()))
        if not self._shows:
            paint_empty(
                self,
                painter,
                QRectF(self.rect()),
                self.tr("Nothing is running"),
                self.tr("Open a recording or start the camera: here you will see how the computer copes."),
            )
            return
        self._draw(painter)

    @property
    def _shows(self) -> bool:
        return bool(self._health.stages or self._health.devices or self._faults)

    def _fit(self) -> None:
        """Ask for the height that everything takes, by drawing it to nowhere."""
        height = 0.0
        if self._shows:
            recorder = QPicture()
            painter = QPainter(recorder)
            painter.setFont(tabular(self.font()))
            height = self._draw(painter)
            painter.end()
        if round(height) != self.minimumHeight():
            self.setMinimumHeight(round(height))

    def _draw(self, painter: QPainter) -> float:
        """Draw the figures and both tables; returns where they end."""
        line = QFontMetricsF(self.font()).height()
        y = 0.4 * line
        if self._faults and not self._health.stages:  # of a session that was recorded, in which nothing runs now
            return draw_faults(painter, self, y, self._faults)
        y = self._draw_figures(painter, y)
        for columns, rows in self._tables():
            if rows:
                y = self._draw_table(painter, y + 0.6 * line, columns, rows)
        if self._faults:
            y = draw_faults(painter, self, y + 0.8 * line, self._faults)
        return y + 0.4 * line

    def _tables(self) -> list[tuple[tuple[str, ...], list[Row]]]:
        return [
            (stage_columns(), [stage_row(one) for one in self._health.stages]),
            (device_columns(), [device_row(one) for one in self._health.devices]),
        ]

    def _end_to_end(self) -> tuple[str, str]:
        name = self.tr("from camera to screen") if self._live else self.tr("from reading to screen")
        return ("—" if self._health.screen_s is None else milliseconds_text(self._health.screen_s[0])), name

    def _figures(self) -> list[tuple[str, str]]:
        """The smaller figures beside the large one, each with what it is."""
        health = self._health
        most = "—" if health.screen_s is None else milliseconds_text(health.screen_s[1])
        return [
            (most, self.tr("at most, 95 % of the time")),
            *self._answer(),
            (number(health.window_hz, 1), self.tr("pictures per second")),
            (self.tr("{0} MB").format(number(health.memory_bytes / _MEGABYTE)), self.tr("memory")),
            (number(health.threads), self.tr("threads")),
            (health.backend or "—", self.tr("runs the models")),
        ]

    def _answer(self) -> list[tuple[str, str]]:
        """How old a picture is when the first answer uses it; recordings are answered ahead of time."""
        seconds = self._health.answer_s
        return [] if seconds is None else [(milliseconds_text(seconds), self.tr("from camera to answer, 95 %"))]

    def _draw_figures(self, painter: QPainter, top: float) -> float:
        """The large figure, and the others in a row or below it. Returns where they end."""
        line = QFontMetricsF(self.font()).height()
        value, caption = self._end_to_end()
        large = tabular(scaled_font(self.font(), 2.4, bold=True))
        small = caption_font(self)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        width = max(QFontMetricsF(large).horizontalAdvance(value), QFontMetricsF(small).horizontalAdvance(caption))
        height = QFontMetricsF(large).height()
        x = 0.7 * line
        self._put(painter, QRectF(x, top, width + 4, height), value, large, text)
        self._put(painter, QRectF(x, top + height, width + 4, line), caption, small, faint(self, 0.75))
        x += width + 1.8 * line
        middle = tabular(scaled_font(self.font(), 1.25))
        y, left = top + height - QFontMetricsF(middle).height() * 1.1, x
        for figure, name in self._figures():
            wide = max(QFontMetricsF(middle).horizontalAdvance(figure), QFontMetricsF(small).horizontalAdvance(name))
            if x + wide > self.width() and x > left:
                x, y = left, y + 2.6 * line
            self._put(painter, QRectF(x, y, wide + 4, 1.4 * line), figure, middle, text)
            self._put(painter, QRectF(x, y + 1.35 * line, wide + 4, line), name, small, faint(self, 0.75))
            x += wide + 1.4 * line
        return max(top + height + line, y + 2.4 * line)

    def _put(self, painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(box, _LEFT, text)

    def _draw_table(self, painter: QPainter, top: float, columns: Sequence[str], rows: Sequence[Row]) -> float:
        """One table; returns where it ends."""
        metrics = QFontMetricsF(self.font())
        line = metrics.height()
        edges = self._columns(columns, rows)
        small = tabular(caption_font(self))
        for index, name in enumerate(columns):
            self._cell(painter, edges, index, top, 1.3 * line, name, small, faint(self, 0.7))
        y = top + 1.4 * line
        painter.setPen(QPen(faint(self, 0.25), 1))
        painter.drawLine(QLineF(0.7 * line, y, self.width() - 0.7 * line, y))
        text = self.palette().color(QPalette.ColorRole.WindowText)
        for row in rows:
            for index, cell in enumerate(row.cells):
                self._cell(painter, edges, index, y, 1.5 * line, cell, tabular(self.font()), text)
            x = edges[-1] + 0.8 * line
            if row.filled is not None:
                draw_queue(painter, self, QRectF(x, y + 0.5 * line, 3 * line, 0.5 * line), row.filled)
                x += 3.8 * line
            beside = self.width() - x - 0.4 * line
            fits = tag_width(self, row.problem) <= beside
            if row.problem and not fits:
                y += 1.4 * line
                x, beside = 1.2 * line, self.width() - 1.6 * line
            if row.problem:
                draw_problem(painter, self, QRectF(x, y, beside, 1.5 * line), row.problem)
            y += 1.5 * line
            if row.detail:
                area = QRectF(1.6 * line, y - 0.2 * line, self.width() - 2.2 * line, 1.2 * line)
                detail = QFontMetricsF(small).elidedText(row.detail, Qt.TextElideMode.ElideRight, area.width())
                self._put(painter, area, detail, small, faint(self, 0.8))
                y += 1.2 * line
        return y

    def _columns(self, columns: Sequence[str], rows: Sequence[Row]) -> list[float]:
        """Right edge of each column; the first takes what is left, up to what it needs."""
        metrics, line = QFontMetricsF(self.font()), QFontMetricsF(self.font()).height()
        widths = [
            max([metrics.horizontalAdvance(name), *(metrics.horizontalAdvance(row.cells[k]) for row in rows)])
            for k, name in enumerate(columns)
        ]
        others = sum(widths[1:]) + line * (len(columns) - 1)
        after = 4.5 * line if any(row.filled is not None for row in rows) else 0.5 * line
        widths[0] = max(min(widths[0], self.width() - others - after - 1.4 * line), 5 * line)
        edges, x = [], 0.7 * line - line
        for width in widths:
            x += line + width
            edges.append(x)
        return edges

    def _cell(
        self,
        painter: QPainter,
        edges: Sequence[float],
        index: int,
        top: float,
        height: float,
        text: str,
        font: QFont,
        colour: QColor,
    ) -> None:
        """The first column stands left, the others right."""
        painter.setFont(font)
        painter.setPen(colour)
        line = QFontMetricsF(self.font()).height()
        left = 0.7 * line if index == 0 else edges[index - 1]
        box = QRectF(left, top, edges[index] - left, height)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, _LEFT if index == 0 else _RIGHT, shown)
