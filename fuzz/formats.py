"""Changes that keep the outer form of a file, so that what is wrong is found deep inside."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from fuzz.mutations import NUMBERS_64, TEXTS, mutate_bytes, mutate_value

Files = dict[str, bytes]
"""Content of the files of a case by their names."""


def mutate_json(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change entries of a JSON text; sometimes its bytes, and sometimes nest it deeper than anybody reads."""
    kind = rng.random()
    if kind < 0.25:
        return mutate_bytes(rng, data, others)
    if kind < 0.28:
        opened = rng.choice(("[", '{"a":', '[{"a":['))
        return (opened * rng.choice((100, 2000, 100_000))).encode()
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return mutate_bytes(rng, data, others)
    for _ in range(rng.choice((1, 1, 2, 3))):
        value = mutate_value(rng, value)
    return as_json(value)


def as_json(value: Any) -> bytes:
    """A value as JSON text; what JSON cannot hold becomes text."""
    text = json.dumps(value, default=repr, skipkeys=True) if _short(value) else json.dumps(repr(type(value)))
    return text.encode()


def _short(value: Any) -> bool:
    return not isinstance(value, int) or value.bit_length() < 10_000


def mutate_csv(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change cells, rows and headings of a table; sometimes its bytes."""
    if rng.random() < 0.3:
        return mutate_bytes(rng, data, others)
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return mutate_bytes(rng, data, others)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not rows:
            break
        row = rng.choice(rows)
        kind = rng.random()
        if kind < 0.1:
            rows.remove(row)
        elif kind < 0.2:
            rows.insert(rng.randrange(len(rows) + 1), list(row))
        elif kind < 0.3:
            row.append(rng.choice(TEXTS))
        elif row:
            row[rng.randrange(len(row))] = rng.choice((*TEXTS, "x" * 140_000, str(rng.choice(NUMBERS_64))))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=rng.choice(",,,;\t")).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def mutate_safetensors(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the header of a safetensors file (u64 length, JSON, values), its declared length, or its bytes."""
    kind = rng.random()
    if kind < 0.3 or len(data) < 8:
        return mutate_bytes(rng, data, others)
    length = struct.unpack("<Q", data[:8])[0]
    header, values = data[8 : 8 + length], data[8 + length :]
    if kind < 0.4:
        return struct.pack("<Q", rng.choice(NUMBERS_64)) + header + values
    header = mutate_json(rng, header)
    declared = len(header) if rng.random() < 0.9 else rng.choice(NUMBERS_64)
    return struct.pack("<Q", declared) + header + values


def mutate_npy(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the header of a NumPy file (magic, u16 length, Python literal), or its bytes."""
    if rng.random() < 0.4 or len(data) < 10:
        return mutate_bytes(rng, data, others)
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10 : 10 + length].decode("latin1")
    swaps = (
        ("'<f4'", rng.choice(("'<f8'", "'|O'", "'<U999999999'", "'|V0'", "'<M8'", "'>i8'", "[('a','|O')]", "'x'"))),
        ("(", "(" + rng.choice(("-1, ", "0, ", "2**70, ", "10**18, ", "9" * 30 + ", ", "True, ", "'a', "))),
        ("False", rng.choice(("True", "None", "1", "[]"))),
        ("{", "{" * rng.choice((1, 90)) if rng.random() < 0.5 else "{'more': 1, "),
    )
    header = header.replace(*rng.choice(swaps), 1)
    if rng.random() < 0.1:
        header = "(" * 60_000
    encoded = header.encode("latin1")[:65535]
    return data[:8] + struct.pack("<H", len(encoded)) + encoded + data[10 + length :]


def mutate_frames(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change records of a log of frames [u32 length][u32 crc32][msgpack map], with checksums that fit as a rule."""
    kind = rng.random()
    if kind < 0.25:
        return mutate_bytes(rng, data, others)
    frames = split_frames(data)
    if not frames:
        return mutate_bytes(rng, data, others)
    at = 0 if rng.random() < 0.2 else rng.randrange(len(frames))
    if kind < 0.4:
        moved = frames.pop(at)
        frames[rng.randrange(len(frames) + 1) :][:0] = [moved]
        frames.insert(rng.randrange(len(frames) + 1), moved)
        return b"".join(join_frame(one) for one in frames)
    frames[at] = mutate_msgpack(rng, frames[at])
    joined = [join_frame(one) for one in frames]
    if rng.random() < 0.1:
        joined[at] = struct.pack("<I", rng.choice(NUMBERS_64) % 2**32) + joined[at][4:]
    return b"".join(joined)


def mutate_msgpack(rng: random.Random, data: bytes) -> bytes:
    """Change entries of a msgpack value, or its bytes; sometimes with sizes that are only declared."""
    import msgpack

    kind = rng.random()
    if kind < 0.1:
        return (
            rng.choice((b"\xdf\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\x91" * 5000))
            + data
        )
    if kind < 0.25:
        return mutate_bytes(rng, data)
    try:
        value = msgpack.unpackb(data, strict_map_key=False)
        for _ in range(rng.choice((1, 1, 2, 3))):
            value = mutate_value(rng, value)
        packed: bytes = msgpack.packb(value, default=repr, unicode_errors="surrogatepass")
        return packed
    except (ValueError, OverflowError, TypeError, msgpack.UnpackException):
        return mutate_bytes(rng, data)


def split_frames(data: bytes) -> list[bytes]:
    """The contents of the frames of a log, as far as they are whole."""
    found, at = [], 0
    while len(data) - at >= 8:
        length = struct.unpack_from("<I", data, at)[0]
        if len(data) - at - 8 < length:
            break
        found.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return found


def join_frame(content: bytes) -> bytes:
    """A frame around a content."""
    return struct.pack("<II", len(content), zlib.crc32(content)) + content


def mutate_proto(rng: random.Random, data: bytes, others: Sequence[bytes] = (), depth: int = 0) -> bytes:
    """Change a field of a protocol buffer, at any depth, with lengths that fit as a rule; or its bytes."""
    fields = _fields(data)
    if not fields or rng.random() < 0.15:
        return mutate_bytes(rng, data, others)
    at = rng.randrange(len(fields))
    number, kind, value = fields[at]
    if kind == 2 and isinstance(value, bytes):
        chosen = rng.random()
        if chosen < 0.1:
            del fields[at]
        elif chosen < 0.15:
            fields.insert(at, fields[at])
        elif chosen < 0.65 and depth < 6 and value:
            fields[at] = number, kind, mutate_proto(rng, value, (), depth + 1)
        else:
            fields[at] = (
                number,
                kind,
                rng.choice((rng.choice(TEXTS).encode("utf-8", "replace"), mutate_bytes(rng, value))),
            )
    else:
        fields[at] = number, kind, rng.choice(NUMBERS_64) if kind == 0 else value
    return b"".join(_field(*one) for one in fields)


def _fields(data: bytes) -> list[tuple[int, int, int | bytes]]:
    """The fields of a message: number, wire type, value; none where it is no message."""
    found: list[tuple[int, int, int | bytes]] = []
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if at < 0 or kind not in (0, 1, 2, 5) or not key >> 3:
            return []
        value: int | bytes
        if kind == 0:
            value, at = _varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(kind, 0)
            if kind == 2:
                length, at = _varint(data, at)
            if at < 0 or at + length > len(data):
                return []
            value, at = data[at : at + length], at + length
        if at < 0:
            return []
        found.append((key >> 3, kind, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends; -1 where there is none."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            return 0, -1
        value |= (data[at] & 127) << shift
        at += 1
        if not data[at - 1] & 128:
            return value, at
    return 0, -1


def _field(number: int, kind: int, value: int | bytes) -> bytes:
    head = _as_varint(number << 3 | kind)
    if isinstance(value, int):
        return head + _as_varint(value)
    return head + (_as_varint(len(value)) if kind == 2 else b"") + value


def _as_varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
