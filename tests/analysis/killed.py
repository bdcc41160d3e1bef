"""Kills ``attune analyze --resume`` at random instants until it has been killed often enough, then lets it end.

python -m tests.analysis.killed --kills 50 [--seed 0] [--real]

Without ``--real`` the recordings are fakes whose analysis takes no time; with it they are short pieces of the sample,
analysed with all models. Prints how far the runs had come, and compares the results with those of an undisturbed run.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from engine.analysis.results import RESULTS, SUMMARY
from tests.analysis.fakes import contents

ROOT = Path(__file__).parents[2]
_MOST_S = 600.0


def analyze(arguments: Sequence[str], kill_after_s: float | None = None) -> int | None:
    """Run a command of the repository; None where it was killed, and all its workers with it, else its status."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            said = process.communicate(timeout=kill_after_s or _MOST_S)[1]
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            return None
    if process.returncode:
        raise AssertionError(f"status {process.returncode}: {said[-2000:]}")
    return 0


def comparable(out: Path) -> dict[str, object]:
    """All files of the results; of the summaries all but the time that the analysis took."""
    found: dict[str, object] = {}
    for name, data in contents(out).items():
        if Path(name).name == SUMMARY:
            about = json.loads(data)
            about.pop("real_time_factor", None)
            about.get("durations", {}).pop("analysis_s", None)
            found[name] = about
        else:
            found[name] = data
    return found


def kill_often(command: Sequence[str], folder: Path, kills: int, seed: int) -> list[int]:
    """Analyse into a folder with that many kills on the way; then compare. Returns the results at each kill.

    Parameters
    ----------
    command : without ``--out``.
    folder : for both results.
    """
    began_s = time.monotonic()
    assert analyze([*command, "--out", str(folder / "undisturbed")]) == 0
    length_s = time.monotonic() - began_s
    wanted = comparable(folder / "undisturbed")
    rng, seen, out = random.Random(seed), [], folder / "killed"
    resumed = [*command, "--out", str(out), "--resume"]
    while len(seen) < kills:
        if analyze(resumed, rng.uniform(0.05, length_s)) is None:
            done = [one.parent for one in out.rglob(SUMMARY)]
            seen.append(len(done))
            for place in done:  # where a summary is there, everything is, as it should be
                for name in RESULTS:
                    key = (place / name).relative_to(out).as_posix()
                    assert comparable(out)[key] == wanted[key], f"{key} differs after kill {len(seen)}"
        else:  # it was done before: take away a result, so that there is something to do
            rng.choice(list(out.rglob(SUMMARY))).unlink()
    assert analyze(resumed) == 0
    assert comparable(out) == wanted, "the results differ from those of an undisturbed run"
    return seen


def main() -> None:
    """Run it as a command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attune-kills-") as folder:
        seen = kill_often(recordings(Path(folder), real=asked.real), Path(folder), asked.kills, asked.seed)
    print(f"{asked.kills} kills; results that were there at each: {seen}; at the end all equal")


def recordings(folder: Path, *, real: bool) -> list[str]:
    """Make recordings; the command that analyses them."""
    talks = folder / "talks"
    if not real:
        from tests.analysis.fakes import write_recordings

        write_recordings(talks, **{f"t{number}": f"text {number}" for number in range(6)})
        return ["-m", "tests.analysis.drive", str(folder / "log"), str(talks), "--jobs", "2", "--device", "cpu"]
    from tests.sources.cut import first_seconds

    talks.mkdir()
    for number in range(3):
        first_seconds(ROOT / "assets" / "sample.mp4", 1.5 + number, talks / f"t{number}.mp4")
    return ["main.py", "analyze", str(talks), "--jobs", "1", "--device", "cpu", "--step", "1", "--asr", "none"]


if __name__ == "__main__":
    main()
