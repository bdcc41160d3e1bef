"""Runs the tiny plan as a process of its own: python -m tests.experiment.drive OUT LOG WORKERS [RUN=MOOD]..."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.experiment.jobs import Choice
from engine.experiment.lock import locked
from engine.experiment.runner import run_experiment
from engine.pools.local import LocalPool
from tests.experiment.fakes import FakeDataset, FakeExecute, Listener, tiny_plan, tiny_source


def main(out: Path, log: Path, workers: int, moods: dict[str, str]) -> int:
    plan = tiny_plan()
    with locked(out):
        pool = LocalPool(FakeExecute(log, moods), ["cpu"] * workers)
        run_experiment(plan, FakeDataset(), tiny_source(plan), out, pool, Listener(), Choice())
    return 0


if __name__ == "__main__":
    try:
        status = main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), dict(x.split("=") for x in sys.argv[4:]))
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
