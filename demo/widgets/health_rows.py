"""What the health view says, as rows of text; no painting."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from demo.health import DeviceHealth, StageHealth
from demo.messages import said
from demo.widgets.figures import milliseconds_text, number

_CONTEXT = "HealthView"

FULL = 0.8
"""A queue that is filled to this share is nearly full."""

_STAGES = {
    "face": QT_TRANSLATE_NOOP("HealthView", "faces"),
    "hearing": QT_TRANSLATE_NOOP("HealthView", "voice"),
    "transcription": QT_TRANSLATE_NOOP("HealthView", "words"),
    "model": QT_TRANSLATE_NOOP("HealthView", "emotion models"),
}
_KINDS = {
    "camera": QT_TRANSLATE_NOOP("HealthView", "camera"),
    "microphone": QT_TRANSLATE_NOOP("HealthView", "microphone"),
    "speaker": QT_TRANSLATE_NOOP("HealthView", "speaker"),
}

STATUSES = {
    "starting": QT_TRANSLATE_NOOP("device status", "starting"),
    "frozen": QT_TRANSLATE_NOOP("device status", "frozen"),
    "lost": QT_TRANSLATE_NOOP("device status", "lost"),
    "busy": QT_TRANSLATE_NOOP("device status", "busy"),
    "refused": QT_TRANSLATE_NOOP("device status", "refused"),
    "missing": QT_TRANSLATE_NOOP("device status", "missing"),
    "ended": QT_TRANSLATE_NOOP("device status", "ended"),
    "closed": QT_TRANSLATE_NOOP("device status", "closed"),
}
"""Those of `engine.sources.device.DeviceStatus` that need a word."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes
    ----------
    cells : texts, one for each column.
    filled : how full the queue is, 0..1; None where there is no queue.
    problem : what is wrong, in a word or two; empty where nothing is.
    detail : more about it, on a line of its own.
    """

    cells: tuple[str, ...]
    filled: float | None = None
    problem: str = ""
    detail: str = ""


def stage_columns() -> tuple[str, ...]:
    """Headings of the stages; the queue comes after them, and then what is wrong."""
    return _tr("stage"), _tr("per second"), _tr("median"), _tr("95 %"), _tr("lost")


def stage_row(stage: StageHealth) -> Row:
    """One stage; it is "too slow" when one in twenty takes longer than the time between two."""
    problems = []
    if stage.dropped:
        problems.append(_tr("loses items"))
    if stage.rate_hz > 0 and stage.p95_s > 1 / stage.rate_hz:
        problems.append(_tr("too slow"))
    filled = stage.queued / stage.capacity if stage.capacity else 0.0
    if filled >= FULL:
        problems.append(_tr("queue nearly full"))
    cells = (
        _tr(_STAGES.get(stage.name, stage.name)),
        number(stage.rate_hz, 1),
        milliseconds_text(stage.p50_s),
        milliseconds_text(stage.p95_s),
        number(stage.dropped),
    )
    return Row(cells, filled, _tr(", ").join(problems))


def device_columns() -> tuple[str, ...]:
    """Headings of the devices."""
    return _tr("device"), _tr("per second"), _tr("drift"), _tr("reconnected"), _tr("lost")


def device_row(device: DeviceHealth) -> Row:
    """One camera or microphone."""
    drift = "—" if device.drift_ppm is None else _tr("{0} ppm").format(_signed(device.drift_ppm))
    cells = (
        f"{_tr(_KINDS.get(device.kind, device.kind))}: {said(device.name)}",
        number(device.rate_hz, 1 if device.rate_hz < 1000 else 0),
        drift,
        number(device.reconnects),
        number(device.dropped),
    )
    problems = []
    if device.status and device.status not in FINE:
        problems.append(QCoreApplication.translate("device status", str(STATUSES.get(device.status, device.status))))
    if device.dropped:
        problems.append(_tr("loses items"))
    return Row(cells, None, _tr(", ").join(problems), said(device.message))


FINE = ("ok", "running", "open")
"""States of a device that need no word."""


def _signed(value: float) -> str:
    rounded = round(value)
    return number(0) if rounded == 0 else ("+" if rounded > 0 else "\N{MINUS SIGN}") + number(abs(rounded))


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
