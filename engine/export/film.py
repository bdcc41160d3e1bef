"""The recording as mp4, with what was found drawn into its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import OutputError
from engine.export.findings import Findings
from engine.export.overlay import Overlay, Rgb, readable_size
from engine.export.scene import Scenes
from engine.types import AudioBlock, VideoFrame

if TYPE_CHECKING:
    from engine.sources.base import Item, SourceInfo

_BARS = 10
"""Emotions that have room for a bar."""

_SILENT_SIZE = 1280, 720
_SILENT_HZ = 10.0
_GROUND = (20, 22, 26)
"""What a recording without pictures is shown on, ten times a second."""

_AAC_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_TELL_EVERY_S = 1.0

_MISSING_S = 0.5
"""How much earlier than what was found the film may end without a remark."""

_LONGEST_GAP_S = 12 * 3600.0
"""Gaps are filled with silence. Only damaged or forged time stamps leave longer ones, which would fill the disk."""


def write_film(
    path: Path,
    findings: Findings,
    tell: Callable[[float], None] = lambda share: None,
    *,
    called: Path | None = None,
) -> tuple[str, ...]:
    """Write the recording as H.264 and AAC, every picture at its own time, the sound mixed to one channel.

    Parameters
    ----------
    path : file to write; must not exist.
    findings : of the recording; it has a medium.
    tell : hears the share that is done now and then.
    called : what messages call the file, where it gets another name once it is whole.

    Returns
    -------
    What the user should know of it: what of the recording is damaged or missing.

    Raises
    ------
    SourceError
        When the recording cannot be read any more.
    OutputError
        When the film cannot be written.
    """
    from engine.sinks.media_writer import MP4, MediaWriter
    from engine.sources.media_file import MediaFile

    if findings.media is None:
        raise OutputError(f"{findings.name} holds no pictures or sound to make an mp4 of")
    with closing(MediaFile(findings.media)) as source:
        info = source.info
        size = _size(info)
        writer = MediaWriter(
            path,
            width=size[0],
            height=size[1],
            audio_rate_hz=_rate_hz(info.audio_rate_hz),
            encoding=MP4,
            called=called,
        )
        painter = _Painter(findings, info, size)
        told_s = 0.0
        with writer:
            items = _bounded(source, findings.name)
            end_s = 0.0
            for item in items if info.has_video else _with_pictures(items):
                if isinstance(item, VideoFrame):
                    writer.picture(painter.paint(item), item.pts_s)
                else:
                    writer.sound(item)
                end_s = max(end_s, item.end_s if isinstance(item, AudioBlock) else item.pts_s)
                if item.pts_s - told_s >= _TELL_EVERY_S and findings.duration_s > 0:
                    told_s = item.pts_s
                    tell(min(1.0, told_s / findings.duration_s))
        end_s += findings.media_origin_s
        early = end_s < findings.duration_s - _MISSING_S
        what = "session" if findings.private else "recording"
        ends = (f"The film ends at {end_s:.1f} s, the {what} at {findings.duration_s:.1f} s.",) if early else ()
        return *source.notes, *ends


class _Painter:
    """Draws what holds at its time into every picture."""

    def __init__(self, findings: Findings, info: SourceInfo, size: tuple[int, int]) -> None:
        self._scenes = Scenes(findings)
        self._origin_s = findings.media_origin_s
        self._size = size
        self._overlay = Overlay(*size, findings.labels, findings.modalities, _most_probable(findings))

    def paint(self, frame: VideoFrame) -> Rgb:
        """The picture, in the size of the film."""
        from PIL import Image

        height, width = frame.rgb.shape[:2]
        rgb = frame.rgb
        if (width, height) != self._size:
            rgb = np.asarray(Image.fromarray(rgb).resize(self._size, Image.Resampling.BICUBIC))
        scale = self._size[0] / width, self._size[1] / height
        return self._overlay.draw(rgb, self._scenes.at(frame.pts_s + self._origin_s), scale)


def _size(info: SourceInfo) -> tuple[int, int]:
    if not info.has_video or not info.width or not info.height:
        return _SILENT_SIZE
    return readable_size(info.width, info.height)


def _rate_hz(source_hz: int | None) -> int | None:
    """A rate that AAC has, at least that of the sound where there is one."""
    if source_hz is None:
        return None
    return next((rate for rate in _AAC_RATES_HZ if rate >= source_hz), _AAC_RATES_HZ[-1])


def _most_probable(findings: Findings) -> tuple[str, ...]:
    """The emotions that get a bar, in the order of all: those with the highest mean where there are many."""
    predictions = findings.predictions
    if len(findings.labels) <= _BARS or not predictions:
        return findings.labels[:_BARS]
    mean = np.mean([one.probabilities for one in predictions], axis=0)
    chosen = set(np.argsort(-mean, kind="stable")[:_BARS].tolist())
    return tuple(label for index, label in enumerate(findings.labels) if index in chosen)


def _bounded(source: Iterable[Item], name: str) -> Iterator[Item]:
    """The items of a recording, refused where one comes hours after all before it."""
    end_s = 0.0
    for item in source:
        if item.pts_s - end_s > _LONGEST_GAP_S:
            hours = (item.pts_s - end_s) / 3600
            raise OutputError(
                f"{name} has a gap of {hours:.0f} hours: its time stamps are damaged. Mend them, for instance by "
                "copying it into another file with ffmpeg, or choose other formats with --to"
            )
        end_s = max(end_s, item.end_s if isinstance(item, AudioBlock) else item.pts_s)
        yield item


def _with_pictures(source: Iterable[Item]) -> Iterator[Item]:
    """The sound of a recording without pictures, and empty pictures between."""
    ground = np.full((_SILENT_SIZE[1], _SILENT_SIZE[0], 3), _GROUND, np.uint8)
    count, end_s = 0, 0.0

    def picture() -> VideoFrame:
        return VideoFrame(seq=count, pts_s=count / _SILENT_HZ, captured_s=0.0, rgb=ground)

    for item in source:
        if isinstance(item, AudioBlock):
            while count / _SILENT_HZ <= item.pts_s:
                yield picture()
                count += 1
            end_s = item.end_s
        yield item
    while count / _SILENT_HZ < end_s:
        yield picture()
        count += 1
