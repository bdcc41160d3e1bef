"""Recordings that declare more than anybody has: rates, sizes and times."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path


def wav(rate_hz: int, said: int = 8000) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, min(2 * rate_hz, 2**32 - 1), 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", said)
        + bytes(8000)
    )


def large_picture(side: int) -> bytes:
    """A clip of half a megabyte whose pictures take 225 MB each."""
    import av

    frame = av.VideoFrame(side, side, "gray")
    frame.planes[0].update(bytes(frame.planes[0].buffer_size))
    return recorded("a.avi", lambda container: _one_picture(container, frame))


def _one_picture(container: object, frame: object) -> None:
    stream = container.add_stream("png", rate=25)  # type: ignore[attr-defined]
    stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "gray"  # type: ignore[attr-defined]
    for packet in [*stream.encode(frame), *stream.encode()]:
        container.mux(packet)  # type: ignore[attr-defined]


def late_sound() -> bytes:
    """Sound whose second block is stamped 11 years after the first, with a duration that says the same."""
    from tests.sources.media import Writer, tone

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.mkv")
        years_ms = 11 * 365 * 86_400_000
        with Writer(path) as writer:
            writer.mux(writer.add_audio("pcm_s16le", tone(0.256), starts_ms=[0, 64, years_ms, years_ms + 64]))
        return path.read_bytes()


def recorded(name: str, fill: Callable[[object], None]) -> bytes:
    import av

    with tempfile.TemporaryDirectory() as folder:
        with av.open(str(Path(folder, name)), "w") as container:
            fill(container)
        return Path(folder, name).read_bytes()
