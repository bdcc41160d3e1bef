"""Reading TOML that may hold anything: every key must be known, every value is checked."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import TypeVar

from engine.models.json_fields import JsonFields

T = TypeVar("T", int, str)


class TomlTable(JsonFields):
    """A table whose keys must all be known.

    Parameters
    ----------
    value : what stands at this place of the file.
    where : its name, "" for the whole file.
    known : the keys it may have.

    Raises
    ------
    ValueError
        When it is no table, or has a key that is not known; the message names the closest one that is.

    Examples
    --------
    >>> TomlTable({"alpa": 0.05}, "report", ("alpha", "compare"))
    Traceback (most recent call last):
        ...
    ValueError: report.alpa is not known: did you mean alpha?
    """

    def __init__(self, value: object, where: str, known: Collection[str]) -> None:
        if not isinstance(value, dict):
            found = "nothing" if value is None else repr(value)
            raise ValueError(f"[{where}] must be a table, found {found}")
        super().__init__(value, where)
        for key in value:
            if key not in known:
                raise ValueError(f"{self.name(key)} is not known: {closest(key, known)}")

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def name(self, key: str) -> str:
        """How messages call one of the keys."""
        return self._name(key)

    def wrong(self, key: str, wanted: str) -> ValueError:
        """The error for a value that is not as wanted."""
        return self._wrong(key, wanted, self.value.get(key))

    def inner(self, key: str, known: Collection[str]) -> TomlTable:
        """A table inside this one; an empty one where it is left out."""
        return TomlTable(self.value.get(key, {}), self.name(key), known)

    def inners(self, key: str, known: Collection[str]) -> tuple[TomlTable, ...]:
        """A list of tables, which must not be empty."""
        found = self.value.get(key)
        if not isinstance(found, list) or not found:
            raise self._wrong(key, f"one [[{key}]] or more", found)
        return tuple(TomlTable(one, f"{self.name(key)}[{index}]", known) for index, one in enumerate(found, 1))

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """A list of different whole numbers in a range, which must not be empty."""
        found = self.value.get(key)
        if (
            not isinstance(found, list)
            or not found
            or any(type(one) is not int or not low <= one <= high for one in found)
        ):
            raise self._wrong(key, f"a list of whole numbers from {low} to {high}", found)
        return tuple(_different(found, self.name(key)))

    def names(self, key: str, most: int = 1000) -> tuple[str, ...]:
        """A list of different texts, which must not be empty."""
        found = self.texts(key, most)
        if not found or any(not one.strip() or len(one) > 200 for one in found):
            raise self.wrong(key, "a list of names")
        return tuple(_different(list(found), self.name(key)))


def closest(name: str, known: Collection[str]) -> str:
    """What to suggest in place of an unknown name.

    Examples
    --------
    >>> closest("modalties", ["fusion", "modalities"])
    'did you mean modalities?'
    >>> closest("x", ["fusion", "modalities"])
    'choose from fusion, modalities'
    """
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}"


def _different(values: list[T], name: str) -> list[T]:
    for one in values:
        if values.count(one) > 1:
            raise ValueError(f"{name} has {one} twice")
    return values
