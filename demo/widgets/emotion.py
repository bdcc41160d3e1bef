"""The distribution: a bar for each emotion in a fixed order, and the one on top in large words, if there is one."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from demo.shown import Shown
from demo.theme import emotion_colour, faint
from demo.widgets.chips import chips_height, paint_chips
from demo.widgets.emotion_bars import paint_bars
from demo.widgets.emotion_reading import Choice, Reading, bar_text, every_headline, read
from demo.widgets.figures import tabular
from demo.widgets.panel import moves, scaled_font

ANIMATION_MS = 140

_LARGEST = 2.5
"""Size of the large word, where there is room, as a multiple of the font."""

_REASON = 1.15
"""Size of the reason why there is no answer."""


class EmotionView(QWidget):
    """Bars, the top emotion, and which modalities it was taken from. Grey, with the reason, when it does not hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice: Choice = "mean"
        self._shown = Shown()
        self._reading = read(self._shown, self._choice)
        self._bars = self._from = self._reading.probabilities
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(ANIMATION_MS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._move)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Emotion"))
        self.setAccessibleDescription(self._reading.sentence)

    @property
    def reading(self) -> Reading:
        """What is shown, in words and figures."""
        return self._reading

    @property
    def bars(self) -> tuple[float, ...]:
        """Lengths of the bars at this instant, 0..1."""
        return self._bars

    def show_it(self, shown: Shown) -> None:
        """Show the distribution of this moment."""
        before, self._shown = self._shown, shown
        same = before.emotion is shown.emotion and before.kind == shown.kind and before.ready == shown.ready
        if not same:
            self._take(read(shown, self._choice))

    def setFusion(self, choice: Choice) -> None:
        """Show one model, or the mean of both."""
        self._choice = choice
        self._take(read(self._shown, choice))

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(22 * unit, 18 * unit)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(11 * unit, 11 * unit)

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            _, area = self._areas()
            labels = self._shown.emotion.labels
            row = int((event.y() - area.top()) / max(1.0, area.height()) * len(labels))
            inside = area.contains(QPointF(event.pos())) and 0 <= row < len(labels)
            text = bar_text(self._shown.emotion, labels[row]) if inside else self._chip_help()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head, bars = self._areas()
        self._paint_head(painter, head)
        paint_bars(self, painter, bars, self._bars, self._reading)

    def _take(self, reading: Reading) -> None:
        if reading == self._reading:
            return
        lively = moves() and self.isVisible() and reading.current and self._reading.current
        lively = lively and reading.labels == self._reading.labels
        self._reading = reading
        self._from = self._bars
        self._animation.stop()
        if lively:
            self._animation.start()
        else:
            self._bars = reading.probabilities
        self.setAccessibleDescription(reading.sentence)
        self.update()

    @Slot(object)
    def _move(self, share: float) -> None:
        pairs = zip(self._from, self._reading.probabilities, strict=True)
        self._bars = tuple(a + (b - a) * share for a, b in pairs)
        self.update()

    def _chip_help(self) -> str:
        if not self._reading.chips:
            return ""
        help_text = self.tr("What the models have at this moment. Muted ones were taken away by you.")
        if any(chip.presence == "unused" for chip in self._reading.chips):
            help_text += " " + self.tr("Those that are not used were not there when the models were trained.")
        return help_text

    def _areas(self) -> tuple[QRectF, QRectF]:
        """Where the words stand, and where the bars: below them, or beside them where it is wide and low."""
        unit = float(self.fontMetrics().height())
        area = QRectF(self.rect()).adjusted(unit * 0.2, unit * 0.1, -unit * 0.2, -unit * 0.1)
        if self._is_wide():
            head = QRectF(area.left(), area.top(), area.width() * 0.38, area.height())
            return head, area.adjusted(head.width() + unit, 0, 0, 0)
        height = self._text_height(area.width()) + (0.3 if self._is_tight(area.width()) else 0.7) * unit
        if not self._is_tight(area.width()):
            height += chips_height(self, self._reading.chips, area.width())
        return QRectF(area.left(), area.top(), area.width(), height), area.adjusted(0, height, 0, 0)

    def _is_wide(self) -> bool:
        return self.width() > 2.1 * self.height() and self.width() > 24 * self.fontMetrics().height()

    def _is_tight(self, width: float) -> bool:
        """Whether there is no room for more than the large word, or the reason why there is none, and the bars."""
        unit = float(self.fontMetrics().height())
        words = QFontMetricsF(self._large_font(width)).height() + 2.1 * unit
        bars = 0.0 if self._is_wide() else 0.62 * unit * len(self._reading.labels)
        return self.height() < words + chips_height(self, self._reading.chips, width) + bars

    def _text_height(self, width: float) -> float:
        """Room for the answer, the same for all; or for the reason why there is none."""
        unit = float(self.fontMetrics().height())
        height = QFontMetricsF(self._large_font(width)).height() + (0.0 if self._is_tight(width) else 1.4 * unit)
        if self._reading.current:
            return height
        lines = QFontMetricsF(scaled_font(self.font(), _REASON)).boundingRect(
            QRectF(0, 0, width, 1e4), int(Qt.TextFlag.TextWordWrap), self._reading.headline
        )
        return max(height, lines.height())

    def _large_font(self, width: float) -> QFont:
        """The same size for every emotion, such that the longest name and its figure fit."""
        metrics = QFontMetricsF(scaled_font(self.font(), 1.0, bold=True))
        longest = max(metrics.horizontalAdvance(one) for one in every_headline(self._reading.labels))
        figure = 0.6 * metrics.horizontalAdvance("100 %") + 0.9 * metrics.height()
        return scaled_font(self.font(), max(0.8, min(_LARGEST, width / (longest + figure))), bold=True)

    def _paint_head(self, painter: QPainter, area: QRectF) -> None:
        reading, unit = self._reading, float(self.fontMetrics().height())
        large = self._large_font(area.width())
        tight = self._is_tight(area.width())
        chips = 0.0 if tight else chips_height(self, reading.chips, area.width())
        text_height = self._text_height(area.width())
        top = area.top()
        if area.height() > text_height + chips + 2 * unit:  # beside the bars: in the middle
            top += (area.height() - text_height - chips) / 2
        if reading.current:
            self._paint_answer(painter, QRectF(area.left(), top, area.width(), text_height), large)
        else:
            painter.setFont(scaled_font(self.font(), _REASON))
            painter.setPen(faint(self, 0.72))
            box = QRectF(area.left(), top, area.width(), text_height)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), reading.headline)
        if chips:
            paint_chips(self, painter, QRectF(area.left(), top + text_height, area.width(), chips), reading.chips)

    def _paint_answer(self, painter: QPainter, area: QRectF, large: QFont) -> None:
        """The large word and its figure on one baseline, the detail under it, a line of its colour at the left."""
        reading, unit = self._reading, float(self.fontMetrics().height())
        metrics = QFontMetricsF(large)
        edge = QRectF(area.left(), area.top() + metrics.height() * 0.14, unit * 0.28, metrics.height() * 0.76)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint(self, 0.3) if reading.top is None else emotion_colour(reading.top, reading.labels))
        painter.drawRoundedRect(edge, edge.width() / 2, edge.width() / 2)
        left, baseline = edge.right() + unit * 0.4, area.top() + metrics.ascent()
        painter.setFont(large)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(QPointF(left, baseline), reading.headline)
        if reading.figure:
            figure_font = tabular(scaled_font(large, 0.6))
            figure_font.setWeight(QFont.Weight.Normal)
            painter.setFont(figure_font)
            painter.setPen(faint(self, 0.75))
            advance = metrics.horizontalAdvance(reading.headline)
            painter.drawText(QPointF(left + advance + unit * 0.55, baseline), reading.figure)
        if self._is_tight(area.width()):
            return
        painter.setFont(self.font())
        painter.setPen(faint(self, 0.75))
        below = QRectF(left, area.top() + metrics.height(), area.right() - left, 1.1 * unit)
        text = QFontMetricsF(self.font()).elidedText(reading.detail, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)
