"""Whether an attention map matters to the answer, as its model card measured it: one honest line, and the curves."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from demo.running import Faithfulness
from demo.theme import faint
from demo.widgets.figures import number
from demo.widgets.panel import caption_font

_LOW = 20
"""Lines of text below which a view has room for the short form only."""


class FaithfulnessLine(QWidget):
    """A sentence on the chosen map, with both deletion curves beside it where they are known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: Faithfulness | None = None
        self._low = False
        self.curves = _Curves(self)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setAccessibleName(self.tr("Whether the map matters"))
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(round(self.fontMetrics().height() * 0.5))
        row.addWidget(self.curves, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.label, 1)
        self._dress()
        self.show_measured(None)

    def show_measured(self, measured: Faithfulness | None) -> None:
        """Show what was measured for a map; None where nothing was."""
        self._measured = measured
        self.curves.show_curves(measured)
        self.label.setText(short_text(measured) if self._low else full_text(measured))
        self.setToolTip(tip(measured))

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def adapt(self, *, lines: float) -> None:
        """Follow the height of the view, in lines of text."""
        low = lines < _LOW
        if low != self._low:
            self._low = low
            self.show_measured(self._measured)

    def _dress(self) -> None:
        font, palette = caption_font(self), QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, faint(self, 0.75))
        if self.label.font() != font:
            self.label.setFont(font)
        if self.label.palette().color(QPalette.ColorRole.WindowText) != palette.color(QPalette.ColorRole.WindowText):
            self.label.setPalette(palette)


class _Curves(QWidget):
    """Two falling lines: what is left of the answer as the most attended positions are hidden, and random ones."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._measured: Faithfulness | None = None
        self.hide()

    def show_curves(self, measured: Faithfulness | None) -> None:
        """Show the curves of a map, or nothing."""
        self._measured = measured
        self.setVisible(measured is not None and bool(measured.fractions))
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(round(3.4 * line), round(1.5 * line))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        one = self._measured
        if one is None or not one.fractions:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1.5, 2, -1.5, -2)
        low, high = min(*one.deletion, *one.deletion_random), max(*one.deletion, *one.deletion_random)

        def line(values: tuple[float, ...]) -> list[QPointF]:
            first, last = one.fractions[0], one.fractions[-1]
            return [
                QPointF(
                    area.left() + (x - first) / ((last - first) or 1.0) * area.width(),
                    area.bottom() - (y - low) / ((high - low) or 1.0) * area.height(),
                )
                for x, y in zip(one.fractions, values, strict=True)
            ]

        attended, random = line(one.deletion), line(one.deletion_random)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        wash = QColor(accent)
        wash.setAlpha(36)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(wash)
        painter.drawPolygon(QPolygonF([*attended, *reversed(random)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points, colour in ((random, faint(self, 0.5)), (attended, accent)):
            painter.setPen(QPen(colour, 1.4))
            painter.drawPolyline(QPolygonF(points))


def full_text(one: Faithfulness | None) -> str:
    """What was measured, in one sentence, with its interval."""
    if one is None:
        return _tr("Whether such maps matter to the answer was not measured for this model.")
    verdict = _verdict(one)
    form = {
        "faithful": _tr(
            "Faithful: hiding what such maps look at most lowers the answer by {0} more than hiding random positions "
            "(95 % interval {1} to {2}, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{3})."
        ),
        "misleading": _tr(
            "Misleading: hiding what such maps look at most lowers the answer by {0} less than hiding random positions "
            "(95 % interval {1} to {2}, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{3})."
        ),
        "open": _tr(
            "Not shown to matter: hiding what such maps look at most lowers the answer by {0} more than hiding random "
            "positions, and the 95 % interval includes 0 ({1} to {2}, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{3})."
        ),
    }[verdict]
    sign = -1.0 if verdict == "misleading" else 1.0
    low, high = sorted(sign * end for end in one.interval)
    return form.format(_figure(sign * one.gain), _figure(low), _figure(high), number(one.n))


def short_text(one: Faithfulness | None) -> str:
    """The same where there is little room."""
    if one is None:
        return _tr("Faithfulness not measured")
    form = {
        "faithful": _tr("Faithful by {0} ({1} to {2})"),
        "misleading": _tr("Misleading by {0} ({1} to {2})"),
        "open": _tr("Not shown to matter: {0} ({1} to {2})"),
    }[_verdict(one)]
    return form.format(_figure(one.gain), *(_figure(end) for end in one.interval))


def tip(one: Faithfulness | None) -> str:
    """How it is measured, and for a map of which little was said, all of it."""
    how = _tr(
        "Deletion hides, step by step, the positions that a map looks at most: if the map matters, the probability of "
        "the answer falls faster (coloured line) than when random positions are hidden (grey line). Insertion is the "
        "reverse: it starts with everything hidden and shows the most attended positions first."
    )
    if one is None:
        return how
    parts = [full_text(one), how]
    if one.insertion_gain is not None:
        parts.append(
            _tr("Gain over random positions: deletion {0}, insertion {1}.").format(
                _figure(one.gain), _figure(one.insertion_gain)
            )
        )
    return "\n\n".join(parts)


def _verdict(one: Faithfulness) -> str:
    low, high = one.interval
    return "faithful" if low > 0 else "misleading" if high < 0 else "open"


def _figure(value: float) -> str:
    """A difference of probabilities, with as many decimals as it takes to see it."""
    digits = 2 if abs(value) >= 0.00995 or value == 0 else 3
    text = number(abs(value), digits)
    return text if value >= 0 or not any(digit in text for digit in "123456789") else "\N{MINUS SIGN}" + text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Faithfulness", text)
