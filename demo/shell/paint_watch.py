"""What really reaches the screen, and when: pictures and answers, each counted once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from demo.shown import Shown

_SPAN_S = 2.0


class PaintWatch(QObject):
    """Counts paints of the picture, and tells of every new picture and every new answer that has been painted.

    Parameters
    ----------
    picture : gets the capture time of each picture once it has been painted.
    answer : gets the media time of each prediction once it has been painted.
    """

    def __init__(
        self, picture: Callable[[float], None], answer: Callable[[float], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._answer = picture, answer
        self._pictures: set[QObject] = set()
        self._waiting_picture: float | None = None
        self._waiting_answer: float | None = None
        self._seq: tuple[int, float] | None = None
        self._moment_s: float | None = None
        self._painted_s: deque[float] = deque()

    def watch(self, picture: QWidget, *answers: QWidget) -> None:
        """Watch the view that shows the picture, and those that show the answer."""
        self._pictures.add(picture)
        for view in (picture, *answers):
            view.installEventFilter(self)

    def expect(self, shown: Shown) -> None:
        """What will be painted next."""
        frame, emotion = shown.picture.frame, shown.emotion
        if frame is None:
            self._waiting_picture = None
        elif (frame.seq, frame.captured_s) != self._seq:
            self._seq = (frame.seq, frame.captured_s)
            self._waiting_picture = frame.captured_s
        if emotion.certainty == "current" and emotion.pts_s != self._moment_s:
            self._moment_s = self._waiting_answer = emotion.pts_s

    def rate_hz(self, now_s: float | None = None) -> float:
        """Pictures per second over the last two seconds."""
        now_s = time.monotonic() if now_s is None else now_s
        while self._painted_s and self._painted_s[0] < now_s - _SPAN_S:
            self._painted_s.popleft()
        if len(self._painted_s) < 2:
            return 0.0
        return len(self._painted_s) / max(now_s - self._painted_s[0], 1e-3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() != QEvent.Type.Paint:
            return False
        # A timer of no time runs when this paint has ended.
        if watched in self._pictures:
            if self._waiting_picture is not None:
                captured_s, self._waiting_picture = self._waiting_picture, None
                QTimer.singleShot(0, lambda: self._picture_painted(captured_s))
        elif self._waiting_answer is not None:
            moment_s, self._waiting_answer = self._waiting_answer, None
            QTimer.singleShot(0, lambda: self._answer(moment_s))
        return False

    def _picture_painted(self, captured_s: float) -> None:
        self._painted_s.append(time.monotonic())
        self._picture(captured_s)
