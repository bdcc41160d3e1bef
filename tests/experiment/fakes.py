"""A data set without data, and runs that are over at once, in place of training."""

from __future__ import annotations

import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from engine.corpora.utterances import FeatureOrigin, Fold
from engine.errors import DataError, OutputError
from engine.experiment.datasets import DataSource, source_of
from engine.experiment.jobs import Job, OnEpoch, RunResult
from engine.experiment.measures import SplitScores
from engine.experiment.plan import Plan, parse_plan
from engine.experiment.record import Cost, RunData, RunRecord
from engine.metrics import Epoch, Faithfulness
from engine.pools.events import Failed, Finished, Started, Told
from engine.pools.worker import Failure, attempt

PLAN = """
name = "tiny"
title = "A tiny plan"
seeds = [1, 2]
folds = ["one", "two"]

[data]
layout = "folds"
classes = ["no", "yes"]

[[cells]]
name = "self A+T"
fusion = "self"
modalities = ["audio", "text"]

[[cells]]
name = "cross A+T"
fusion = "cross"
modalities = ["audio", "text"]
"""


def tiny_plan(*changes: tuple[str, str]) -> Plan:
    """Two cells, two folds, two seeds; with changes to the text."""
    text = PLAN
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return parse_plan(text)


def tiny_source(plan: Plan) -> DataSource:
    return source_of(plan, Path("nowhere"))


FEATURES = FeatureOrigin(vectors="glove", text_dim=50, mfcc={"rate_hz": 16000})


@dataclass(frozen=True)
class FakeDataset:
    name: str = "tiny data"
    classes: tuple[str, ...] = ("no", "yes")
    folds: tuple[str, ...] = ("one", "two")
    features: FeatureOrigin = FEATURES
    fingerprint: str = "f1"
    notes: tuple[str, ...] = ("one utterance was left out",)

    def open(self, fold: str) -> Fold:
        raise AssertionError("fake runs need no data")


@dataclass
class Listener:
    """Keeps what it is told."""

    total: int = 0
    before: int = 0
    begun: list[str] = field(default_factory=list)
    epochs: list[tuple[str, int]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self, missing: Sequence[Job], done: Sequence[RunRecord], parallel: int) -> None:
        self.total, self.before = len(missing) + len(done), len(done)

    def started(self, job: Job, place: str) -> None:
        self.begun.append(job.name)

    def epoch(self, job: Job, epoch: Epoch) -> None:
        self.epochs.append((job.name, epoch.epoch))

    def finished(self, job: Job, record: RunRecord) -> None:
        self.done.append(job.name)

    def failed(self, job: Job, message: str) -> None:
        self.failures.append((job.name, message))

    def note(self, message: str) -> None:
        self.notes.append(message)


@dataclass(frozen=True)
class FakeExecute:
    """A run that is over at once; its figures follow from the key of the job.

    Leaves a file in ``log`` for every execution. ``moods`` says what else happens in the runs of a name: "dies",
    "killed", "raises", "refuses", "full disk", "waits" until another process has begun a run, or "hangs" while there is
    no file of the name "go" in ``log``.
    """

    log: Path
    moods: dict[str, str] = field(default_factory=dict)

    def __call__(self, job: Job, on_epoch: OnEpoch) -> RunResult:
        self.log.mkdir(exist_ok=True)
        (self.log / f"{job.key[:12]}-{os.getpid()}-{secrets.token_hex(4)}.run").write_text(job.name)
        epochs = [epoch_record(number, job.key) for number in (1, 2)]
        on_epoch(epochs[0])
        self._behave(self.moods.get(job.name, ""), job)
        on_epoch(epochs[1])
        record = run_record(job, tuple(epochs))
        return RunResult(record=record.to_json(), weights=save({job.key: np.zeros(1)}), card=b"{}")

    def _behave(self, mood: str, job: Job) -> None:
        if mood == "dies":
            os._exit(3)
        if mood == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if mood == "raises":
            raise RuntimeError("loss is not a number")
        if mood == "refuses":
            raise DataError("the data have changed")
        if mood == "full disk":
            raise OutputError("cannot write progress: No space left on device")
        if mood == "waits":
            wait_until(lambda: len(self.processes()) > 1)
        if mood == "hangs":
            assert job.progress is not None
            job.progress.write_bytes(b"half way")
            job.progress.with_name(".draft").write_bytes(b"cut off")
            (self.log / "hangs").touch()
            wait_until(lambda: (self.log / "go").exists())

    def processes(self) -> set[str]:
        """Ids of all processes that have begun a run."""
        return {path.name.split("-")[1] for path in self.log.glob("*.run")}

    def runs(self) -> list[str]:
        """Names of all runs that were executed, in no order."""
        return sorted(path.read_text() for path in self.log.glob("*.run"))


def epoch_record(number: int, key: str) -> Epoch:
    share = int(key[:4], 16) / 0xFFFF
    return Epoch(
        epoch=number,
        learning_rate=1e-3,
        train_loss=1.5 / number + share,
        dev_loss=1.6 / number + share,
        dev_accuracy=share,
        dev_balanced_accuracy=share / 2,
    )


def run_record(job: Job, epochs: tuple[Epoch, ...]) -> RunRecord:
    right = int(job.key[:2], 16) % 10
    scores = SplitScores(
        n=10,
        accuracy=right / 10,
        balanced_accuracy=right / 20,
        macro_f1=0.5,
        ece=0.1,
        recall=(right / 10, None),
        confusion=((right, 10 - right), (0, 0)),
    )
    block = Faithfulness(
        fractions=(0.0, 1.0),
        deletion=(0.9, 0.2),
        deletion_random=(0.9, 0.2),
        insertion=(0.2, 0.9),
        insertion_random=(0.2, 0.9),
        deletion_gain=0.0,
        insertion_gain=0.0,
        deletion_gain_ci=(-0.1, 0.1),
        insertion_gain_ci=(-0.1, 0.1),
        n=10,
    )
    return RunRecord(
        key=job.key,
        cell=job.cell.name,
        fold=job.fold,
        seed=job.seed,
        data=RunData(fingerprint=job.fingerprint, classes=("no", "yes"), train=80, dev=10, test=10),
        parameters=1234,
        epochs=epochs,
        best_epoch=2,
        dev=scores,
        test=scores,
        faithfulness={"audio_from_audio": block},
        cost=Cost(
            device=job.device,
            device_name="fake",
            seconds=time.monotonic(),
            epoch_seconds=(0.5, 0.5),
            peak_memory_bytes=10**6,
        ),
        versions={"attune": "0"},
    )


class InlinePool:
    """Does the jobs in this process."""

    parallel = 1

    def __init__(self, execute: FakeExecute) -> None:
        self._execute = execute

    def run(self, jobs):  # type: ignore[no-untyped-def]
        for job in jobs:
            yield Started(job, "here")
            epochs: list[Epoch] = []
            result = attempt(self._execute, job, epochs.append)
            yield from (Told(job, one) for one in epochs)
            if isinstance(result, Failure):
                yield Failed(job, result.message, result.fatal)
            else:
                yield Finished(job, result)


def results(out: Path) -> dict[str, object]:
    """The repeatable part of every record, and the sizes of every other file, by path."""
    found: dict[str, object] = {}
    for path in sorted((out / "runs").rglob("*")):
        if path.is_file():
            name = str(path.relative_to(out))
            found[name] = _repeatable(path) if path.name == "record.json" else path.read_bytes()
    return found


def _repeatable(path: Path) -> dict[str, object]:
    return RunRecord.from_json(json.loads(path.read_text())).repeatable()


def wait_until(condition: Callable[[], object], timeout_s: float = 60.0) -> None:
    """Wait for something that happens in another process."""
    end, clock = time.monotonic() + timeout_s, threading.Event()
    while not condition():
        assert time.monotonic() < end, "waited too long"
        clock.wait(0.01)
