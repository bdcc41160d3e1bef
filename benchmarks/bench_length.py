"""How the cost of ``attune analyze`` grows with the length of a recording and with the number of recordings.

    python -m benchmarks.bench_length --minutes 1 4 16 64 --recordings 1 2 4 --out docs/performance

Recordings are the sample over and over, their packets copied. Each point is a fresh process of the command, models
loaded anew, and is kept in DIR/length.json as soon as it is measured: after a stop the same command goes on with what
is missing. At the end DIR/length.svg shows all points with the straight lines that fit them best.

Wall time and processor time are those of the process and all that it starts; memory is the largest sum of what these
processes hold, looked at four times a second.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.plot_length import draw
from benchmarks.repeat import repeat
from engine.assets import sample_path
from engine.bench.processor import OtherWork
from engine.errors import AttuneError
from engine.files import make_folder, write_atomically
from engine.machine import this_machine

_LOOK_EVERY_S = 0.25
_MAIN = Path(__file__).parents[1] / "main.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One call of the command.

    Attributes
    ----------
    minutes, recordings, jobs : what was asked for; jobs is None for the command's own choice.
    media_s : length of all recordings together.
    wall_s, processor_s : time that it took.
    peak_bytes : memory.
    others : share of the processor that other processes had.
    """

    minutes: float
    recordings: int
    jobs: int | None
    media_s: float
    wall_s: float
    processor_s: float
    peak_bytes: int
    others: float | None = None

    @property
    def key(self) -> tuple[float, int, int | None]:
        """What tells it from the others."""
        return self.minutes, self.recordings, self.jobs


def measure(minutes: float, recordings: int, jobs: int | None) -> Point:
    """Analyse so many recordings of so many minutes."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        one = Path(folder, "talk-1.mkv")
        length_s = repeat(sample_path(), one, 60 * minutes)
        files = [one, *(Path(folder, f"talk-{k}.mkv") for k in range(2, recordings + 1))]
        for other in files[1:]:
            other.hardlink_to(one)
        command = [sys.executable, str(_MAIN), "analyze", *map(str, files), "--out", str(Path(folder, "results"))]
        command += ["--jobs", str(jobs)] if jobs is not None else []
        with OtherWork() as others:
            began_s = time.monotonic()
            processor_s, peak = watch(command)
            wall_s = time.monotonic() - began_s
    return Point(
        minutes=minutes,
        recordings=recordings,
        jobs=jobs,
        media_s=length_s * recordings,
        wall_s=wall_s,
        processor_s=processor_s,
        peak_bytes=peak,
        others=others.share,
    )


def watch(command: list[str]) -> tuple[float, int]:
    """Run a command to its end. Returns its processor time, and its peak memory, with all that it starts."""
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        tree, taken_s, peak = psutil.Process(process.pid), {}, 0
        try:
            while process.poll() is None:
                held = 0
                for one in family(tree):
                    try:
                        with one.oneshot():
                            times = one.cpu_times()
                            held += one.memory_info().rss
                        taken_s[one.pid, one.create_time()] = times.user + times.system
                    except psutil.Error:  # it has just ended
                        continue
                peak = max(peak, held)
                time.sleep(_LOOK_EVERY_S)
        finally:
            process.kill()
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"`{' '.join(command)}` failed:\n{said.read()}")
    return sum(taken_s.values()), peak


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it has started."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def read(path: Path) -> list[Point]:
    """Points that were measured before."""
    if not path.exists():
        return []
    return [Point(**one) for one in json.loads(path.read_text(encoding="utf-8"))["points"]]


def write(path: Path, points: list[Point]) -> None:
    """Keep the points."""
    content = {
        "format": "attune-length",
        "format_version": 1,
        "machine": asdict(this_machine()),
        "points": [asdict(one) for one in points],
    }
    write_atomically(path, lambda draft: draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8"))


def main() -> None:
    """Measure what is missing, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 4, 16, 64], help="lengths of one recording")
    parser.add_argument("--recordings", type=int, nargs="+", default=[1, 2, 4], help="how many at once")
    parser.add_argument("--each", type=float, default=2.0, help="minutes of each where there are several (default 2)")
    parser.add_argument("--jobs", type=int, help="recordings at the same time; by default what the command chooses")
    parser.add_argument("--out", type=Path, required=True, help="folder for length.json and length.svg")
    chosen = parser.parse_args()
    wanted = [(minutes, 1) for minutes in chosen.minutes] + [(chosen.each, count) for count in chosen.recordings]
    try:
        make_folder(chosen.out)
        points = read(chosen.out / "length.json")
        for minutes, recordings in dict.fromkeys(wanted):
            if (minutes, recordings, chosen.jobs) in {one.key for one in points}:
                continue
            point = measure(minutes, recordings, chosen.jobs)
            points = sorted([*points, point], key=lambda one: (one.recordings, one.minutes, one.jobs or 0))
            write(chosen.out / "length.json", points)
            speed = f"{point.media_s / point.wall_s:.1f}x real time"
            print(
                f"{recordings} x {minutes:g} min: {point.wall_s:.1f} s ({speed}), "
                f"processor {point.processor_s:.1f} s, {point.peak_bytes / 1e6:.0f} MB",
                flush=True,
            )
        write_atomically(chosen.out / "length.svg", lambda draft: draw(draft, points, each=chosen.each))
    except AttuneError as error:
        raise SystemExit(str(error)) from None
    print(f"drawn to {chosen.out / 'length.svg'}")


if __name__ == "__main__":
    main()
