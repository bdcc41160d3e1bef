"""The journal can be read after any kind of end, and nothing in it can fill the memory."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import msgpack
import pytest

from engine.errors import DataError, OutputError
from engine.saved.journal import MOST_BYTES, JournalWriter, read_journal


def written(path: Path, count: int = 5) -> list[int]:
    """Write so many records; sizes of the file after each."""
    sizes = []
    with JournalWriter(path, {"from_s": 1.5}) as journal:
        for number in range(count):
            journal.append({"kind": "n", "n": number, "data": bytes(number * 10)})
            journal.flush()
            sizes.append(journal.bytes_written)
    return sizes


def numbers(path: Path) -> list[int]:
    return [one["n"] for one in read_journal(path)]


def framed(packed: bytes) -> bytes:
    return struct.pack("<II", len(packed), zlib.crc32(packed)) + packed


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    sizes = written(path)
    journal = read_journal(path)
    assert journal.header["from_s"] == 1.5
    assert [one["n"] for one in journal] == list(range(5)) == [one["n"] for one in journal]
    assert journal.torn_at is None and journal.damaged == 0
    assert path.stat().st_size == sizes[-1]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_cut_anywhere_is_read_up_to_the_cut(tmp_path: Path) -> None:
    path, cut = tmp_path / "journal", tmp_path / "cut"
    sizes = written(path)
    content = path.read_bytes()
    header = len(framed(msgpack.packb(read_journal(path).header)))
    for size in range(header, len(content) + 1):
        cut.write_bytes(content[:size])
        journal = read_journal(cut)
        whole = sum(one <= size for one in sizes)
        assert [one["n"] for one in journal] == list(range(whole))
        assert journal.torn_at == (
            None if size in (header, *sizes) else max(one for one in (header, *sizes) if one <= size)
        )


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"RIFF" * 20, framed(msgpack.packb([1])), framed(b"\xc1")])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal"
    path.write_bytes(content)
    with pytest.raises(DataError, match="not a journal"):
        read_journal(path)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot read"):
        read_journal(tmp_path / "none")
    with pytest.raises(DataError, match="no ordinary file"):
        read_journal(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(DataError, match="no ordinary file"):
        read_journal(pipe)


def test_newer_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(framed(msgpack.packb({"format": "attune journal", "version": 2})))
    with pytest.raises(DataError, match="newer"):
        read_journal(path)


def test_a_damaged_record_is_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    sizes = written(path)
    content = bytearray(path.read_bytes())
    content[sizes[1] + 12] ^= 0xFF  # within the third
    path.write_bytes(content)
    journal = read_journal(path)
    assert [one["n"] for one in journal] == [0, 1, 3, 4]
    assert journal.damaged == 1 and journal.torn_at is None


@pytest.mark.parametrize("hit", range(8), ids=lambda one: f"byte {one} of length and checksum")
def test_after_a_damaged_length_it_goes_on(tmp_path: Path, hit: int) -> None:
    path = tmp_path / "journal"
    sizes = written(path)
    content = bytearray(path.read_bytes())
    content[sizes[1] + hit] ^= 0x15
    path.write_bytes(content)
    journal = read_journal(path)
    assert [one["n"] for one in journal] == [0, 1, 3, 4]
    assert journal.damaged == 1 and journal.torn_at is None
    assert [one["n"] for _, one in journal.placed(sizes[2]) if one] == [3, 4]


def test_it_goes_on_after_a_hole(tmp_path: Path) -> None:
    """As where a disk has lost a block."""
    path = tmp_path / "journal"
    with JournalWriter(path) as writer:
        for number in range(40):
            writer.append({"kind": "n", "n": number, "data": os.urandom(100_000)})
    content = bytearray(path.read_bytes())
    content[450_000:2_600_000] = bytes(2_150_000)
    path.write_bytes(content)
    journal = read_journal(path)
    assert [one["n"] for one in journal] == [*range(4), *range(26, 40)]
    assert journal.damaged == 1 and journal.torn_at is None


def test_a_search_reads_a_few_times_the_file_and_no_more(tmp_path: Path) -> None:
    """Places that look like long records, everywhere."""
    path = tmp_path / "journal"
    written(path, 1)
    good = path.read_bytes()
    path.write_bytes(good + b"\x00" + struct.pack("<IIB", 1_000_000, 0, 0x81) * 200_000)
    journal = read_journal(path)
    assert [one["n"] for one in journal] == [0]
    assert journal.torn_at == len(good)


def test_declared_sizes_allocate_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path, 1)
    good = path.read_bytes()
    nested = b"\xdd\x7f\xff\xff\xff" * 100  # lists in lists, each of two thousand million
    hostile = [
        struct.pack("<II", 0xFFFFFFFF, 0) + b"x" * 50,
        struct.pack("<II", MOST_BYTES + 1, 0) + b"x" * 50,
        framed(nested),
        framed(b"\xdf\x7f\xff\xff\xff"),
        framed(b"\xc6\x7f\xff\xff\xffabc"),
        framed(b"\x81\xa1a\xc9\x7f\xff\xff\xff\x01ab"),
    ]
    for extra in hostile:
        path.write_bytes(good + extra)
        tracemalloc.start()
        assert numbers(path) == [0]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10_000_000


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    with pytest.raises(OutputError, match="cannot write"):
        JournalWriter(path)
    assert numbers(path) == list(range(5))


def test_records_too_large_are_refused(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "journal") as journal, pytest.raises(ValueError, match="at most"):
        journal.append({"data": bytes(MOST_BYTES)})


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    for umask in (0, 0o777):
        before = os.umask(umask)
        try:
            with JournalWriter(tmp_path / f"journal{umask}") as journal:
                assert journal.path.stat().st_mode & 0o777 == 0o600
        finally:
            os.umask(before)
