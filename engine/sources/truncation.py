"""Tells from the bytes of a file that its end is missing, for formats whose decoder does not notice."""

from __future__ import annotations

import os
from pathlib import Path

_STREAMED = (0, 0xFFFFFFFF)
"""Sizes that a writer leaves behind when it could not go back to fill them in."""

_OGG_PAGE_BYTES = 27 + 255 + 255 * 255
_OGG_LAST_PAGE = 0x04


def is_cut_off(path: Path) -> bool:
    """Whether a RIFF file (wav, avi) is shorter than it says, or an Ogg file lacks its last page.

    Other formats say how long they last, which is compared with what was decoded: False for them, and for a file
    that has gone since it was decoded. See RFC 3533 for the Ogg page.
    """
    try:
        file = path.open("rb")
    except OSError:
        return False
    with file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(8)
        if head[:4] == b"RIFF":
            said = int.from_bytes(head[4:8], "little")
            # A missing padding byte at the very end is common and harmless.
            return said not in _STREAMED and said + 8 > size + 1
        if head[:4] == b"OggS":
            file.seek(-min(size, _OGG_PAGE_BYTES), os.SEEK_END)
            return not _ends_with_last_page(file.read())
    return False


def _ends_with_last_page(tail: bytes) -> bool:
    start = tail.rfind(b"OggS")
    header = tail[start : start + 27] if start >= 0 else b""
    if len(header) < 27 or not header[5] & _OGG_LAST_PAGE:
        return False
    lacing = tail[start + 27 : start + 27 + header[26]]
    return len(tail) >= start + 27 + header[26] + sum(lacing)
