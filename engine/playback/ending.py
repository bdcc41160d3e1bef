"""Where a recording ends: found without playing it, and told from a drive that has been unplugged."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from engine.errors import SourceError
from engine.sources.decode import StreamDecoder
from engine.sources.probe import Probe

MISSING_S = 0.5
"""An end that comes this much earlier than declared is none that rounding explains."""

_PLACES = 16
"""The system keeps parts of a file in memory, often its two ends, and reads them though the drive has gone."""

_BACKWARD_S = 1.0
"""As in ``timing``: packets whose time goes back by more have started anew."""


def require_still_there(path: Path) -> None:
    """Read a little of a file that could be read before.

    Raises
    ------
    SourceError
        When it cannot be read any more.
    """
    try:
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            for place in range(_PLACES):
                file.seek(size * place // _PLACES)
                file.read(1)
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read any more ({error.strerror}): check that its drive is still there."
        ) from error


def require_real_end(path: Path, known: Probe, end_s: float) -> None:
    """Let a stream end before the declared end of the file only where the file can be read.

    Raises
    ------
    SourceError
        When it cannot be read any more: then nobody knows where it ends.
    """
    declared_s = known.info.duration_s
    if declared_s is None or end_s < declared_s - MISSING_S:
        require_still_there(path)


def why_stopped(path: Path, error: BaseException) -> str:
    """What to tell the user where an error has stopped playback: rather that the file has gone than what came of it."""
    try:
        require_still_there(path)
    except SourceError as gone:
        return str(gone)
    return f"Playback has stopped: {str(error).rstrip('.')}. Open the recording again."


class EndSearch:
    """Finds out where the sound of a file ends from its packets, without decoding. For one thread.

    Parameters
    ----------
    path, known : the recording, and what ``probe`` found out about it.

    Attributes
    ----------
    end_s : media time; None until it has been found, and where the packets do not tell.

    Raises
    ------
    SourceError
        When the file cannot be opened.
    """

    def __init__(self, path: Path, known: Probe) -> None:
        self.end_s: float | None = None
        self._origin_s = known.origin_s
        self._decoder = StreamDecoder(path, "audio")
        self._decoder.__enter__()
        self._ends = _ends_s(self._decoder)
        self._latest_s: float | None = None

    def go_on(self, for_s: float) -> bool:
        """Search for a while; says whether there is more to search."""
        until_s = time.monotonic() + for_s
        for latest_s in self._ends:
            self._latest_s = latest_s
            if time.monotonic() >= until_s:
                return True
        if self._latest_s is not None and self._latest_s > self._origin_s:
            self.end_s = self._latest_s - self._origin_s
        return False

    def close(self) -> None:
        """Close the file; twice is harmless."""
        self._ends = iter(())
        self._decoder.__exit__(None, None, None)


def _ends_s(decoder: StreamDecoder) -> Iterator[float]:
    """Yield after each packet where the sound ends so far, seconds of the file; parts that start anew are joined."""
    end_s, shift_s = None, 0.0
    for packet in decoder.packets() if decoder.found else ():
        base = packet.time_base
        ticks = packet.pts if packet.pts is not None else packet.dts
        length_s = float((packet.duration or 0) * base) if base is not None else 0.0
        if ticks is None or base is None:
            start_s = end_s or 0.0
        else:
            start_s = float(ticks * base) + shift_s
            if end_s is not None and start_s < end_s - _BACKWARD_S:
                shift_s += end_s - start_s
                start_s = end_s
        end_s = start_s + length_s if end_s is None else max(end_s, start_s + length_s)
        yield end_s
