"""Subtitles as SubRip (.srt) and WebVTT (.vtt).

Written here, since pysubs2 takes braces and backslashes of a text for its own marks and drops them, and does not escape
what WebVTT reserves; the tests read these files with srt, webvtt-py and pysubs2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.export.cues import Cue, one_line

_NO_CLASS = re.compile(r"[^\w-]+")
_ARROW = "-->"


def write_srt(path: Path, cues: Sequence[Cue]) -> None:
    """Write cues as SubRip in UTF-8; without cues the file is empty.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    blocks = [
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{_plain(cue.lines)}\n"
        for number, cue in enumerate(cues, 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def write_webvtt(path: Path, cues: Sequence[Cue], *, title: str = "") -> None:
    """Write cues as WebVTT. The emotion is the class of a cue's text, so that a style sheet can colour it.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    name = one_line(title).replace(_ARROW, "->")
    blocks = [f"WEBVTT - {name}\n" if name else "WEBVTT\n"]
    for number, cue in enumerate(cues, 1):
        text = "\n".join(_escaped(line) for line in cue.lines)
        if cue.label is not None:
            text = f"<c.{class_of(cue.label)}>{text}</c>"
        blocks.append(f"{number}\n{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n{text}\n")
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def class_of(label: str) -> str:
    """A label as the name of a class.

    >>> class_of("Very angry!")
    'very-angry'
    """
    return _NO_CLASS.sub("-", label.casefold()).strip("-") or "emotion"


def _plain(lines: Sequence[str]) -> str:
    """Lines that no reader takes for a time line."""
    return "\n".join(line.replace(_ARROW, "->") for line in lines)


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(time_ms: int, mark: str) -> str:
    """Hours, minutes, seconds and milliseconds.

    >>> _clock(3_661_005, ",")
    '01:01:01,005'
    """
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{ms:03}"
