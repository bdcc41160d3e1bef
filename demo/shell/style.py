"""The little that the Fusion style does not do: flat tabs, menus without lines, thin scroll bars."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

_SHEET = """
QMenuBar {{ background: transparent; border: none; }}
QMenuBar::item {{ background: transparent; padding: {third}px {half}px; border-radius: {radius}px; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: palette(midlight); color: palette(window-text); }}
QMainWindow::separator {{ background: transparent; width: {gap}px; height: {gap}px; }}
QPushButton {{
    background: palette(window); color: palette(window-text); border: 1px solid palette(mid);
    border-radius: {radius}px; padding: {third}px {half}px;
}}
QPushButton:hover {{ background: palette(midlight); }}
QPushButton:focus {{ border-color: palette(highlight); }}
QPushButton:disabled {{ color: palette(dark); }}
QPushButton {{ padding-left: {unit}px; padding-right: {unit}px; }}
QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{
    background: transparent; color: palette(placeholder-text); border: none; font-weight: 600;
    padding: {third}px {most}px; margin-right: 1px;
    border-top-left-radius: {corner}px; border-top-right-radius: {corner}px;
}}
QTabBar::tab:selected {{ background: palette(window); color: palette(window-text); }}
QTabBar::tab:hover:!selected {{ color: palette(window-text); }}
QTabBar::tab:focus {{ color: palette(highlight); }}
QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {bar}px; margin: 0; }}
QScrollBar::handle {{ background: palette(mid); border-radius: {bar_radius}px; }}
QScrollBar::handle:vertical {{ min-height: {unit}px; }}
QScrollBar::handle:horizontal {{ min-width: {unit}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QToolTip {{ padding: {third}px {half}px; border: none; }}
"""


def style_sheet(metrics: QFontMetrics) -> str:
    """The sheet with all lengths measured in the height of a line of text."""
    unit = metrics.height()
    bar = max(6, round(unit * 0.45))
    return _SHEET.format(
        unit=unit,
        third=round(unit * 0.3),
        half=round(unit * 0.55),
        most=round(unit * 0.75),
        gap=max(4, unit // 3),
        radius=max(3, round(unit * 0.3)),
        corner=max(4, round(unit * 0.45)),
        bar=bar,
        bar_radius=bar // 2,
    )
