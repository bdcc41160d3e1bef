"""The beginning of a recording as a recording, packet by packet."""

from __future__ import annotations

from pathlib import Path

import av


def first_seconds(path: Path, seconds: float, to: Path) -> Path:
    """Copy what is decoded before a time; nothing is encoded anew."""
    with av.open(str(path)) as source, av.open(str(to), "w") as target:
        chosen = [one for one in source.streams if one.type in ("audio", "video")]
        made = {one.index: target.add_stream_from_template(one) for one in chosen}
        for packet in source.demux(chosen):
            if packet.dts is not None and float(packet.dts * packet.time_base) < seconds:
                packet.stream = made[packet.stream.index]
                target.mux(packet)
    return to
