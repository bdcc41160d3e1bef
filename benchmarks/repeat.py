"""A recording repeated to any length, or cut, by copying its packets: nothing is decoded or encoded."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import av


def repeat(source: Path, target: Path, seconds: float) -> float:
    """Write ``source`` over and over into a Matroska file until it is at least ``seconds`` long.

    Returns
    -------
    Its length, that of a whole number of repetitions, in seconds.

    Raises
    ------
    ValueError : its packets are not fully stamped, as those of an mp4 file are.
    """
    with av.open(str(source)) as container, av.open(str(target), "w", format="matroska") as out:
        copies = _Copies(container, out)
        period_s = max(copies.ends_s)
        turns = max(1, math.ceil(seconds / period_s - 1e-6))
        for turn in range(turns):
            copies.write(turn * period_s)
    return turns * period_s


def cut(source: Path, target: Path, seconds: float) -> None:
    """Write the first seconds of ``source`` into a Matroska file."""
    with av.open(str(source)) as container, av.open(str(target), "w", format="matroska") as out:
        _Copies(container, out).write(0.0, until_s=seconds)


class _Copies:
    """All packets of a recording, written as often as wanted."""

    def __init__(self, container: Any, out: Any) -> None:
        streams = list(container.streams)
        self._out = out
        self._copies = {one.index: out.add_stream_from_template(one) for one in streams}
        packets = [one for one in container.demux(streams) if one.size]
        if any(one.dts is None or one.pts is None for one in packets):
            raise ValueError(f"{container.name} lacks time stamps: take an mp4 file")
        # Muxing rescales the stamps of a packet to the clock of the file: they are set anew each time.
        self._packets = [(one, one.stream_index, one.pts, one.dts, one.time_base) for one in packets]
        self.ends_s = [float((one.pts + (one.duration or 0)) * one.time_base) for one in packets]

    def write(self, from_s: float, until_s: float = math.inf) -> None:
        """Write them so that they begin at ``from_s``, without those that end after ``until_s`` of the recording."""
        for (packet, index, pts, dts, base), end_s in zip(self._packets, self.ends_s, strict=True):
            # What a decoder needs before the very first sample would overlap what was written before.
            if end_s > until_s or (from_s and pts < 0):
                continue
            shift = round(from_s / base)
            packet.time_base = base
            packet.pts, packet.dts = pts + shift, dts + shift
            packet.stream = self._copies[index]
            self._out.mux(packet)
