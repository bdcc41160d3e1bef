"""What the terminal says of a recording that is being made."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from demo.clock_text import clock_text

if TYPE_CHECKING:
    from engine.saved.recording_state import RecordingState


def recording_line(state: RecordingState) -> str:
    """How the recording stands, in one line."""
    if state.problem:
        return "NOT RECORDING"
    parts = [f"REC {clock_text(state.seconds)}", size(state.bytes_written)]
    if state.left_s is not None:
        parts.append(f"room for {span(state.left_s)}")
    if state.dropped:
        parts.append(f"{state.dropped} pictures left out, the disk or the machine is too slow")
    return ", ".join(parts)


def ending(state: RecordingState) -> str:
    """Where the session is, and what can be done with it."""
    if not state.folder.is_dir():
        return f"Nothing is left at {state.folder}: it was deleted or moved while it was recorded into."
    return (
        f"Recorded {clock_text(state.seconds)}, {size(state.bytes_written)}, into {state.folder}. "
        f"See it again with: attune replay {quote(str(state.folder))}"
    )


def size(count: int) -> str:
    """Bytes for people.

    >>> size(3_400_000), size(800), size(1_250_000_000)
    ('3.4 MB', '0.0 MB', '1.2 GB')
    """
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def span(seconds: float) -> str:
    """A length of time, roughly.

    >>> span(50_400.0), span(300.0), span(12.0), span(400_000.0)
    ('14 h', '5 min', '12 s', '4 days')
    """
    for unit_s, name in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit_s:
            return f"{int(seconds // unit_s)} {name}"
    return f"{int(seconds)} s"
