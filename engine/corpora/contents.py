"""What files hold, told apart by checksum; files that have not changed are not read again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.files import make_folder

_log = logging.getLogger(__name__)

_PIECE = 1 << 20
_SETTLED_NS = 2_000_000_000
"""A file that changed within this time before it was read may change again without another time stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file held when it was read.

    Attributes
    ----------
    path : the file, absolute.
    size, modified_ns, changed_ns : its size and times then.
    sha256 : checksum of its content.
    settled : whether a later change is sure to show in the times.
    """

    path: str
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str
    settled: bool = True


def read_content(path: Path) -> Content:
    """Read a file for its checksum.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        while piece := file.read(_PIECE):
            digest.update(piece)
    newest_ns = max(state.st_mtime_ns, state.st_ctime_ns)
    return Content(
        path=os.path.abspath(path),
        size=state.st_size,
        modified_ns=state.st_mtime_ns,
        changed_ns=state.st_ctime_ns,
        sha256=digest.hexdigest(),
        settled=time.time_ns() - newest_ns > _SETTLED_NS,
    )


class ContentLog:
    """Remembers what files held, in a text file with one record a line.

    Records are only ever added, so a process may be killed at any instant and several may write at once: a line that
    was not written whole is ignored, and the newest record of a file counts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Content] = {}
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("%s cannot be read (%s): all files are read again", path, error)
            return
        for line in lines:
            one = _parse(line)
            if one is not None:
                self._known[one.path] = one

    def find(self, path: Path) -> str | None:
        """Checksum of a file that is as it was when it was read; None where it must be read."""
        known = self._known.get(os.path.abspath(path))
        if known is None:
            return None
        try:
            state = path.stat()
        except OSError:
            return None
        same = (known.size, known.modified_ns, known.changed_ns) == (
            state.st_size,
            state.st_mtime_ns,
            state.st_ctime_ns,
        )
        return known.sha256 if same else None

    def add(self, contents: Iterable[Content]) -> None:
        """Remember files. What cannot be written is read again the next time."""
        settled = [one for one in contents if one.settled]
        if not settled:
            return
        # The break at the beginning ends a record that another process was killed in.
        record = b"".join(b"\n" + json.dumps(asdict(one)).encode() for one in settled) + b"\n"
        self._known |= {one.path: one for one in settled}
        try:
            make_folder(self._path.parent, private=True)
            with self._path.open("ab", buffering=0) as file:
                if file.write(record) != len(record):
                    raise OSError("no room for all of it")
        except OSError as error:  # an OutputError is one
            _log.info("%s cannot be written: %s", self._path, error)


def _parse(line: bytes) -> Content | None:
    try:
        fields = json.loads(line)
        one = Content(**fields)
    except (ValueError, TypeError, RecursionError):
        return None
    sound = isinstance(one.path, str) and isinstance(one.sha256, str) and len(one.sha256) == 64
    return one if sound else None
