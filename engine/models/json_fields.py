"""Reading JSON that may hold anything: every value is checked for type and range."""

from __future__ import annotations

import math


class JsonFields:
    """A JSON object whose entries are read with checks.

    Every method raises ValueError that names the entry, what it must be and what was found.

    Examples
    --------
    >>> JsonFields({"heads": 6}, "config").whole("heads", 1, 64)
    6
    >>> JsonFields({"heads": True}, "config").whole("heads", 1, 64)
    Traceback (most recent call last):
        ...
    ValueError: config.heads must be a whole number from 1 to 64, found True
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{where or 'the file'} must be a JSON object, found {_brief(value)}")
        self.value: dict[str, object] = value
        self.where = where

    def fields(self, key: str) -> JsonFields:
        """An object inside this one."""
        return JsonFields(self.value.get(key), self._name(key))

    def text(self, key: str) -> str:
        """A text of 1 to 200 characters."""
        value = self.value.get(key)
        if not isinstance(value, str) or not 1 <= len(value) <= 200:
            raise self._wrong(key, "a text of 1 to 200 characters", value)
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or null."""
        return None if self.value.get(key, 0) is None else self.text(key)

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        """One of the options."""
        value = self.value.get(key)
        if not isinstance(value, str) or value not in options:
            raise self._wrong(key, f"one of {', '.join(options)}", value)
        return value

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        """A list of at most ``most`` texts."""
        value = self.value.get(key)
        if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
            raise self._wrong(key, f"a list of at most {most} texts", value)
        return tuple(value)

    def all_texts(self) -> dict[str, str]:
        """All entries of this object, which must be texts."""
        return {key: self.text(key) for key in self.value}

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number in a range."""
        value = self.value.get(key)
        if type(value) is not int or not low <= value <= high:
            raise self._wrong(key, f"a whole number from {low} to {high}", value)
        return value

    def optional_whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number in a range, or null."""
        return None if self.value.get(key, 0) is None else self.whole(key, low, high)

    def number(self, key: str, low: float, high: float) -> float:
        """A finite number in a range."""
        value = self.value.get(key)
        if not _is_number(value, low, high):
            raise self._wrong(key, f"a number from {low} to {high}", value)
        return float(value)  # type: ignore[arg-type]

    def numbers(self, key: str, low: float, high: float) -> tuple[float, ...]:
        """A list of finite numbers in a range."""
        value = self.value.get(key)
        if not isinstance(value, list) or not all(_is_number(one, low, high) for one in value):
            raise self._wrong(key, f"a list of numbers from {low} to {high}", value)
        return tuple(float(one) for one in value)

    def _name(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _wrong(self, key: str, wanted: str, value: object) -> ValueError:
        found = _brief(value) if key in self.value else "nothing"
        return ValueError(f"{self._name(key)} must be {wanted}, found {found}")


def _is_number(value: object, low: float, high: float) -> bool:
    return type(value) in (int, float) and low <= value <= high and math.isfinite(value)  # type: ignore[operator,arg-type]


def _brief(value: object) -> str:
    text = "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
