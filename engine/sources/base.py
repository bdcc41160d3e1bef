"""What every source is: a closable stream of pictures and sound in order of media time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from engine.types import AudioBlock, VideoFrame

Item: TypeAlias = VideoFrame | AudioBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """What a source delivers.

    Attributes
    ----------
    name : what to call it before the user (the file's name).
    duration_s : length as declared by the file, or None where unknown (always for a live source).
    has_audio, has_video : which streams it delivers.
    width, height : size of the upright picture in pixels.
    frame_rate_hz : average rate of the pictures that the stream holds.
    audio_rate_hz : sample rate of the sound.
    """

    name: str
    duration_s: float | None
    has_audio: bool
    has_video: bool
    width: int | None
    height: int | None
    frame_rate_hz: float | None
    audio_rate_hz: int | None


class Source(Protocol):
    """Where pictures and sound come from. A context manager; closing twice is harmless."""

    @property
    def live(self) -> bool:
        """Whether items arrive when they happen, so that late consumers must drop some."""
        ...

    @property
    def info(self) -> SourceInfo:
        """What the source delivers; known before the first item."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the user, complete after iteration."""
        ...

    def __iter__(self) -> Iterator[Item]:
        """Yield items in order of ``pts_s``; ends soon after ``close``."""
        ...

    def close(self) -> None:
        """Stop the iteration and release the file or device. May be called from any thread."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
