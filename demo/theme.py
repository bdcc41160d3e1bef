"""Colours of the window, for a light and a dark palette. Widgets take everything else from their QPalette."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QWidget

from demo.viridis import VIRIDIS
from engine.analysis.palette import MODALITY_COLOURS, label_colours
from engine.config import EMOTIONS

_Role = QPalette.ColorRole

_LIGHT = {
    _Role.Window: "#FFFFFF",
    _Role.WindowText: "#1C2026",
    _Role.Base: "#FFFFFF",
    _Role.AlternateBase: "#F4F5F7",
    _Role.Text: "#1C2026",
    _Role.Button: "#F4F5F7",
    _Role.ButtonText: "#1C2026",
    _Role.BrightText: "#FFFFFF",
    _Role.ToolTipBase: "#1C2026",
    _Role.ToolTipText: "#F4F5F7",
    _Role.PlaceholderText: "#7B828C",
    _Role.Highlight: "#4A57C9",
    _Role.HighlightedText: "#FFFFFF",
    _Role.Link: "#4A57C9",
    _Role.LinkVisited: "#4A57C9",
    _Role.Light: "#FFFFFF",
    _Role.Midlight: "#ECEEF1",
    _Role.Mid: "#D5D9DF",
    _Role.Dark: "#A4ABB5",
    _Role.Shadow: "#6E7680",
}
_DARK = {
    _Role.Window: "#1D2026",
    _Role.WindowText: "#E7E9EC",
    _Role.Base: "#1D2026",
    _Role.AlternateBase: "#262A31",
    _Role.Text: "#E7E9EC",
    _Role.Button: "#2B2F37",
    _Role.ButtonText: "#E7E9EC",
    _Role.BrightText: "#FFFFFF",
    _Role.ToolTipBase: "#E7E9EC",
    _Role.ToolTipText: "#1C2026",
    _Role.PlaceholderText: "#8A919C",
    _Role.Highlight: "#8C97FF",
    _Role.HighlightedText: "#14161A",
    _Role.Link: "#A3ACFF",
    _Role.LinkVisited: "#A3ACFF",
    _Role.Light: "#3A3F48",
    _Role.Midlight: "#31353D",
    _Role.Mid: "#3B4049",
    _Role.Dark: "#15171B",
    _Role.Shadow: "#0B0C0E",
}
_GREYED = (_Role.WindowText, _Role.Text, _Role.ButtonText)


def palette_of(*, dark: bool) -> QPalette:
    """The window's colours: ``Window`` is what a panel is drawn on, ``Highlight`` the one accent."""
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in _GREYED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#646B76" if dark else "#A0A7B1"))
    return palette


def ground(palette: QPalette) -> QColor:
    """What lies between the panels: a shade darker than they are."""
    return QColor("#14161A" if is_dark(palette) else "#ECEEF2")


def warning_colour(palette: QPalette) -> QColor:
    """For what went wrong; goes with text of the palette on top of a thin wash of it."""
    return QColor("#F0A35E" if is_dark(palette) else "#B65C12")


def live_colour(palette: QPalette) -> QColor:
    """The red of a recording light."""
    return QColor("#FF6B63" if is_dark(palette) else "#CF2F27")


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what is behind it."""
    return (
        palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()
    )


def emotion_colour(name: str, labels: tuple[str, ...] = EMOTIONS) -> QColor:
    """Colour of an emotion among those that are told apart, the same in both palettes."""
    return QColor(label_colours(labels if name in labels else (name,))[name])


def modality_colour(name: str, palette: QPalette) -> QColor:
    """Colour of a modality, lighter on dark ground."""
    colour = QColor(MODALITY_COLOURS[name])
    return colour.lighter(135) if is_dark(palette) else colour


def faint(widget: QWidget, share: float = 0.6) -> QColor:
    """The text colour of a widget, mixed with its ground: for scales, captions and partial words."""
    palette = widget.palette()
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    parts = [round(share * a + (1 - share) * b) for a, b in zip(_rgb(text), _rgb(ground), strict=True)]
    return QColor(*parts)


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def heat_image(values: NDArray[np.float32], *, dark: bool) -> QImage:
    """Picture of a map of values in 0..1, [rows, columns], one pixel each: from the ground to viridis' far end."""
    index = (np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.uint8)
    pixels = np.ascontiguousarray(_heat(dark)[index])
    rows, columns = index.shape
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


@cache
def _heat(dark: bool) -> NDArray[np.uint8]:
    """256 colours as BGRx, even steps in lightness, safe for the colour-blind (viridis)."""
    rgb = np.frombuffer(VIRIDIS, np.uint8).reshape(256, 3)
    bgr = (rgb if dark else rgb[::-1])[:, ::-1]
    return np.concatenate([bgr, np.full((256, 1), 255, np.uint8)], axis=1)
