"""What importing OpenCV needs around it: it points Qt to plugins of its own, which breaks the Qt of a window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_CHANGED = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")

_READ_ONCE = {
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "1",  # seconds until a read from a frozen camera gives up; 10 by default
    "OPENCV_LOG_LEVEL": "SILENT",  # what fails is told by Attune; OpenCV would write into the terminal view
}
"""Settings that OpenCV reads while it is being imported, so whoever imports it first has to make them."""


@contextmanager
def keeping_qt() -> Iterator[None]:
    """Import OpenCV, or what imports it, inside: Qt's variables are as before at the end.

    Sets what the cameras need of OpenCV's own variables, unless the user has set them.
    """
    for name, value in _READ_ONCE.items():
        os.environ.setdefault(name, value)
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in _CHANGED:
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)
