"""Camera and microphone as one source: on one media clock, in order of time, each going on without the other."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from engine.clock import Clock, MonotonicClock
from engine.closing import Closing
from engine.errors import SourceError
from engine.runtime.latest import Latest
from engine.sources.base import Item, SourceInfo
from engine.sources.camera import CameraOptions
from engine.sources.capture import Capture
from engine.sources.chosen import chosen_devices
from engine.sources.device import Captured, CapturedPicture, Device, DeviceKind, DeviceState
from engine.sources.merge import Merger
from engine.sources.timing import TickSampler
from engine.types import AudioBlock, VideoFrame

__all__ = ["CameraOptions", "LiveSource", "open_live"]

PICTURES_KEPT = 8
_ROOM = {"camera": 64, "microphone": 1024}
_SLICE_S = 0.02
_JOIN_S = 1.5


class Tap(Protocol):
    """Is given what a live source captures; nobody may wait in its methods."""

    def picture(self, frame: VideoFrame) -> None:
        """Take a picture of the camera, every one of them, in the thread of the camera."""

    def sound(self, block: AudioBlock) -> None:
        """Take sound as it leaves the source, in the thread that iterates."""


class LiveSource(Closing):
    """Delivers what camera and microphone capture from the beginning of the iteration on, which happens once.

    Media time 0 is that beginning. A device that fails, freezes or is unplugged is opened again every
    second, while the other one goes on; `states` says how they stand. The iteration ends with
    `close`, or when both devices have ended (virtual ones do).

    Parameters
    ----------
    camera, microphone : the devices, None where one is not used.
    frame_hz : only the first picture at or after each tick k / frame_hz is delivered; by default every one.
    clock : what time is told by.

    Attributes
    ----------
    picture : every picture of the camera, the newest eight, for a view.
    tap : is given all that is captured, for a recording; None for none. May be set at any time.

    Raises
    ------
    SourceError : there is neither a camera nor a microphone.
    ValueError : frame_hz is not a positive number.
    """

    live = True

    def __init__(
        self,
        camera: Device | None,
        microphone: Device | None,
        *,
        frame_hz: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        if frame_hz is not None and not (frame_hz > 0 and math.isfinite(frame_hz)):
            raise ValueError(f"frame_hz must be a positive number of pictures per second, got {frame_hz}")
        devices = [one for one in (camera, microphone) if one is not None]
        if not devices:
            raise SourceError("live capture needs a camera or a microphone: choose at least one")
        self.picture: Latest[VideoFrame] = Latest(keep=PICTURES_KEPT)
        self.tap: Tap | None = None
        self._clock = MonotonicClock() if clock is None else clock
        self._captures = [Capture(one, self._take, self._clock) for one in devices]
        self._sampler = TickSampler(frame_hz)
        self._merger = Merger({one.kind: _ROOM[one.kind] for one in devices})
        self._changed = threading.Condition()
        self._closed = False
        self._join_by_s = 0.0
        self._begun = False
        self._epoch_s: float | None = None
        self._seen = self._pictures = self._blocks = 0

    @property
    def info(self) -> SourceInfo:
        """What it delivers; sizes and rates are known when the devices have been opened."""
        states = {one.kind: one for one in self.states}
        camera, microphone = states.get("camera"), states.get("microphone")
        rate_hz = microphone.nominal_hz if microphone is not None else None
        return SourceInfo(
            name=" and ".join(dict.fromkeys(one.name for one in states.values())),
            duration_s=None,
            has_audio=microphone is not None,
            has_video=camera is not None,
            width=camera.width if camera is not None else None,
            height=camera.height if camera is not None else None,
            frame_rate_hz=camera.nominal_hz if camera is not None else None,
            audio_rate_hz=round(rate_hz) if rate_hz else None,
        )

    @property
    def states(self) -> tuple[DeviceState, ...]:
        """How the devices stand, camera first. From any thread."""
        return tuple(one.state(self._merger.dropped(one.device.kind)) for one in self._captures)

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on what was lost."""
        remarks = []
        for one in self.states:
            if one.reconnects:
                times = "once" if one.reconnects == 1 else f"{one.reconnects} times"
                remarks.append(f"{one.name} stopped and came back {times}.")
            if one.dropped:
                what = "pictures" if one.kind == "camera" else "blocks of sound"
                remarks.append(f"{one.dropped} {what} of {one.name} were lost.")
        return tuple(remarks)

    @property
    def position_s(self) -> float:
        """Media time now: 0 before the iteration has begun."""
        return 0.0 if self._epoch_s is None else max(0.0, self._clock.now_s() - self._epoch_s)

    def close(self) -> None:
        """End the iteration at once and let the devices go; closing again is harmless. From any thread.

        A driver that never returns from a call keeps its thread, which does not keep the program from ending.
        """
        with self._changed:
            if not self._closed:
                self._join_by_s = time.monotonic() + _JOIN_S  # the same for all who close: they do not add up
            self._closed = True
            self._changed.notify_all()
        for one in self._captures:
            one.stop()
        for one in self._captures:
            one.join(self._join_by_s - time.monotonic())

    def __iter__(self) -> Iterator[Item]:
        """Yield sampled pictures and all sound in order of ``pts_s``, sound first where equal.

        Raises
        ------
        RuntimeError : it has been iterated before.
        """
        with self._changed:
            if self._begun and not self._closed:
                raise RuntimeError("live capture runs once: make a new source to run again")
            if self._closed:
                return
            self._begun = True
            self._epoch_s = self._clock.now_s()
            for one in self._captures:
                one.start(self._epoch_s)
        try:
            while (item := self._next()) is not None:
                tap = self.tap
                if tap is not None and isinstance(item, AudioBlock):
                    tap.sound(item)
                yield item
        finally:
            self.close()

    def _next(self) -> Item | None:
        """Wait for the next item; None at the end."""
        with self._changed:
            while not self._closed:
                over = all(one.ended for one in self._captures)  # asked before the items: it puts them first
                item = self._merger.pop(self._clock.now_s(), self._awaited())
                if item is not None:
                    return item
                if over and not len(self._merger):
                    return None
                self._changed.wait(_SLICE_S)
        return None

    def _awaited(self) -> dict[str, float]:
        """The devices that something may still come from, and how long the other waits for it."""
        return {one.device.kind: one.device.patience_s for one in self._captures if one.awaited}

    def _take(self, item: Captured) -> None:
        """Take what a device has captured, in its thread."""
        with self._changed:
            if self._closed or self._epoch_s is None:
                return
            if isinstance(item, CapturedPicture):
                self._take_picture(item)
            else:
                self._put(
                    "microphone",
                    AudioBlock(
                        seq=self._blocks,
                        pts_s=item.pts_s,
                        captured_s=item.captured_s,
                        rate_hz=item.rate_hz,
                        samples=item.samples,
                        gap=item.gap,
                    ),
                )
                self._blocks += 1
            self._changed.notify_all()

    def _take_picture(self, item: CapturedPicture) -> None:
        frame = VideoFrame(seq=self._seen, pts_s=item.pts_s, captured_s=item.captured_s, rgb=item.rgb)
        self._seen += 1
        self.picture.put(item.pts_s, frame)
        tap = self.tap
        if tap is not None:
            tap.picture(frame)
        if self._sampler.take(item.pts_s):
            self._put("camera", replace(frame, seq=self._pictures))
            self._pictures += 1
        else:
            self._merger.advance("camera", item.pts_s)

    def _put(self, name: DeviceKind, item: Item) -> None:
        now_s = self._clock.now_s()
        self._merger.put(name, item, now_s, late_s=now_s - (self._epoch_s or 0.0) - item.pts_s)


def open_live(
    camera: str | None,
    microphone: str | None,
    *,
    frame_hz: float | None,
    options: CameraOptions | None = None,
    clock: Clock | None = None,
) -> LiveSource:
    """Choose devices for live capture; they are opened when the iteration begins.

    Parameters
    ----------
    camera, microphone : a number, a name or a part of it; "default" for the system's choice, which may also be
        connected later; "file:PATH" to play a recording once in real time in place of the device, "loop:PATH" to
        repeat it for ever; None to do without. Both on one file share its times, which are those of `MediaFile`.
    frame_hz : as for `LiveSource`.
    options : what to ask of a real camera.
    clock : what time is told by.

    Raises
    ------
    SourceError : neither is wanted, a named device is not there, or a file cannot be played.
    """
    clock = MonotonicClock() if clock is None else clock
    seeing, hearing = chosen_devices(camera, microphone, options or CameraOptions(), clock)
    return LiveSource(seeing, hearing, frame_hz=frame_hz, clock=clock)
