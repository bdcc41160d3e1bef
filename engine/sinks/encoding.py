"""How pictures and sound are encoded, and in what kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a medium is written.

    Attributes
    ----------
    format : of the file: "matroska" or "mp4".
    picture_codec, picture_options : libav's encoder of pictures and what it is told.
    sound_codec, sound_options : as for pictures; FLAC gets 24 bits.
    container_options : what the muxer is told.
    ticks_hz : unit of the time stamps of pictures.
    key_every_s : a picture that can be begun with comes at least so often.
    fill_gaps : whether gaps of the sound are filled with silence; else its time stamps jump.
    """

    format: Literal["matroska", "mp4"]
    picture_codec: str = "libx264"
    picture_options: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    sound_codec: Literal["flac", "aac"] = "flac"
    sound_options: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    container_options: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    ticks_hz: int = 1000
    key_every_s: float = 1.0
    fill_gaps: bool = False


RECORDING = Encoding(
    format="matroska",
    # One thread and no look-ahead: a picture costs little and is in the file at once.
    picture_options={"preset": "ultrafast", "tune": "zerolatency", "crf": "18", "threads": "1", "forced-idr": "1"},
    # Matroska is readable up to its last whole cluster, so clusters are short. Where one stream has stopped, the other
    # one is not held back for long.
    container_options={"cluster_time_limit": "400", "flush_packets": "1", "max_interleave_delta": "200000"},
)
"""For recording: what has been taken is on the disk within a second, and playable whatever happens then."""

MP4 = Encoding(
    format="mp4",
    picture_options={"preset": "medium", "crf": "20", "forced-idr": "1"},
    sound_codec="aac",
    sound_options={"b": "160000"},
    container_options={"movflags": "+faststart"},
    ticks_hz=90_000,
    key_every_s=2.0,
    fill_gaps=True,
)
"""For giving away: plays everywhere, and begins to play before it has been loaded whole."""
