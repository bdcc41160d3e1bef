"""Decodes one stream of a media file, past damaged parts."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from av.packet import Packet

from engine.sources.container import BOUNDED, Kind, choose_stream, keep_only, open_container

_GIVE_UP_AFTER = 64
"""Failed reads in a row after which the rest of a file counts as lost."""

_BEYOND_END_S = 60.0
"""A time stamp this far behind the declared end is damage, not time: it would stretch a session by hours."""

_LONGEST_S = 72 * 3600.0
"""A time stamp this far behind the beginning is damage too, whatever the file declares: time without anything in it
costs memory."""

_ORDERED = frozenset({"matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2"})
"""Formats with an index of their own, in which time stamps go forward."""

_SEARCHED = frozenset({"avi", "asf", "flv", "mpeg", "mpegts", "mxf"})
"""Formats in which libav finds a time, provided that the time stamps go forward throughout, which is looked up."""

_SOUND_ALONE = frozenset({"wav", "w64", "aiff", "au", "flac", "mp3"})
"""Formats in which the place of a sample in the file is its time."""

_BACKWARD_S = 1.0
"""As in ``timing``: packets whose time goes back by more have started anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """One decoded frame.

    Attributes
    ----------
    frame : the frame of PyAV.
    pts_s : time stamp of the file, or None where it has none that makes sense.
    captured_s : ``time.monotonic()`` just after decoding.
    after_damage : whether something between the frame before and this one could not be decoded.
    """

    frame: av.VideoFrame | av.AudioFrame
    pts_s: float | None
    captured_s: float
    after_damage: bool


class StreamDecoder:
    """Decodes the sound or the pictures of a file, in a container of its own.

    Each stream reads the file by itself: however badly a file interleaves its streams, even with
    all sound after all pictures, no more than the packet at hand has to be kept. A context
    manager; the file is open inside the block.

    Parameters
    ----------
    path : of the file.
    kind : of the stream.
    threads : how many decode pictures. More than one: damaged pictures differ from run to run.

    Attributes
    ----------
    format_name : name of the container format.
    duration_s : length of the file by its own account, or None.
    found : whether the file has such a stream and its codec is known.
    codec : name of the codec; "" where there is none.
    rate_hz : pictures or samples per second, or None where unknown.
    declared_end_s : time stamp at which the stream ends by its own account, or None.
    damaged : how many packets or frames were left out so far.
    passing_until_s : pictures before this time that no other one depends on need not be decoded (time of the file).
    """

    def __init__(self, path: Path, kind: Kind, *, threads: int = 1) -> None:
        self._path = path
        self._kind = kind
        self._threads = threads
        self._ordered: bool | None = None
        self.damaged = 0
        self.passing_until_s = -math.inf
        self._after_damage = False

    def __enter__(self) -> Self:
        self._opened = open_container(self._path)
        self._container = self._opened.__enter__()
        self.format_name = self._container.format.name
        duration = self._container.duration
        self.duration_s = duration / av.time_base if duration is not None and duration > 0 else None
        start_s = (self._container.start_time or 0) / av.time_base
        self._latest_s = start_s + min(self.duration_s or math.inf, _LONGEST_S) + _BEYOND_END_S
        self._passing = False
        stream = choose_stream(self._container, self._kind)
        self._stream: Any = stream
        context = stream.codec_context if stream is not None else None
        self.found = context is not None
        self.codec = context.name if context is not None else ""
        self.rate_hz: float | None = None
        self.declared_end_s: float | None = None
        if stream is not None and context is not None:
            keep_only(self._container, stream.index)
            self._describe(context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(None, None, None)

    @property
    def missing_codec(self) -> bool:
        """Whether there is such a stream, but nothing here can decode it."""
        return self._stream is not None and not self.found

    def seek(self, time_s: float) -> bool:
        """Let the next iteration begin at or before a time of the file, at a packet that needs no earlier one.

        Returns
        -------
        False where the format cannot do that, or its times there could not be trusted; then ``rewind``.
        """
        if not self.found or not self._can_seek(time_s):
            return False
        return self._jump(time_s)

    def key_before_s(self, time_s: float) -> float | None:
        """Decoding time of the last known packet before a time of the file that needs no earlier one.

        None where the index of the file is not known as far as that.
        """
        entries = self._stream.index_entries
        at = entries.search_timestamp(math.floor(time_s / self._stream.time_base), backward=True)
        if at < 0 or at >= len(entries) - 1:
            return None
        return self._seconds(entries[at].timestamp)

    def rewind(self) -> None:
        """Let the next iteration begin at the beginning."""
        self.__exit__(None, None, None)
        self.damaged, self._after_damage = 0, False
        self.__enter__()

    def __iter__(self) -> Iterator[Decoded]:
        """Decode from the beginning, or from where ``seek`` went, to where the file cannot be read any further."""
        for packet in self.packets():
            # Half a picture is noise; half a packet of sound is that much less sound.
            if packet.is_corrupt and self._kind == "video":
                self._mark_damage()
            else:
                if self._kind == "video":
                    self._pass_by(packet)
                yield from self._decode(packet)
        yield from self._decode(None)

    def _describe(self, context: Any) -> None:
        if self._kind == "video":
            context.options = dict(BOUNDED)
            # Decoders with several threads patch up damaged pictures differently each time.
            context.thread_count = self._threads
            if self._threads > 1:
                context.thread_type = "AUTO"
            rate = self._stream.average_rate or self._stream.guessed_rate
        else:
            rate = context.sample_rate
        self.rate_hz = float(rate) if rate else None
        if self._stream.duration:
            self.declared_end_s = self._seconds((self._stream.start_time or 0) + self._stream.duration)

    def _seconds(self, ticks: int) -> float:
        base = self._stream.time_base
        return float(ticks * base.numerator / base.denominator)

    def _can_seek(self, time_s: float) -> bool:
        if self.format_name in _ORDERED:
            return self.duration_s is not None and time_s < self._latest_s - _BEYOND_END_S
        if self.format_name in _SOUND_ALONE:
            return True
        return self.format_name in _SEARCHED and self._goes_forward()

    def _goes_forward(self) -> bool:
        """Whether the time stamps of the stream go forward from its beginning to its end; reads it all, once."""
        if self._ordered is None:
            last = -math.inf
            self._ordered = True
            for packet in self.packets():
                if packet.dts is None or self._seconds(packet.dts) < last - _BACKWARD_S:
                    self._ordered = False
                    break
                last = self._seconds(packet.dts)
        return self._ordered

    def _jump(self, time_s: float) -> bool:
        base = self._stream.time_base
        try:
            self._container.seek(math.floor(time_s / base), stream=self._stream, backward=True)
        except av.FFmpegError:
            return False
        self.damaged, self._after_damage = 0, False
        return True

    def _pass_by(self, packet: Packet[Any]) -> None:
        passing = packet.pts is not None and self._seconds(packet.pts) < self.passing_until_s
        if passing != self._passing:
            self._passing = passing
            self._stream.codec_context.skip_frame = "NONREF" if passing else "DEFAULT"

    def packets(self) -> Iterator[Packet[Any]]:
        """Yield what would be decoded, past what cannot be read."""
        failures = 0
        while failures < _GIVE_UP_AFTER:
            try:
                # A demuxing generator ends with its first error; a new one goes on behind the damage.
                for packet in self._container.demux(self._stream):
                    failures = 0
                    if packet.size:  # an empty packet would make the decoder believe that this is the end
                        yield packet
                return
            except av.FFmpegError:
                failures += 1
                self._mark_damage()

    def _decode(self, packet: Packet[Any] | None) -> Iterator[Decoded]:
        try:
            frames = self._stream.codec_context.decode(packet)
        except av.FFmpegError:
            self._mark_damage()
            return
        captured_s = time.monotonic()
        for frame in frames:
            if frame.is_corrupt:
                self._mark_damage()
                continue
            ticks = frame.pts if frame.pts is not None else frame.dts
            pts_s = self._seconds(ticks) if ticks is not None else None
            if pts_s is not None and pts_s > self._latest_s:
                pts_s = None
            yield Decoded(frame=frame, pts_s=pts_s, captured_s=captured_s, after_damage=self._after_damage)
            self._after_damage = False

    def _mark_damage(self) -> None:
        self.damaged += 1
        self._after_damage = True
