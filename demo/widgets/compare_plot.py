"""Both distributions on one scale: a dot for each model and a bar for the difference between them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.names import name_of
from demo.running import EVERY_MODALITY
from demo.shown import Emotion, Shown
from demo.theme import emotion_colour, faint
from demo.widgets.agreement import pair_of
from demo.widgets.figures import percent, tabular
from demo.widgets.panel import caption_font, paint_empty, scaled_font
from engine.config import FUSIONS, Fusion
from engine.types import FloatArray

_PALE = 0.4


class ComparePlot(QWidget):
    """Dumbbells: the first model, self-attention, is the filled dot, the other one the open; figures at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._key: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._explain(("self", "cross"))

    def sizeHint(self) -> QSize:
        """Two headings and a row for each emotion."""
        line = self.fontMetrics().height()
        return QSize(30 * line, 16 * line)

    def minimumSizeHint(self) -> QSize:
        """Rows of one line."""
        line = self.fontMetrics().height()
        return QSize(16 * line, 11 * line)

    def show_it(self, shown: Shown) -> None:
        """Show a state."""
        emotion = shown.emotion
        answers = tuple((fusion, one.tobytes()) for fusion, one in emotion.probabilities.items())
        key = (shown.running, shown.kind, shown.ready, emotion.certainty, tuple(emotion.unsure_below.items()), answers)
        if key != self._key:
            self._shown, self._key = shown, key
            self._explain(pair_of(emotion.probabilities) or ("self", "cross"))
            self.setAccessibleDescription("; ".join(filter(None, (answer_text(emotion, fusion) for fusion in FUSIONS))))
            self.update()

    def _explain(self, pair: tuple[Fusion, Fusion]) -> None:
        first, second = map(name_of, pair)
        text = self.tr("Filled dot: {0}. Open dot: {1}. The bar is their difference.").format(first, second)
        if text != self.toolTip():
            self.setToolTip(text)
            self.setAccessibleName(self.tr("{0} beside {1}").format(first, second))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw headings and rows, or what is missing."""
        painter = QPainter(self)
        missing = self._missing()
        if missing:
            paint_empty(self, painter, QRectF(self.rect()), *missing)
            return
        pair = pair_of(self._shown.emotion.probabilities)
        if pair is None:
            return
        line = QFontMetricsF(self.font()).height()
        head = 3.1 * line
        for index, fusion in enumerate(pair):
            half = QRectF(index * self.width() / 2, 0, self.width() / 2 - 4, head)
            self._draw_answer(painter, half, fusion, filled=index == 0)
        self._draw_rows(painter, QRectF(0, head, self.width(), self.height() - head), pair)

    def _missing(self) -> tuple[str, str] | None:
        shown, have = self._shown, self._shown.emotion.probabilities
        if shown.kind == "empty":
            return (
                self.tr("Nothing to compare yet"),
                self.tr("Open a recording or start the camera: both models will look at it at once."),
            )
        if not shown.ready:
            return self.tr("The models are loading"), ""
        if not shown.analysed:
            return self.tr("Not analysed yet"), ""
        running = shown.running.uses or have
        if len(running) > 1 and len(have) < 2:
            restricted = len(shown.running.used) < len(EVERY_MODALITY) or have
            return self.tr("No answer yet"), (
                self.tr("There is nothing yet that both models use.")
                if restricted
                else self.tr("There is neither a face nor a voice.")
            )
        if not have and not running:
            return self.tr("No answer yet"), self.tr("There is neither a face nor a voice.")
        if len(running) < 2:
            other: Fusion = "cross" if "self" in running else "self"
            return self.tr("Only one model is running"), self.tr("Switch on {0} to compare.").format(name_of(other))
        return None

    def _draw_answer(self, painter: QPainter, area: QRectF, fusion: Fusion, *, filled: bool) -> None:
        """Name of the model with its sign, and its answer in words."""
        emotion = self._shown.emotion
        metrics = QFontMetricsF(self.font())
        line = metrics.height()
        painter.setFont(self.font())
        sign = QPointF(area.left() + 0.5 * line, area.top() + 0.7 * line)
        self._draw_dot(painter, sign, faint(self, 0.8), filled=filled)
        painter.setPen(faint(self, 0.8))
        painter.drawText(
            QRectF(area.left() + 1.2 * line, area.top(), area.width() - 1.2 * line, 1.4 * line),
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(name_of(fusion), Qt.TextElideMode.ElideRight, area.width() - 1.2 * line),
        )
        painter.setOpacity(1.0 if emotion.certainty == "current" else _PALE)
        top, share, unsure = _answer(emotion, fusion)
        room = area.width() - 1.2 * line
        text = f"{name_of(top)} {percent(share)}"
        taken = QFontMetricsF(caption_font(self)).horizontalAdvance(_unsure()) + 0.8 * line if unsure else 0.0
        wide = QFontMetricsF(scaled_font(self.font(), 1.0, bold=True)).horizontalAdvance(text)
        large = tabular(scaled_font(self.font(), max(0.9, min(1.35, (room - taken) / wide)), bold=True))
        fits = QFontMetricsF(large).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(large)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        box = QRectF(area.left() + 1.2 * line, area.top() + 1.3 * line, room, 1.6 * line)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fits)
        if unsure:
            left = QFontMetricsF(large).horizontalAdvance(fits) + 0.6 * line
            painter.setFont(caption_font(self))
            painter.setPen(faint(self, 0.8))
            painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _unsure())
        painter.setOpacity(1.0)

    def _draw_rows(self, painter: QPainter, area: QRectF, both: tuple[Fusion, Fusion]) -> None:
        """Names left, dots on one scale, figures right."""
        emotion = self._shown.emotion
        labels = emotion.labels
        each = area.height() / len(labels)
        font = tabular(scaled_font(self.font(), max(0.6, min(1.0, each / QFontMetricsF(self.font()).height()))))
        metrics = QFontMetricsF(font)
        line = metrics.height()
        names = max(metrics.horizontalAdvance(name_of(one)) for one in labels) + 2.1 * line
        figure = metrics.horizontalAdvance(percent(1.0)) + 0.7 * line
        track = QRectF(area.left() + names, area.top(), area.width() - names - 2 * figure - 0.3 * line, area.height())
        painter.setPen(QPen(faint(self, 0.16), 1))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            x = track.left() + share * track.width()
            painter.drawLine(QLineF(x, area.top() + 0.2 * each, x, area.bottom() - 0.2 * each))
        painter.setFont(font)
        painter.setOpacity(1.0 if emotion.certainty == "current" else _PALE)
        pairs: list[FloatArray] = [emotion.probabilities[one] for one in both]
        for k, name in enumerate(labels):
            row = QRectF(area.left(), area.top() + k * each, area.width(), each)
            best = any(int(one.argmax()) == k for one in pairs)
            painter.setPen(faint(self, 1.0 if best else 0.75))
            chip = QRectF(row.left(), row.center().y() - 0.3 * line, 0.6 * line, 0.6 * line)
            colour = emotion_colour(name, labels)
            painter.fillRect(chip, colour)
            painter.drawText(row.adjusted(line, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name_of(name))
            self._draw_pair(painter, track, row.center().y(), colour, float(pairs[0][k]), float(pairs[1][k]))
            for index, one in enumerate(pairs):
                box = QRectF(area.right() - (2 - index) * figure, row.top(), figure, each)
                is_top = int(one.argmax()) == k
                painter.setPen(faint(self, 1.0 if is_top else 0.7))
                painter.drawText(
                    box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(float(one[k]))
                )
        painter.setOpacity(1.0)

    def _draw_pair(
        self, painter: QPainter, track: QRectF, y: float, colour: QColor, first: float, second: float
    ) -> None:
        a, b = (track.left() + one * track.width() for one in (first, second))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(a, y, b, y))
        self._draw_dot(painter, QPointF(b, y), colour, filled=False)
        self._draw_dot(painter, QPointF(a, y), colour, filled=True)

    def _draw_dot(self, painter: QPainter, centre: QPointF, colour: QColor, *, filled: bool) -> None:
        """The open dot is larger, so that it shows as a ring where both are at the same place."""
        line = QFontMetricsF(self.font()).height()
        radius = 0.27 * line if filled else 0.4 * line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colour, 2))
        painter.setBrush(colour if filled else self.palette().color(QPalette.ColorRole.Window))
        painter.drawEllipse(centre, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def answer_text(emotion: Emotion, fusion: Fusion) -> str:
    """The answer of one model: "self-attention: happy 71 %, unsure"; empty where there is none."""
    if fusion not in emotion.probabilities:
        return ""
    top, share, unsure = _answer(emotion, fusion)
    text = f"{name_of(fusion)}: {name_of(top)} {percent(share)}"
    return f"{text}, {_unsure()}" if unsure else text


def _answer(emotion: Emotion, fusion: Fusion) -> tuple[str, float, bool]:
    """The most probable emotion of a model, its probability, and whether that is under the threshold of its card."""
    values = emotion.probabilities[fusion]
    top = int(values.argmax())
    return emotion.labels[top], float(values[top]), float(values[top]) < emotion.unsure_below.get(fusion, 0.0)


def _unsure() -> str:
    return QCoreApplication.translate("ComparePlot", "unsure")
