"""Times as people read them."""

from __future__ import annotations


def clock_text(seconds: float, *, tenths: bool = False) -> str:
    """Minutes and seconds, and hours where there are any.

    >>> clock_text(75.26), clock_text(75.26, tenths=True), clock_text(3675.0)
    ('1:15', '1:15.2', '1:01:15')
    """
    tenth = int(max(seconds, 0.0) * 10 + 1e-6)
    whole = tenth // 10
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"{text}.{tenth % 10}" if tenths else text
