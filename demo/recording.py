"""The recording that is made of a live session, as the window shows it, and where recordings are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

State = Literal["off", "wanted", "on", "broken", "saving", "saved"]

SHORT_S = 600.0
"""With room for less than this, the user is warned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """How the recording of a live session stands.

    Attributes
    ----------
    state : "off" before the first, "wanted" until the session runs, "on", "broken" when nothing more can be written,
        "saving" while it is brought to its end, and "saved" from then on.
    folder : what it is written into, or was.
    seconds : how long it is.
    size_bytes : how large it is.
    left_s : how long there is room for at the present rate; None where that is not known yet.
    dropped : pictures and blocks of sound that were too many for the disk.
    problem : why nothing more is written, a sentence; "" while all is well.
    """

    state: State = "off"
    folder: str = ""
    seconds: float = 0.0
    size_bytes: int = 0
    left_s: float | None = None
    dropped: int = 0
    problem: str = ""

    @property
    def on(self) -> bool:
        """Whether pictures and sound are being kept, or will be in a moment."""
        return self.state in ("wanted", "on", "saving")

    @property
    def short(self) -> bool:
        """Whether there is little room left."""
        return self.state == "on" and self.left_s is not None and self.left_s < SHORT_S


def usual_folder() -> Path:
    """Where recordings are kept unless the user chooses another place: "Attune" in the folder of videos."""
    from platformdirs import user_videos_path

    return user_videos_path() / "Attune"


def new_folder(parent: Path, now: datetime) -> Path:
    """The folder of the next recording, by date and time; not made yet.

    >>> new_folder(Path("none"), datetime(2026, 3, 9, 8, 5, 7)).name
    '2026-03-09_08-05-07'
    """
    name = now.strftime("%Y-%m-%d_%H-%M-%S")
    path, number = parent / name, 1
    while path.exists():
        number += 1
        path = parent / f"{name}_{number}"
    return path


def room_s(folder: Path, rate: float) -> float | None:
    """How many seconds at ``rate`` bytes a second the disk of a folder has room for; None where that is not known."""
    import shutil

    here = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    if here is None:
        return None
    try:
        return shutil.disk_usage(here).free / rate
    except OSError:
        return None
