"""A camera and a microphone that play a recording in real time: to try Attune without hardware, and to test it."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

from engine.clock import Clock
from engine.errors import SourceError
from engine.sources.base import SourceInfo
from engine.sources.container import Kind, choose_stream, keep_only, open_container
from engine.sources.device import CapturedPicture, CapturedSound, DeviceKind, EndOfDevice, Opened
from engine.sources.picture import PictureConverter
from engine.sources.probe import probe
from engine.sources.streams import PictureStream, SoundStream

_SLICE_S = 0.1
_PATIENCE_S = 10.0
_LEAST_PERIOD_S = 0.1
_KINDS: tuple[Kind, ...] = ("audio", "video")


class VirtualFile:
    """A recording to be played by virtual devices, once or for ever.

    Times are those of `MediaFile`: media time 0 is the earliest start of its streams. Repeated, it
    begins again where the longer stream has ended, so both streams repeat at the same instant.

    Raises
    ------
    SourceError : the file cannot be opened, or nothing in it can be decoded.
    """

    def __init__(self, path: str | Path, *, repeat: bool = False) -> None:
        self.path = Path(path)
        found = probe(self.path)
        self.info: SourceInfo = found.info
        self.origin_s = found.origin_s
        self.period_s: float | None = None
        if repeat:
            self.period_s = max(_LEAST_PERIOD_S, _end_s(self.path) - self.origin_s)

    def require(self, kind: DeviceKind) -> None:
        """Raise a SourceError where the file has nothing for a device of this kind."""
        if not (self.info.has_video if kind == "camera" else self.info.has_audio):
            what, other = ("pictures", "microphone") if kind == "camera" else ("sound", "camera")
            raise SourceError(
                f"{self.path} has no {what} for a virtual {kind}: choose another recording, or use it as {other}."
            )

    def about(self, kind: DeviceKind) -> Opened:
        """What a device that plays it says of itself."""
        info = self.info
        if kind == "camera":
            return Opened(name=info.name, nominal_hz=info.frame_rate_hz, width=info.width, height=info.height)
        return Opened(name=info.name, nominal_hz=info.audio_rate_hz)

    def turns(self, from_s: float) -> Iterator[float]:
        """Media time at which each playing begins, from the one that is under way at ``from_s``."""
        if self.period_s is None:
            yield 0.0
            return
        turn = max(0, math.floor(from_s / self.period_s))
        while True:
            yield turn * self.period_s
            turn += 1


class _Virtual:
    """What both virtual devices have in common: they wait until an item's time has come."""

    kind: DeviceKind
    patience_s = _PATIENCE_S
    exact = True

    def __init__(self, file: VirtualFile, clock: Clock) -> None:
        file.require(self.kind)
        self.about = file.about(self.kind)
        self.dropped = 0
        self.drift_ppm: float | None = None
        self._file = file
        self._clock = clock
        self._epoch_s: float | None = None
        self._never = threading.Event()

    def _begin(self, epoch_s: float) -> float:
        """Media time from which on to play: 0, or now when it is opened again."""
        again, self._epoch_s = self._epoch_s is not None, epoch_s
        return self._clock.now_s() - epoch_s if again else 0.0

    def _due(self, pts_s: float) -> bool:
        """Wait a little for ``pts_s``; whether it has come."""
        assert self._epoch_s is not None
        due_s = self._epoch_s + pts_s
        left_s = due_s - self._clock.now_s()
        if left_s > 0:
            self._clock.wait(self._never, min(left_s, _SLICE_S))
        return self._clock.now_s() >= due_s


class VirtualCamera(_Virtual):
    """Shows the pictures of a recording, each at its time."""

    kind: DeviceKind = "camera"

    def __init__(self, file: VirtualFile, clock: Clock) -> None:
        super().__init__(file, clock)
        self._pictures: Generator[CapturedPicture, None, None] | None = None
        self._next: CapturedPicture | None = None

    def open(self, epoch_s: float) -> Opened:
        """Begin with the first picture; after a pause go on with the one whose time it is."""
        self._pictures = self._play(epoch_s, self._begin(epoch_s))
        return self.about

    def read(self) -> CapturedPicture | None:
        """The next picture when its time has come, stamped with exactly that time."""
        assert self._pictures is not None
        if self._next is None:
            self._next = next(self._pictures, None)
            if self._next is None:
                raise EndOfDevice
        if not self._due(self._next.pts_s):
            return None
        picture, self._next = self._next, None
        return picture

    def close(self) -> None:
        """Close the file."""
        if self._pictures is not None:
            self._pictures.close()
        self._pictures = self._next = None

    def _play(self, epoch_s: float, from_s: float) -> Generator[CapturedPicture, None, None]:
        converter = PictureConverter()
        last_s = -math.inf
        for start_s in self._file.turns(from_s):
            with PictureStream(self._file.path) as stream:
                for one in stream:
                    pts_s = start_s + (one.time_s - self._file.origin_s)
                    if pts_s < from_s or pts_s <= last_s:
                        continue
                    rgb = converter.to_rgb(one.frame)
                    if rgb is not None:
                        last_s = pts_s
                        yield CapturedPicture(pts_s=pts_s, captured_s=epoch_s + pts_s, rgb=rgb)


class VirtualMicrophone(_Virtual):
    """Plays the sound of a recording into the session, block by block as the file holds it."""

    kind: DeviceKind = "microphone"

    def __init__(self, file: VirtualFile, clock: Clock) -> None:
        super().__init__(file, clock)
        self._sounds: Generator[CapturedSound, None, None] | None = None
        self._next: CapturedSound | None = None

    def open(self, epoch_s: float) -> Opened:
        """Begin with the first sample; after a pause go on with those whose time it is."""
        self._sounds = self._play(epoch_s, self._begin(epoch_s))
        return self.about

    def read(self) -> CapturedSound | None:
        """The next block when its last sample has sounded, bit for bit as decoded."""
        assert self._sounds is not None
        if self._next is None:
            self._next = next(self._sounds, None)
            if self._next is None:
                raise EndOfDevice
        if not self._due(self._next.pts_s + len(self._next.samples) / self._next.rate_hz):
            return None
        sound, self._next = self._next, None
        return sound

    def close(self) -> None:
        """Close the file."""
        if self._sounds is not None:
            self._sounds.close()
        self._sounds = self._next = None

    def _play(self, epoch_s: float, from_s: float) -> Generator[CapturedSound, None, None]:
        heard_s = -math.inf
        torn = from_s > 0
        for start_s in self._file.turns(from_s):
            with SoundStream(self._file.path) as stream:
                for one in stream:
                    pts_s = start_s + (one.time_s - self._file.origin_s)
                    end_s = pts_s + len(one.samples) / one.rate_hz
                    if pts_s < from_s or end_s <= heard_s:
                        continue
                    heard_s = end_s
                    yield CapturedSound(
                        pts_s=pts_s,
                        captured_s=epoch_s + pts_s,
                        rate_hz=one.rate_hz,
                        samples=one.samples,
                        gap=one.gap or torn,
                    )
                    torn = False
            torn = True  # the end of a recording and its beginning are not one signal


def _end_s(path: Path) -> float:
    """Time of the file at which its longest stream ends, from its packets: the declared length is often wrong."""
    end_s = 0.0
    for kind in _KINDS:
        with open_container(path) as container:
            stream = choose_stream(container, kind)
            if stream is None:
                continue
            keep_only(container, stream.index)
            for packet in container.demux(stream):
                start = packet.pts if packet.pts is not None else packet.dts
                if start is not None and packet.time_base is not None:
                    end_s = max(end_s, float((start + (packet.duration or 0)) * packet.time_base))
    return end_s
