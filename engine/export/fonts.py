"""Fonts for pictures: DejaVu, which comes with matplotlib, and one of the system's for scripts that it lacks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FURTHER = ("Noto Sans CJK", "Source Han Sans", "PingFang", "Hiragino Sans", "Apple SD Gothic", "Microsoft YaHei")
_FURTHER_STILL = ("Yu Gothic", "Malgun Gothic", "WenQuanYi", "Nirmala", "Noto Sans", "Arial Unicode")


@lru_cache(maxsize=64)
def font(size_px: int, *, bold: bool = False, like: str = "") -> FreeTypeFont:
    """A font of a height.

    Parameters
    ----------
    size_px : height of its letters with everything above and below.
    bold : for headings.
    like : text that it should be able to write; where no font can, what is missing shows as boxes.
    """
    from PIL import ImageFont

    return ImageFont.truetype(str(_file(bold, frozenset(one for one in like if one > "\u024f"))), size_px)


@lru_cache(maxsize=256)
def _file(bold: bool, letters: frozenset[str]) -> Path:
    own = _dejavu(bold)
    if not letters or _covers(own, letters):
        return own
    return next((path for path in _further() if _covers(path, letters)), own)


def _dejavu(bold: bool) -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@lru_cache(maxsize=1)
def _further() -> tuple[Path, ...]:
    """Fonts of the system for many scripts, one of each family."""
    from matplotlib.font_manager import fontManager

    found: dict[str, Path] = {}
    for family in (*_FURTHER, *_FURTHER_STILL):
        for one in fontManager.ttflist:
            if one.name.startswith(family) and one.style == "normal":
                found.setdefault(one.name, Path(one.fname))
    return tuple(found.values())


@lru_cache(maxsize=64)
def _letters(path: Path) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(path)).get_charmap())


def _covers(path: Path, letters: frozenset[str]) -> bool:
    try:
        return all(ord(one) in _letters(path) for one in letters)
    except (OSError, RuntimeError):  # a font that is listed but gone or damaged
        return False
