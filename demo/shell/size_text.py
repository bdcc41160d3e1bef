"""Sizes of files and the room on a disk as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_HOUR_S = 3600.0


def size_text(size_bytes: float) -> str:
    """Bytes in the largest unit that leaves a number above one.

    >>> size_text(2_340_000), size_text(12_000_000), size_text(900), size_text(1)
    ('2.3 MB', '12 MB', '900 bytes', '1 byte')
    """
    for unit, factor in _UNITS:
        if size_bytes >= factor:
            value = size_bytes / factor
            return f"{QLocale().toString(value, 'f', 1 if value < 10 else 0)} {unit}"
    if round(size_bytes) == 1:
        return QCoreApplication.translate("sizes", "1 byte")
    return QCoreApplication.translate("sizes", "{0} bytes").format(round(size_bytes))


def room_text(seconds: float) -> str:
    """How long there is room for, in the coarse way in which it is known.

    >>> room_text(50_400.0), room_text(900.0), room_text(20.0)
    ('room for 14 h', 'room for 15 min', 'room for less than a minute')
    """
    if seconds >= 2 * _HOUR_S:
        text = QCoreApplication.translate("sizes", "room for {0} h")
        return text.format(QLocale().toString(min(round(seconds / _HOUR_S), 9999)))
    if seconds >= 60.0:
        return QCoreApplication.translate("sizes", "room for {0} min").format(int(seconds / 60))
    return QCoreApplication.translate("sizes", "room for less than a minute")
