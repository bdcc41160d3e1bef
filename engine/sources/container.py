"""Opens a media file, and explains to a person why one cannot be opened."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import av
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream

from engine.errors import SourceError

Kind = Literal["audio", "video"]

KNOWN_AS = "mp4, mov, mkv, webm, avi, wav, flac, mp3 or ogg"

# Recordings only: left to itself, libav also "plays" text, still pictures, and play lists that lead elsewhere.
_FORMATS = (
    "mov,matroska,webm,avi,wav,w64,flac,mp3,ogg,aiff,aac,ac3,caf,flv,asf,mpegts,mpeg,mpegvideo,amr,au,dv,mxf,h264,hevc"
)
MOST_PIXELS = 40_000_000
"""Of a picture, a fifth more than 8K: a file of some kilobytes can declare pictures that fill the memory."""

BOUNDED = {"max_pixels": str(MOST_PIXELS)}
"""Options of every decoder, those included that libav opens to find out what a file holds."""

_MOST_STREAMS = 64
_NOT_MOVING = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails


@contextmanager
def open_container(path: Path) -> Iterator[InputContainer]:
    """Open a media file for reading; it is closed at the end of the block.

    Raises
    ------
    SourceError
        When there is no such file, it cannot be read, or it is not a recording.
    """
    _require_readable(path)
    try:
        # With the protocol spelled out, a colon in the name is only a colon.
        container = av.open(
            f"file:{path.absolute()}",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            stream_options=[dict(BOUNDED) for _ in range(_MOST_STREAMS)],  # type: ignore[misc]  # its stub is wrong
        )
    except (av.FFmpegError, ValueError) as error:
        raise SourceError(_why_not_media(path)) from error
    try:
        yield container
    finally:
        container.close()


def choose_stream(container: InputContainer, kind: Kind) -> Stream | None:
    """Choose the stream to play, or None where the file has none of that kind. Cover art is no video."""
    streams: tuple[Stream, ...] = container.streams.audio if kind == "audio" else container.streams.video
    moving = [one for one in streams if not one.disposition & _NOT_MOVING]
    best = container.streams.best(kind)
    return next((one for one in moving if best is not None and one.index == best.index), moving[0] if moving else None)


def keep_only(container: InputContainer, index: int) -> None:
    """Let the demuxer skip the packets of all streams but one instead of reading them."""
    for other in container.streams:
        if other.index != index:
            other.discard = Discard.all


def _require_readable(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise SourceError(f"{path} does not exist: check the spelling and the folder.") from error
    except PermissionError as error:
        raise SourceError(f"{path} cannot be reached: you have no permission to open its folder.") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be reached: {error}. Check the name.") from error
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(f"{path} is a folder: name a recording inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{path} is not a file: save the recording to a file first.")
    if status.st_size == 0:
        raise SourceError(f"{path} is empty (0 bytes): record or copy it again.")
    try:
        with path.open("rb"):
            pass
    except PermissionError as error:
        raise SourceError(f"{path} may not be read: ask its owner for permission to read it, or copy it.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error


def _why_not_media(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:  # it has gone since it was looked at
        return f"{path} cannot be read any more ({error.strerror}): check that its drive is still there."
    if head[4:8] == b"ftyp":
        return (
            f"{path} was cut off before the end, where its index is: nothing in it can be played. "
            "Copy it again, or repair it with a recovery program."
        )
    return f"{path} is not a recording that Attune can read: give it a media file such as {KNOWN_AS}."
