"""What the window remembers from one start to the next. What cannot be understood falls back to a default."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from engine.files import PRIVATE_FILE, PRIVATE_FOLDER, make_folder

THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "zh")
TEXT_SIZES = ("auto", "80", "100", "125", "150", "175", "200", "250")
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
SIZES = ("auto", "640x480", "1280x720", "1920x1080")
RATES = ("auto", "15", "25", "30", "60")
MOST_RECENT = 10

_LONGEST = 4096


def settings_path() -> Path:
    """Where the settings of this user belong on this system."""
    from platformdirs import user_config_path

    return user_config_path("attune", appauthor=False) / "window.ini"


class Settings:
    """Typed values over a QSettings file. Reading never fails; writing never raises.

    Parameters
    ----------
    path : the INI file, by default that of the user.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_path()
        with suppress(OSError):
            make_folder(self._path.parent, private=True)
            if path is None:
                self._path.parent.chmod(PRIVATE_FOLDER)  # earlier versions made it for everybody
        self._store = QSettings(str(self._path), QSettings.Format.IniFormat)

    def save(self) -> None:
        """Write to disk what has been set. It names recordings of people, so nobody else may read it."""
        self._store.sync()
        with suppress(OSError):
            self._path.chmod(PRIVATE_FILE)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of ``allowed``, the first of which is the default."""
        value = self._text(key)
        return value if value in allowed else allowed[0]

    def number(self, key: str, default: float, lowest: float, highest: float) -> float:
        """A number between two limits; anything else is the default."""
        try:
            value = float(self._text(key))
        except ValueError:
            return default
        return value if math.isfinite(value) and lowest <= value <= highest else default

    def flag(self, key: str, default: bool = False) -> bool:
        """Yes or no."""
        return {"true": True, "false": False}.get(self._text(key), default)

    def name(self, key: str) -> str | None:
        """A name such as that of a device; None where none has been chosen."""
        if not self._store.contains(key):
            return None
        value = self._text(key)
        return value if value.isprintable() else None

    def blob(self, key: str) -> QByteArray:
        """Bytes such as the layout of the docks; empty where there are none."""
        try:
            return QByteArray(base64.b64decode(self._text(key, longest=1 << 20), validate=True))
        except (binascii.Error, ValueError):
            return QByteArray()

    def put(self, key: str, value: str | float | bool | QByteArray | None) -> None:
        """Remember a value; None forgets it."""
        if value is None:
            self._store.remove(key)
        elif isinstance(value, bool):
            self._store.setValue(key, "true" if value else "false")
        elif isinstance(value, QByteArray):
            self._store.setValue(key, base64.b64encode(value.data()).decode("ascii"))
        else:
            self._store.setValue(key, str(value))

    @property
    def recent(self) -> tuple[str, ...]:
        """Recordings that were opened, the newest first."""
        try:
            found = json.loads(self._text("recent", longest=1 << 18) or "[]")
        except (ValueError, RecursionError):
            return ()
        paths = found if isinstance(found, list) else []
        return _distinct(one for one in paths if isinstance(one, str) and one.isprintable())

    def add_recent(self, path: str) -> None:
        """Put a recording at the head of the recent ones."""
        self._store.setValue("recent", json.dumps(_distinct([path, *self.recent])))

    def clear_recent(self) -> None:
        """Forget which recordings were opened."""
        self._store.remove("recent")

    def _text(self, key: str, longest: int = _LONGEST) -> str:
        value = self._store.value(key)
        return value if isinstance(value, str) and len(value) <= longest else ""


def _distinct(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in paths if one))[:MOST_RECENT]
