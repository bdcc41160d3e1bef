"""Numbers as the window writes them: times, shares and multiples, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale
from PySide6.QtGui import QFont

from demo.clock_text import clock_text

_CONTEXT = "figures"
_SECONDS = QT_TRANSLATE_NOOP("figures", "{0} s")
_MILLISECONDS = QT_TRANSLATE_NOOP("figures", "{0} ms")
_PERCENT = QT_TRANSLATE_NOOP("figures", "{0} %")
_TIMES = QT_TRANSLATE_NOOP("figures", "{0} times")


def number(value: float, digits: int = 0) -> str:
    """A number with a fixed count of decimals."""
    return QLocale().toString(float(value), "f", digits)


def clock(seconds: float) -> str:
    """A media time to the nearest tenth, with hours where there are any: "0:03.4", "1:02:03.4"."""
    return clock_text(round(seconds, 1), tenths=True).replace(".", QLocale().decimalPoint())


def seconds_text(value: float, digits: int = 1) -> str:
    """A duration: "0.6 s"."""
    return _tr(_SECONDS).format(number(value, digits))


def milliseconds_text(value_s: float) -> str:
    """A short duration given in seconds: "0.4 ms", "12 ms", "1.3 s"."""
    if value_s >= 1:
        return seconds_text(value_s)
    return _tr(_MILLISECONDS).format(number(value_s * 1e3, 1 if value_s < 0.00995 else 0))


def percent(share: float) -> str:
    """A share of one: "12 %"; what is above nothing but rounds to it is "<1 %"."""
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return _tr(_PERCENT).format("<1")
    return _tr(_PERCENT).format(number(rounded))


def times_text(ratio: float) -> str:
    """A multiple: "4.2 times", from ten on without decimals."""
    return _tr(_TIMES).format(number(ratio, 0 if ratio >= 9.95 else 1))


def tabular(font: QFont) -> QFont:
    """The same font with digits of equal width, where it has them."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
