"""Finds out what a media file delivers, by decoding the first piece of each stream."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import SourceError
from engine.sources.base import SourceInfo
from engine.sources.decode import StreamDecoder
from engine.sources.picture import PictureConverter
from engine.sources.streams import PictureStream, SoundStream

_COUNTED_FROM_ZERO = frozenset({"matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2"})
"""Formats whose declared duration is the time stamp of the end, though the file may start later than zero."""

ESTIMATED = frozenset({"aac", "ac3", "amr", "mpeg", "h264", "hevc"})
"""Formats that declare no duration: libav guesses one from the bit rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a media file delivers.

    Attributes
    ----------
    info : for the user of the source.
    origin_s : time stamp of the file that is media time 0, the earliest start of both streams.
    notes : remarks on streams that cannot be used.
    estimated : whether the duration, if any, is only a guess.
    """

    info: SourceInfo
    origin_s: float
    notes: tuple[str, ...]
    estimated: bool


def probe(path: Path) -> Probe:
    """Look at the beginning of a media file.

    Raises
    ------
    SourceError
        When the file cannot be opened, or nothing in it can be decoded.
    """
    with PictureStream(path) as pictures, SoundStream(path) as sounds:
        picture = next(iter(pictures), None)
        sound = next(iter(sounds), None)
        rgb = PictureConverter().to_rgb(picture.frame) if picture is not None else None
        if rgb is None:
            picture = None
        starts = [one.time_s for one in (picture, sound) if one is not None]
        streams: list[tuple[PictureStream | SoundStream, bool]] = [
            (pictures, rgb is not None),
            (sounds, sound is not None),
        ]
        notes = tuple(note for stream, used in streams if not used for note in _unused(stream))
        if not starts:
            why = " ".join(notes) or "It holds neither moving pictures nor sound."
            raise SourceError(f"{path} cannot be played. {why} Give it another recording.")
        height, width = rgb.shape[:2] if rgb is not None else (None, None)
        info = SourceInfo(
            name=path.name,
            duration_s=_length_s(pictures.decoder, min(starts)),
            has_audio=sound is not None,
            has_video=rgb is not None,
            width=width,
            height=height,
            frame_rate_hz=pictures.decoder.rate_hz if rgb is not None else None,
            audio_rate_hz=sound.rate_hz if sound is not None else None,
        )
        return Probe(info=info, origin_s=min(starts), notes=notes, estimated=pictures.decoder.format_name in ESTIMATED)


def _length_s(decoder: StreamDecoder, origin_s: float) -> float | None:
    """Declared length of the file from its first item on."""
    duration_s = decoder.duration_s
    if duration_s is None or decoder.format_name not in _COUNTED_FROM_ZERO or duration_s <= origin_s:
        return duration_s
    return duration_s - origin_s


def _unused(stream: PictureStream | SoundStream) -> list[str]:
    """Say why a stream that the file has is not used; nothing for one that it does not have."""
    if stream.decoder.missing_codec:
        return [f"The format of the {stream.name} cannot be decoded here."]
    if stream.decoder.found:
        return [f"Nothing of the {stream.name} could be decoded ({stream.decoder.codec})."]
    return []
