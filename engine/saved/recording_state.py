"""How a recording stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingState:
    """How a recording stands.

    Attributes
    ----------
    folder : of the session.
    from_s : media time of its beginning; seconds : how long it is.
    bytes_written : size of its files.
    left_s : seconds that the disk has room for at the present rate; None until that is known.
    dropped : pictures left out because the disk or the machine was too slow.
    problem : why it has ended early, and what to do; "" while all is well.
    running : whether it goes on.
    """

    folder: Path
    from_s: float
    seconds: float
    bytes_written: int
    left_s: float | None
    dropped: int
    problem: str
    running: bool
