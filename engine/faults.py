"""What went wrong in a session that goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that failed while a session ran.

    Attributes
    ----------
    pts_s : media time at which it was noticed.
    part : what failed: "camera", "microphone", "source", a stage ("face", "hearing", "transcription", "model"),
        "device" (where the networks run), "recording" or "output".
    text : for the user: what happened, what goes on, and what can be done.
    lasting : whether that part is out for the rest of the session.
    """

    pts_s: float
    part: str
    text: str
    lasting: bool = False
