"""The signs on the buttons, as outlines in a square from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF


def shape(name: str) -> QPainterPath:
    """The outline to fill, by its name."""
    return _SHAPES[name]()


def _triangle(left: float, right: float) -> QPainterPath:
    """Points to the right where ``left`` is smaller."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(left, 0.14), QPointF(left, 0.86), QPointF(right, 0.5)]))
    path.closeSubpath()
    return path


def _bar(x: float, width: float = 0.1, top: float = 0.14, bottom: float = 0.86) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, top, width, bottom - top), 0.04, 0.04)
    return path


def _stroke(path: QPainterPath, width: float = 0.1) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)


def _line(*points: tuple[float, float], width: float = 0.1) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return _stroke(path, width)


def _frame(x: float, y: float, width: float, height: float, radius: float = 0.1) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return _stroke(path, 0.09)


def _joined(*paths: QPainterPath) -> QPainterPath:
    whole = QPainterPath()
    whole.setFillRule(Qt.FillRule.WindingFill)
    for one in paths:
        whole.addPath(one)
    return whole


def _speaker() -> QPainterPath:
    path = QPainterPath()
    corners = [(0.05, 0.36), (0.22, 0.36), (0.46, 0.14), (0.46, 0.86), (0.22, 0.64), (0.05, 0.64)]
    path.addPolygon(QPolygonF([QPointF(*one) for one in corners]))
    path.closeSubpath()
    return path


def _arc(radius: float) -> QPainterPath:
    box = QRectF(0.46 - radius, 0.5 - radius, 2 * radius, 2 * radius)
    path = QPainterPath()
    path.arcMoveTo(box, -45)
    path.arcTo(box, -45, 90)
    return _stroke(path, 0.09)


def _sound() -> QPainterPath:
    return _joined(_speaker(), _arc(0.24), _arc(0.42))


def _silent() -> QPainterPath:
    return _joined(_speaker(), _line((0.62, 0.36), (0.9, 0.64)), _line((0.9, 0.36), (0.62, 0.64)))


def _folder() -> QPainterPath:
    path = QPainterPath()
    corners = [(0.08, 0.8), (0.08, 0.2), (0.38, 0.2), (0.48, 0.32), (0.92, 0.32), (0.92, 0.8)]
    path.addPolygon(QPolygonF([QPointF(*one) for one in corners]))
    path.closeSubpath()
    return _stroke(path, 0.09)


def _camera() -> QPainterPath:
    lens = QPainterPath()
    lens.addPolygon(QPolygonF([QPointF(0.7, 0.46), QPointF(0.95, 0.3), QPointF(0.95, 0.7), QPointF(0.7, 0.54)]))
    lens.closeSubpath()
    return _joined(_frame(0.06, 0.26, 0.58, 0.48), lens)


def _compare() -> QPainterPath:
    return _joined(_frame(0.08, 0.16, 0.34, 0.68), _frame(0.58, 0.16, 0.34, 0.68))


def _present() -> QPainterPath:
    return _joined(_frame(0.06, 0.16, 0.88, 0.54), _line((0.34, 0.88), (0.66, 0.88), width=0.09))


def _sample() -> QPainterPath:
    ring = QPainterPath()
    ring.addEllipse(QRectF(0.06, 0.06, 0.88, 0.88))
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0.4, 0.3), QPointF(0.4, 0.7), QPointF(0.72, 0.5)]))
    path.closeSubpath()
    return _joined(_stroke(ring, 0.09), path)


def _stop() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(0.18, 0.18, 0.64, 0.64), 0.06, 0.06)
    return path


def _dot() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(0.22, 0.22, 0.56, 0.56))
    return path


_SHAPES: dict[str, Callable[[], QPainterPath]] = {
    "play": lambda: _triangle(0.2, 0.88),
    "pause": lambda: _joined(_bar(0.22, 0.2), _bar(0.58, 0.2)),
    "step": lambda: _joined(_triangle(0.2, 0.72), _bar(0.74)),
    "step_back": lambda: _joined(_triangle(0.8, 0.28), _bar(0.16)),
    "sound": _sound,
    "silent": _silent,
    "open": _folder,
    "live": _camera,
    "sample": _sample,
    "compare": _compare,
    "present": _present,
    "stop": _stop,
    "dot": _dot,
    "close": lambda: _joined(_line((0.26, 0.26), (0.74, 0.74)), _line((0.74, 0.26), (0.26, 0.74))),
    "float": lambda: _joined(_frame(0.18, 0.36, 0.46, 0.46, 0.04), _line((0.42, 0.2), (0.8, 0.2), (0.8, 0.58))),
    "tick": lambda: _line((0.2, 0.54), (0.42, 0.74), (0.82, 0.3), width=0.12),
}
