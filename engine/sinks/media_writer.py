"""Writes pictures and sound into one file, as they come."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from engine.closing import Closing
from engine.errors import OutputError
from engine.sinks.encoding import MP4, RECORDING, Encoding
from engine.sinks.output_file import OutputFile
from engine.sinks.picture_track import PictureTrack
from engine.sinks.sound_track import SoundStart, SoundTrack
from engine.types import AudioBlock

__all__ = ["MP4", "RECORDING", "Encoding", "MediaWriter", "SoundStart"]


class MediaWriter(Closing):
    """A medium being written; a context manager. One thread at a time.

    With `RECORDING` (Matroska, H.264, FLAC) the file plays up to any cut: what was given is in it within a second, and
    time stamps of pictures are exact to a millisecond. With `MP4` it is whole only after `close`.

    Parameters
    ----------
    path : of the file, which must not exist; it is readable for its owner alone.
    width, height : of the pictures; None for a medium without. Those of another size are fitted into it.
    audio_rate_hz : of the sound; None for a medium without. Sound of another rate is resampled.
    origin_s : media time that is time 0 of the file. Nothing before it can be given.
    encoding : how.
    called : what messages call the file, where it gets another name once it is whole.

    Raises
    ------
    OutputError : the file cannot be made, or it cannot be encoded so.
    ValueError : it has neither pictures nor sound.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int | None = None,
        height: int | None = None,
        audio_rate_hz: int | None = None,
        origin_s: float = 0.0,
        encoding: Encoding = RECORDING,
        called: Path | None = None,
    ) -> None:
        if audio_rate_hz is None and (width is None or height is None):
            raise ValueError("a medium has pictures or sound")
        self.path = path
        self._origin_s = origin_s
        self._called = path if called is None else called
        self._file = OutputFile(path, called)
        self._container: Any = None
        try:
            self._container = av.open(self._file, "w", format=encoding.format, options=dict(encoding.container_options))
            self._pictures = None
            if width is not None and height is not None:
                self._pictures = PictureTrack(self._container, encoding, width, height)
            self._sound = None
            if audio_rate_hz is not None:
                self._sound = SoundTrack(self._container, encoding, audio_rate_hz)
            self._container.start_encoding()
        except (av.FFmpegError, ValueError) as error:
            self._release()
            raise self._refused(error) from error
        except BaseException:
            self._release()
            raise

    @property
    def bytes_written(self) -> int:
        """Size of the file so far."""
        return self._file.size

    @property
    def pictures(self) -> int:
        """How many pictures it has been given."""
        return 0 if self._pictures is None else self._pictures.count

    @property
    def clipped(self) -> int:
        """How many samples were beyond full scale."""
        return 0 if self._sound is None else self._sound.clipped

    @property
    def gone(self) -> bool:
        """Whether the file was deleted or moved, so that what is written is lost."""
        return self._file.gone()

    def picture(self, rgb: NDArray[np.uint8], pts_s: float) -> None:
        """Write a picture, [height, width, 3] u8, of a media time that is not before those of the pictures before.

        Raises
        ------
        OutputError : the disk is full or gone, or the like.
        ValueError : the medium has no pictures.
        """
        if self._pictures is None:
            raise ValueError("this medium has no pictures")
        self._file.check()
        try:
            self._mux(self._pictures.encode(rgb, pts_s - self._origin_s))
        except av.FFmpegError as error:
            raise self._refused(error) from error

    def sound(self, block: AudioBlock) -> SoundStart | None:
        """Write sound that follows what came before; where it does not quite, its time stamps say so.

        Returns
        -------
        Where a stretch without a gap begins with this block, its place.

        Raises
        ------
        OutputError : the disk is full or gone, or the like.
        ValueError : the medium has no sound.
        """
        if self._sound is None:
            raise ValueError("this medium has no sound")
        self._file.check()
        try:
            return self._sound.encode(block, block.pts_s - self._origin_s, self._mux)
        except av.FFmpegError as error:
            raise self._refused(error) from error

    def sync(self) -> None:
        """Wait until the disk has what has been written: it outlives a power cut then.

        Raises
        ------
        OutputError : the disk does not take it.
        """
        self._file.sync()

    def close(self) -> None:
        """Write the end and close the file; again is harmless, also after a failure.

        Raises
        ------
        OutputError : the end could not be written; what was there before plays all the same (as a recording).
        """
        if self._container is None:
            return
        try:
            for track in (self._sound, self._pictures):
                if track is not None:
                    self._mux(track.finish())
            container, self._container = self._container, None
            container.close()
            self._file.sync()
        except av.FFmpegError as error:
            raise self._refused(error) from error
        finally:
            self._release()

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            self._container.mux(packet)
        self._file.check()

    def _release(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            with suppress(av.FFmpegError):  # an error is on its way already
                container.close()
        self._file.close()

    def _refused(self, error: Exception) -> OutputError:
        return self._file.failure or OutputError(f"cannot encode {self._called}: {error}")
