"""Whether a session may run for a day: memory, threads, open files and delay over hours, and over many starts.

- ``python -m benchmarks.soak --hours 8 --speed 12 --asr none``: eight hours of media through the live path, fast
- ``python -m benchmarks.soak --hours 0.5 --busy 1 --record``: half an hour at real speed, recorded, under load
- ``python -m benchmarks.soak --starts 10000``: sessions begun and stopped at once
- ``python -m benchmarks.soak --plot``: draws what was measured

Each writes its samples into docs/soak/NAME.json; the plot is docs/soak/soak.svg.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from engine.assets import sample_path
from engine.bench.busy import busy_processes
from engine.bench.live import imitate_devices
from engine.clock import Clock, FastClock, MonotonicClock
from engine.config import SessionConfig
from engine.machine import this_machine, versions

if TYPE_CHECKING:
    from engine.components import Components
    from engine.live_run import LiveRun

FOLDER = Path("docs/soak")
_SAMPLES = 240
"""How many points a curve has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How the program stood at one moment.

    Attributes
    ----------
    at : media hours, or starts in thousands.
    memory_mb : resident memory of this process and its children.
    threads, files : of this process.
    delay_s : media seconds by which the newest prediction is behind, median since the sample before; None for starts.
    predictions, lost : in all so far.
    """

    at: float
    memory_mb: float
    threads: int
    files: int
    delay_s: float | None = None
    predictions: int = 0
    lost: int = 0


def main() -> None:
    """Measure, or draw."""
    options = _options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if options.plot:
        from benchmarks.plot_soak import draw

        draw(FOLDER)
        return
    with TemporaryDirectory(prefix="attune-soak-") as folder, _components(options) as (components, config):
        size, rate = options.camera.split("@")
        width, height = (int(one) for one in size.split("x"))
        recording = imitate_devices(sample_path(), Path(folder), size=(width, height), picture_hz=int(rate))
        began_s = time.monotonic()
        if options.starts:
            name, samples = "starts", list(_starts(recording, components, config, options.starts))
        else:
            name = "fast" if options.speed != 1 else "real"
            record = Path(folder) / "session" if options.record else None
            with busy_processes(options.busy):
                samples = list(_live(recording, components, config, options, record))
    _write(name, samples, vars(options), time.monotonic() - began_s)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0, help="of media")
    parser.add_argument("--speed", type=float, default=1.0, help="media seconds in a second")
    parser.add_argument("--starts", type=int, default=0, help="begin and stop so many sessions instead")
    parser.add_argument("--busy", type=int, default=0, help="processes that keep a core busy beside it")
    parser.add_argument("--asr", default="auto", help="recogniser")
    parser.add_argument("--camera", default="640x480@30", help="WIDTHxHEIGHT@HZ of the virtual camera")
    parser.add_argument("--record", action="store_true", help="record the session, too")
    parser.add_argument("--plot", action="store_true", help="draw what was measured")
    return parser.parse_args()


@contextmanager
def _components(options: argparse.Namespace) -> Iterator[tuple[Components, SessionConfig]]:
    from engine.components import load_components

    config = SessionConfig(asr=options.asr).for_live()
    with load_components(config) as components:
        yield components, config


def _live(
    recording: Path, components: Components, config: SessionConfig, options: argparse.Namespace, record: Path | None
) -> Iterator[Sample]:
    from engine.live_run import LiveRun
    from engine.sources.live import open_live

    clock: Clock = MonotonicClock() if options.speed == 1 else FastClock(options.speed)
    device = f"loop:{recording}"
    seconds = 3600 * options.hours
    with open_live(device, device, frame_hz=config.track_hz, clock=clock) as source:
        run = LiveRun(source, components, config)
        try:
            if record is not None:
                run.start_recording(record)
            due_s = 0.0
            delays_s: list[float] = []
            while (now_s := run.position_s) < seconds:
                snapshot = run.session.snapshot()
                if snapshot.error is not None:
                    raise snapshot.error
                delays_s.append(now_s - min(snapshot.watermarks_s.get(one, now_s) for one in ("face", "hearing")))
                if now_s >= due_s:
                    due_s += seconds / _SAMPLES
                    yield _sample(now_s / 3600, run, delays_s)
                    delays_s.clear()
                time.sleep(0.05)
        finally:
            run.close()


def _starts(recording: Path, components: Components, config: SessionConfig, count: int) -> Iterator[Sample]:
    """Begin and stop sessions, at a random instant of their first 50 ms."""
    from engine.live_run import LiveRun
    from engine.sources.live import open_live

    device = f"loop:{recording}"
    instants = random.Random(0)
    for done in range(1, count + 1):
        with open_live(device, device, frame_hz=config.track_hz) as source:
            run = LiveRun(source, components, config)
            time.sleep(instants.uniform(0, 0.05))
            run.close()
        if done % max(1, count // _SAMPLES) == 0:
            yield _sample(done / 1000, run, [])


def _sample(at: float, run: LiveRun, delays_s: list[float]) -> Sample:
    process = psutil.Process()
    memory = process.memory_info().rss + sum(one.memory_info().rss for one in process.children(recursive=True))
    snapshot = run.session.snapshot()
    sample = Sample(
        at=at,
        memory_mb=memory / 1e6,
        threads=process.num_threads(),
        files=process.num_fds(),
        delay_s=float(np.median(delays_s)) if delays_s else None,
        predictions=run.timeline.count,
        lost=sum(snapshot.dropped.values()) + sum(one.dropped for one in run.source.states),
    )
    print(
        f"{at:7.3f}  {sample.memory_mb:7.1f} MB  {sample.threads} threads  {sample.files} files  "
        f"delay {sample.delay_s}  {sample.predictions} moments  {sample.lost} lost",
        flush=True,
    )
    return sample


def _write(name: str, samples: list[Sample], options: dict[str, Any], wall_s: float) -> None:
    content = {
        "command": "python -m benchmarks.soak " + " ".join(sys.argv[1:]),
        "options": {key: value for key, value in options.items() if key != "plot"},
        "wall_s": round(wall_s, 1),
        "versions": versions(("attune", "numpy", "onnxruntime", "av")),
        "machine": this_machine().title,
        "samples": [asdict(one) for one in samples],
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
