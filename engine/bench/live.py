"""A live session over virtual devices, in real time: delay, what was missed, and how busy the processor is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from engine.bench.bench import BenchSettings
from engine.bench.busy import busy_processes
from engine.bench.media import CAMERA_SIZE, as_camera
from engine.bench.processor import own_time_s
from engine.bench.rows import Bar, Row
from engine.bench.spread import Spread
from engine.bench.watch import LatencyWatch
from engine.config import SessionConfig
from engine.errors import SourceError
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.components import Components

CAMERA_HZ = 30
_SETTLE_S = 2.0
"""Before counting begins: threads start, caches fill."""


class Lossy(Protocol):
    """A device, or how one stands."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def dropped(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What was seen of a live session.

    Attributes
    ----------
    watch : delays and missed samples.
    seconds : how long it was watched.
    cores : processor time of this process and its children over that time, the virtual devices included.
    lost : pictures, blocks of sound and reports that were lost in that time, by where.
    lost_before : the same while it started.
    """

    watch: LatencyWatch
    seconds: float
    cores: float
    lost: Mapping[str, int]
    lost_before: Mapping[str, int]


class LiveStage:
    """A camera of 640x480 at 30 Hz and a microphone, both playing the recording over and over."""

    name = "live"
    about = "live session over virtual camera and microphone: delay, missed samples, processor use"
    _seconds, _quick_s = 60.0, 8.0

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure without recognition, with it, and with it beside busy processes."""
        from engine.components import load_components

        seconds = settings.lasting(self._seconds, self._quick_s)
        with TemporaryDirectory(prefix="attune-bench-") as folder:
            recording = imitate_devices(settings.recording, Path(folder))
            for asr in ("none", "auto"):
                config = SessionConfig(asr=asr, device=str(settings.device)).for_live()
                with load_components(config) as components:
                    called = "recognition on" if components.recognizer else "recognition off"
                    yield from rows(live(recording, components, config, seconds), called, off=asr == "none")
                    if asr != "none" and settings.busy:
                        beside = f"{called}, {settings.busy} busy process{'es' if settings.busy > 1 else ''} beside"
                        with busy_processes(settings.busy) as others:
                            yield from rows(live(recording, components, config, seconds, others), beside, off=False)


def imitate_devices(
    recording: Path, folder: Path, *, size: tuple[int, int] = CAMERA_SIZE, picture_hz: int = CAMERA_HZ
) -> Path:
    """Write the recording into a folder as what a camera and a microphone would have given.

    Raises
    ------
    SourceError : it has no pictures or no sound.
    """
    from engine.sources.imitation import write_imitation
    from engine.sources.media_file import MediaFile

    path = folder / "devices.mov"
    with MediaFile(recording) as source:
        rate_hz = source.info.audio_rate_hz
        if not source.info.has_video or rate_hz is None:
            raise SourceError(f"{recording} needs pictures and sound to stand for both devices: choose another")
        items = (replace(one, rgb=as_camera(one.rgb, size)) if isinstance(one, VideoFrame) else one for one in source)
        write_imitation(path, items, size=size, picture_hz=picture_hz, sound_hz=rate_hz)
    return path


def live(
    recording: Path,
    components: Components,
    config: SessionConfig,
    seconds: float,
    others: tuple[int, ...] = (),
    *,
    settle_s: float = _SETTLE_S,
) -> Lived:
    """Run a live session and watch it for a while, after it has settled; processes in ``others`` are not ours."""
    from engine.session import Session
    from engine.sources.live import open_live

    components.trace = watch = LatencyWatch()
    device = f"loop:{recording}"
    with (
        open_live(device, device, frame_hz=config.track_hz) as source,
        Session(source, components, config) as session,
    ):
        session.start()
        session.wait(settle_s)
        watch.forget()
        lost_before = lost_items(session.snapshot().dropped, source.states)
        processor_s, began_s = own_time_s(others), time.monotonic()
        session.wait(seconds)
        taken_s = time.monotonic() - began_s
        cores = (own_time_s(others) - processor_s) / taken_s
        lost = since(lost_before, lost_items(session.snapshot().dropped, source.states))
    return Lived(watch=watch, seconds=taken_s, cores=cores, lost=lost, lost_before=lost_before)


def lost_items(stages: Mapping[str, int], devices: Iterable[Lossy]) -> dict[str, int]:
    """What stages and devices have lost so far, by their names; those that have lost nothing are left out."""
    every = dict(stages) | {one.name: one.dropped for one in devices}
    return {name: count for name, count in every.items() if count}


def since(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What was lost since then.

    >>> since({"face": 1, "hearing": 2}, {"face": 4, "hearing": 2})
    {'face': 3}
    """
    return {name: count - before.get(name, 0) for name, count in now.items() if count > before.get(name, 0)}


def rows(lived: Lived, called: str, *, off: bool) -> Iterator[Row]:
    """What a session gave, as rows. ``off``: the bar for processor use holds, which is meant without recognition.

    Raises
    ------
    SourceError : nothing was predicted in that time.
    """
    watch = lived.watch
    if not (watch.delays_s and watch.ways_s):
        raise SourceError("nothing was predicted in that time: measure for longer with --seconds")
    yield Row(
        what=f"camera frame to new distribution, {called}",
        ours=Spread(wall_s=tuple(watch.ways_s)),
        bar=Bar(of="p95", at_most=0.150),
        notes=(f"{called}: {len(watch.delays_s)} distributions, {watch.sampled} faces in {lived.seconds:.0f} s",),
    )
    yield Row(what=f"moment of the grid to its distribution, {called}", ours=Spread(wall_s=tuple(watch.delays_s)))
    yield from loss_rows(watch.missed, lived.lost, lived.lost_before, called)
    bar = Bar(of="value", at_most=0.6) if off else None
    yield Row(what=f"processor use, {called}", unit="cores", value=lived.cores, bar=bar)


def loss_rows(missed: int, lost: Mapping[str, int], before: Mapping[str, int], called: str) -> Iterator[Row]:
    """What was missed and lost, as rows."""
    bar = Bar(of="value", at_most=0)
    yield Row(what=f"missed 3 Hz face samples, {called}", unit="", value=float(missed), bar=bar)
    where = [f"{called}: {count} lost by {name}" for name, count in lost.items()]
    where += [f"{called}: {count} lost by {name} while it started" for name, count in before.items()]
    yield Row(what=f"lost items, {called}", unit="", value=float(sum(lost.values())), notes=tuple(where))


STAGE = LiveStage()
