"""What was said: the transcript, each word tinted by the attention that it receives."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from demo.messages import said
from demo.shown import Shown
from demo.theme import modality_colour
from demo.widgets.panel import caption_font, paint_caption
from demo.widgets.transcript import Transcript
from engine.types import Word


class WordsCaption(QWidget):
    """One line: what the tint means, and whether someone listens. Its tooltip says which recogniser, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = ""
        self._used = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def status(self) -> str:
        """Whether someone listens, in words."""
        return self._status

    def show_status(self, status: str, reason: str, *, used: bool = True) -> None:
        """Show whether someone listens, and whether the models use what is said."""
        if (status, used) != (self._status, self._used):
            self._status, self._used = status, used
            self.setAccessibleName(status)
            self.update()
        if reason != self.toolTip():
            self.setToolTip(reason)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(0, round(QFontMetricsF(caption_font(self)).height() * 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._used:
            area = QRectF(4, 0, self.width() - 8, self.height())
            paint_caption(self, painter, area, self.tr("The words are not used by this model"), self._status)
            return
        line = QFontMetricsF(caption_font(self)).height()
        swatch = QRectF(4, (self.height() - line * 0.62) / 2, line * 2.4, line * 0.62)
        colour = QColor(modality_colour("text", self.palette()))
        fade = QLinearGradient(swatch.topLeft(), swatch.topRight())
        for at, alpha in ((0.0, 14), (1.0, 112)):
            colour.setAlpha(alpha)
            fade.setColorAt(at, colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fade)
        painter.drawRoundedRect(swatch, 3, 3)
        area = QRectF(swatch.right() + line * 0.5, 0, self.width() - swatch.right() - line * 0.5 - 4, self.height())
        paint_caption(self, painter, area, self.tr("attention that a word receives"), self._status)


class WordsView(QWidget):
    """The transcript by utterance; partial words are lighter and in italics.

    Signals
    -------
    seek_wanted : media time at which the word begins that the user chose.
    """

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self.caption = WordsCaption()
        self.page = Transcript()
        self.page.word_chosen.connect(self._seek)
        self._newest = QToolButton(self.page)
        self._newest.setText(self.tr("To the newest"))
        self._newest.setToolTip(self.tr("Scroll to what is being said now, and stay there"))
        self._newest.setAccessibleName(self._newest.text())
        self._newest.hide()
        self._newest.clicked.connect(self.page.go_to_newest)
        self.page.verticalScrollBar().valueChanged.connect(self._offer_newest)
        self.page.verticalScrollBar().rangeChanged.connect(self._offer_newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addWidget(self.page, 1)
        self.setAccessibleName(self.tr("Words"))
        self.setFocusProxy(self.page)
        self._tell(Shown())

    @property
    def status(self) -> str:
        """Whether someone listens, in words."""
        return self.caption.status

    def show_it(self, shown: Shown) -> None:
        """Show the transcript up to the play position."""
        before, self._shown = self._shown, shown
        same_state = before.voice.microphone == shown.voice.microphone and before.loading == shown.loading
        same_state = same_state and before.analysed == shown.analysed
        if before.words is shown.words and before.kind == shown.kind and same_state:
            return
        self._tell(shown)
        self.page.show_weights(shown.words.weights)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._offer_newest()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.caption.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(28 * unit, 12 * unit)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(12 * unit, 4 * unit)

    def _tell(self, shown: Shown) -> None:
        status, message = self._state(shown)
        used = "text" in shown.running.used
        self.caption.show_status(status, said(shown.words.reason) or status, used=used)
        self.page.show_utterances(shown.words.utterances, message)

    def _state(self, shown: Shown) -> tuple[str, tuple[str, str]]:
        """The status, and what to write where there are no words."""
        if shown.kind == "empty":
            return "", (self.tr("Open a recording or go live"), "")
        if not shown.voice.microphone:
            status = self.tr("no sound")
            return status, (self.tr("No sound, so no words"), self.tr("Faces are read all the same."))
        if shown.replayed and shown.words.utterances:
            return self.tr("as recorded"), ("", "")
        loading = any(one.name == "recogniser" and one.step in ("waiting", "working") for one in shown.loading)
        if loading:
            return self.tr("loading"), (self.tr("The recogniser is being loaded"), "")
        if not shown.words.listening:
            return self.tr("no recogniser"), (self.tr("No speech recogniser"), said(shown.words.reason))
        if not shown.analysed and not shown.words.utterances:
            return "", (self.tr("Not analysed yet"), "")
        return self.tr("listening"), (self.tr("Listening; nothing said yet"), "")

    def _seek(self, word: Word) -> None:
        self.seek_wanted.emit(word.start_s)

    def _offer_newest(self) -> None:
        """A button where the end cannot be seen."""
        away = not self.page.at_newest
        self._newest.setVisible(away)
        if away:
            size, area = self._newest.sizeHint(), self.page.viewport().rect()
            self._newest.setGeometry(
                area.right() - size.width() - 8, area.bottom() - size.height() - 6, size.width(), size.height()
            )
