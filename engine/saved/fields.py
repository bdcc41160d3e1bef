"""Values of a plain record, each checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from engine.errors import DataError
from engine.types import Array

_DTYPES: dict[str, np.dtype[Any]] = {"f4": np.dtype("<f4"), "f8": np.dtype("<f8"), "u1": np.dtype("u1")}
_MOST_INTEGER = 1 << 53


Box: TypeAlias = tuple[float, float, float, float]


class Fields:
    """The fields of one record.

    Every method raises a DataError when the field is missing or is not what it should be.
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._record = record

    @property
    def plain(self) -> Mapping[str, Any]:
        """The record as it is."""
        return self._record

    def given(self, name: str) -> bool:
        """Whether the field is there and is not None."""
        return self._record.get(name) is not None

    def number(self, name: str, *, finite: bool = True) -> float:
        """A float."""
        return _number(self._get(name), name, finite=finite)

    def optional_number(self, name: str, *, finite: bool = True) -> float | None:
        """A float, or None where it is not given."""
        return self.number(name, finite=finite) if self.given(name) else None

    def integer(self, name: str, *, least: int = 0) -> int:
        """A whole number, not below ``least``."""
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST_INTEGER:
            raise _wrong(name, value)
        return value

    def flag(self, name: str) -> bool:
        """True or False."""
        value = self._get(name)
        if not isinstance(value, bool):
            raise _wrong(name, value)
        return value

    def text(self, name: str) -> str:
        """A string."""
        value = self._get(name)
        if not isinstance(value, str):
            raise _wrong(name, value)
        return value

    def optional_text(self, name: str) -> str | None:
        """A string, or None where it is not given."""
        return self.text(name) if self.given(name) else None

    def integers(self, name: str) -> list[int]:
        """Whole numbers, none below 0."""
        return [Fields({name: one}).integer(name) for one in self._list(name)]

    def texts(self, name: str, *, most: int | None = None) -> tuple[str, ...]:
        """Strings, at most so many."""
        values = tuple(self._list(name))
        if not all(isinstance(one, str) for one in values) or (most is not None and len(values) > most):
            raise _wrong(name, values)
        return values

    def one_of(self, name: str, known: Sequence[str]) -> Any:
        """A string of a list."""
        value = self.text(name)
        if value not in known:
            raise _wrong(name, value)
        return value

    def several_of(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        """Strings of a list, none of them twice."""
        values = self.texts(name)
        if not set(values) <= set(known) or len(set(values)) != len(values):
            raise _wrong(name, values)
        return values

    def bytes(self, name: str) -> bytes:
        """Bytes."""
        value = self._get(name)
        if not isinstance(value, bytes):
            raise _wrong(name, value)
        return value

    def map(self, name: str) -> Fields:
        """The fields of a record within this one."""
        return Fields(_mapping(self._get(name), name))

    def maps(self, name: str) -> list[Fields]:
        """The fields of each record of a list."""
        return [Fields(_mapping(one, name)) for one in self._list(name)]

    def named(self, known: Sequence[str]) -> Iterator[tuple[str, Fields]]:
        """Every field of this record is one itself, with a name of a list."""
        for name, value in self._record.items():
            if name not in known:
                raise _wrong(name, value)
            yield name, Fields(_mapping(value, name))

    def numbers(self) -> dict[str, float]:
        """Every field of this record is a float."""
        return {str(name): _number(value, name) for name, value in self._record.items()}

    def seen(self, name: str) -> tuple[float, Box | None, tuple[Box, ...]]:
        """A list of a time, a box or None, and a list of boxes."""
        value = self._list(name)
        if len(value) != 3 or not isinstance(value[2], list):
            raise _wrong(name, value)
        box = None if value[1] is None else _box(value[1], name)
        return _number(value[0], name), box, tuple(_box(one, name) for one in value[2])

    def numbers_of(self, name: str, count: int) -> tuple[float, ...]:
        """A list of so many numbers."""
        value = self._list(name)
        if len(value) != count:
            raise _wrong(name, value)
        return tuple(_number(one, name) for one in value)

    def words(self, name: str) -> Iterator[tuple[str, float, float, float, bool]]:
        """Lists of text, start, end, confidence, and whether it is final."""
        for one in self._list(name):
            if not (isinstance(one, list) and len(one) == 5 and isinstance(one[0], str) and isinstance(one[4], bool)):
                raise _wrong(name, one)
            start_s, end_s, confidence = _row(one[1:4], name, 3)
            yield one[0], start_s, end_s, confidence, one[4]

    def array(self, name: str, dtype: str, shape: tuple[int | None, ...], *, most: int | None = None) -> Any:
        """A read-only array of a dtype (f4, f8, u1) and a shape; None there allows any length, up to ``most``.

        Its declared size must be that of its bytes, so that nothing is allocated for a size that is only claimed.
        """
        fields = self.map(name)
        declared = fields._list("shape")
        if fields.text("dtype") != dtype or len(declared) != len(shape):
            raise _wrong(name, declared)
        for size, wanted in zip(declared, shape, strict=True):
            whole = isinstance(size, int) and not isinstance(size, bool) and size >= 0
            if not whole or (wanted is not None and size != wanted) or (most is not None and size > most):
                raise _wrong(name, declared)
        data = fields.bytes("data")
        if math.prod(declared) * _DTYPES[dtype].itemsize != len(data):
            raise _wrong(name, declared)
        found: Array = np.frombuffer(data, _DTYPES[dtype]).reshape(declared)
        return found

    def _get(self, name: str) -> Any:
        if name not in self._record:
            raise DataError(f"it has no {name}")
        return self._record[name]

    def _list(self, name: str) -> list[Any]:
        value = self._get(name)
        if not isinstance(value, list):
            raise _wrong(name, value)
        return value


def packed(array: Array) -> dict[str, Any]:
    """An array as a plain map, with its very bytes; `Fields.array` is the way back."""
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return {"dtype": little.dtype.str.lstrip("<|"), "shape": list(array.shape), "data": little.tobytes()}


def _number(value: Any, name: str, *, finite: bool = True) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(name, value)
    if isinstance(value, int) and abs(value) > _MOST_INTEGER:  # larger ones are no floats
        raise _wrong(name, value)
    if math.isnan(value) or (finite and math.isinf(value)):
        raise _wrong(name, value)
    return float(value)


def _row(value: Any, name: str, length: int) -> list[float]:
    if not (isinstance(value, list) and len(value) == length):
        raise _wrong(name, value)
    return [_number(one, name) for one in value]


def _box(value: Any, name: str) -> Box:
    x0, y0, x1, y1 = _row(value, name, 4)
    return x0, y0, x1, y1


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, value)
    return value


def _wrong(name: str, value: object) -> DataError:
    return DataError(f"{name} is {str(value)[:60]!r}")
