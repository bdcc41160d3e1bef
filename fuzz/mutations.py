"""Changes to bytes and to values, each drawn from a random generator, so that a seed gives the same ones again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

Mutation = Callable[[random.Random, bytes], bytes]

MOST_BYTES = 1 << 20
"""No mutated file is larger: what is wanted are large sizes that are declared, not large files."""

NUMBERS = (0, 1, 2, 7, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**24, 2**31 - 1, 2**31, 2**32 - 1, 2**40)
NUMBERS_64 = (*NUMBERS, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1)

TEXTS = (
    *("", " ", "\0", "a\0b", "../../../../etc/passwd", "/etc/passwd", "..", ".", "/", "//host/share/file", "C:\\x"),
    *("file:///etc/passwd", "http://127.0.0.1:1/x", "~root", "nan", "inf", "-1", "1e400", "0x10", "true", "null"),
    *(
        "%s%s%n",
        "{0}",
        "\u202e\u0000\ud7ff",
        "\U0001f600" * 9,
        "\n",
        "\r\n",
        "a" * 300,
        "b" * 5000,
        "'\"",
        "=1+1",
        "[red]",
    ),
)
"""Texts that programs have tripped over."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 100, 1 << 20, 2**31, 2**32, 2**63, -(2**63), 2**64, 10**30, 10**400),
    *(0.0, -0.0, 0.5, -1.5, 1e-320, 1e18, 1e308, -1e308, float("nan"), float("inf"), float("-inf")),
    *([], {}, [[]], [None], {"": None}, [0] * 1000, [[[[[[[[1]]]]]]]], b"", b"\0\xff"),
)
"""Values of other types or sizes than a file should have."""


def flip(rng: random.Random, data: bytes) -> bytes:
    """Turn some bits over."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        changed[_place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwrite(rng: random.Random, data: bytes) -> bytes:
    """Put a whole number of 1 to 8 bytes where another may be."""
    size = rng.choice((1, 2, 4, 4, 8))
    value = rng.choice(NUMBERS_64) % (1 << 8 * size)
    at = _place(rng, data)
    return data[:at] + value.to_bytes(size, rng.choice(("little", "big"))) + data[at + size :]


def truncate(rng: random.Random, data: bytes) -> bytes:
    """Leave out the end."""
    return data[: rng.randrange(len(data))]


def cut(rng: random.Random, data: bytes) -> bytes:
    """Leave out a piece."""
    at = _place(rng, data)
    return data[:at] + data[at + _length(rng, data) :]


def double(rng: random.Random, data: bytes) -> bytes:
    """Repeat a piece."""
    at = _place(rng, data)
    piece = data[at : at + _length(rng, data)]
    return data[:at] + piece * rng.choice((2, 2, 3, 40)) + data[at + len(piece) :]


def blank(rng: random.Random, data: bytes) -> bytes:
    """Fill a piece with one byte, or with noise."""
    at = _place(rng, data)
    length = len(data[at : at + _length(rng, data)])
    filled = rng.randbytes(length) if rng.random() < 0.3 else bytes([rng.choice((0, 255, 32, 128))]) * length
    return data[:at] + filled + data[at + length :]


def insert(rng: random.Random, data: bytes) -> bytes:
    """Put something in."""
    at = _place(rng, data)
    added = rng.choice((rng.randbytes(rng.choice((1, 4, 64))), rng.choice(TEXTS).encode("utf-8", "surrogatepass")))
    return data[:at] + added + data[at:]


BYTE_MUTATIONS: tuple[Mutation, ...] = (flip, flip, flip, overwrite, overwrite, truncate, cut, double, blank, insert)


def mutate_bytes(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change bytes in one to six ways; now and then join the file with another one first."""
    if others and rng.random() < 0.1:
        other = rng.choice(others)
        if data and other:
            data = data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        if data:
            data = rng.choice(BYTE_MUTATIONS)(rng, data)
    return data[:MOST_BYTES]


def mutate_value(rng: random.Random, value: Any, texts: Sequence[str] = TEXTS) -> Any:
    """Change one entry somewhere inside of lists and dictionaries: another value, gone, double, or renamed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        return _mutate_entry(rng, value, texts)
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        kind = rng.random()
        if kind < 0.1:
            return value[:at] + value[at + 1 :]
        if kind < 0.2:
            return value[:at] + [value[at]] * rng.choice((2, 3, 100)) + value[at + 1 :]
        return [*value[:at], mutate_value(rng, value[at], texts), *value[at + 1 :]]
    if isinstance(value, str) and rng.random() < 0.7:
        return rng.choice(texts)
    if isinstance(value, int | float) and not isinstance(value, bool) and rng.random() < 0.4:
        return _other_number(rng, value)
    return rng.choice((*VALUES, *texts))


def _mutate_entry(rng: random.Random, value: dict[Any, Any], texts: Sequence[str]) -> dict[Any, Any]:
    key = rng.choice(list(value))
    kind = rng.random()
    if kind < 0.1:
        return {name: one for name, one in value.items() if name != key}
    if kind < 0.15:
        return {rng.choice(texts) if name == key else name: one for name, one in value.items()}
    if kind < 0.2:
        return {**value, rng.choice(texts): rng.choice(list(value.values()))}
    return {**value, key: mutate_value(rng, value[key], texts)}


def _other_number(rng: random.Random, value: float) -> float:
    try:
        return rng.choice((-value, value + 1, value - 1, value * 2, value * 1000, value * 10**9, float(value) + 0.5))
    except OverflowError:
        return 0


def _place(rng: random.Random, data: bytes) -> int:
    """Somewhere; the beginnings of files, where their headers are, twice as often."""
    return rng.randrange(min(len(data), 512) if rng.random() < 0.5 else len(data))


def _length(rng: random.Random, data: bytes) -> int:
    return min(rng.choice((1, 2, 4, 8, 32, 256, 4096)), len(data))
