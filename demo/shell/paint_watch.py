"""How many pictures a second really reach the screen, and when."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from demo.shown import Shown

_SPAN_S = 2.0


class PaintWatch(QObject):
    """Counts paints of the picture, each picture once.

    Parameters
    ----------
    told : gets the capture time of each picture once it has been painted.
    """

    def __init__(self, told: Callable[[float], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told = told
        self._pending: float | None = None
        self._seq: tuple[int, float] | None = None
        self._painted_s: deque[float] = deque()

    def watch(self, view: QWidget) -> None:
        """Watch a view that shows the picture."""
        view.installEventFilter(self)

    def expect(self, shown: Shown) -> None:
        """The picture that will be painted next."""
        frame = shown.picture.frame
        if frame is None:
            self._pending = None
        elif (frame.seq, frame.captured_s) != self._seq:
            self._seq = (frame.seq, frame.captured_s)
            self._pending = frame.captured_s

    def rate_hz(self, now_s: float | None = None) -> float:
        """Pictures per second over the last two seconds."""
        now_s = time.monotonic() if now_s is None else now_s
        while self._painted_s and self._painted_s[0] < now_s - _SPAN_S:
            self._painted_s.popleft()
        if len(self._painted_s) < 2:
            return 0.0
        return len(self._painted_s) / max(now_s - self._painted_s[0], 1e-3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.Paint and self._pending is not None:
            captured_s, self._pending = self._pending, None
            QTimer.singleShot(0, lambda: self._done(captured_s))  # runs when this paint has ended
        return False

    def _done(self, captured_s: float) -> None:
        self._painted_s.append(time.monotonic())
        self._told(captured_s)
