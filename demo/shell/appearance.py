"""Light or dark, and how large: what the user chose, else what the system says and the screen needs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication

from demo.shell.style import style_sheet
from demo.theme import palette_of

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}

_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
"""Where Chinese is taken from: left to itself, Qt mixes weights where the system's font lacks the characters."""

_TALL = 1700
"""Lines of a screen, in device-independent pixels, from which usual type is too small to read."""


class Appearance(QObject):
    """Keeps the palette of the application right, also when the system changes from day to night.

    Parameters
    ----------
    app : gets the Fusion style.
    choice : "system", "light" or "dark".
    text_size : "auto" or percent of the system's size.
    """

    def __init__(self, app: QApplication, choice: str, text_size: str = "auto") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._text_size = text_size
        self._font = QFont(app.font())
        self._chinese = False
        # Else a style sheet keeps fonts and palettes from reaching the widgets inside those that they are set for.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseStyleSheetPropagationInWidgetStyles)
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._apply)
        self.scale(text_size)
        self.choose(choice)

    @property
    def choice(self) -> str:
        """The theme that the user chose."""
        return self._choice

    @property
    def text_size(self) -> str:
        """The size of type that the user chose."""
        return self._text_size

    def choose(self, choice: str) -> None:
        """Follow the system, or be light or dark whatever it says."""
        self._choice = choice
        hints = QGuiApplication.styleHints()
        if hasattr(hints, "setColorScheme"):  # since Qt 6.8: colours the system's title bar, too
            hints.setColorScheme(_SCHEMES[choice])
        self._apply()

    def scale(self, text_size: str) -> None:
        """Make type larger or smaller; parts that exist already should be made anew."""
        self._text_size = text_size
        font = QFont(self._font)
        if self._chinese:
            font.setFamilies([*font.families(), *_CHINESE])
        font.setPointSizeF(self._font.pointSizeF() * _factor(text_size))
        if font != self._app.font():
            self._app.setFont(font)
        self._app.setStyleSheet(style_sheet(QFontMetrics(font)))

    def write(self, language: str) -> None:
        """Take a font that has the characters of a language, "en" or "zh"."""
        self._chinese = language == "zh"
        self.scale(self._text_size)

    def _apply(self) -> None:
        scheme = _SCHEMES[self._choice]
        if scheme == Qt.ColorScheme.Unknown:
            scheme = QGuiApplication.styleHints().colorScheme()
        palette = palette_of(dark=scheme == Qt.ColorScheme.Dark)
        if palette != self._app.palette():
            self._app.setPalette(palette)


def _factor(text_size: str) -> float:
    """How much larger than the system's: a 4K screen that the system does not scale needs it, others do not."""
    if text_size != "auto":
        return int(text_size) / 100
    screen = QGuiApplication.primaryScreen()
    height = screen.geometry().height() if screen is not None else 0
    return 1.75 if height >= _TALL and screen.logicalDotsPerInch() < 120 else 1.0
