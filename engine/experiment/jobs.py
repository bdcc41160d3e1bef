"""The runs of an experiment: each cell on each fold with each seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from engine.corpora.utterances import Dataset
from engine.errors import DataError
from engine.experiment.cell import Cell, run_folder, slug
from engine.experiment.datasets import DataSource
from engine.experiment.plan import Plan
from engine.experiment.protocol_settings import protocol_settings
from engine.experiment.toml_table import closest
from engine.metrics import Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run to do; it can be sent to another process or machine.

    Attributes
    ----------
    key : checksum of all that fixes the result.
    protocol : every setting, as `engine.training.protocol.Protocol` takes them.
    source : where the data are.
    fingerprint : of the data; others are refused.
    device : "cpu", "cuda" or "cuda:1"; set by what executes the job.
    progress : file for the state between epochs, None to keep none.
    """

    key: str
    cell: Cell
    fold: str
    seed: int
    protocol: Mapping[str, object] = field(repr=False)
    source: DataSource = field(repr=False)
    fingerprint: str = field(repr=False)
    device: str = "cpu"
    progress: Path | None = None

    @property
    def name(self) -> str:
        """What it is called in messages.

        Examples
        --------
        "self A+V+T, fold01, seed 3"
        """
        return f"{self.cell.name}, {self.fold}, seed {self.seed}"

    @property
    def folder(self) -> Path:
        """Its folder, below that of the experiment."""
        return run_folder(self.cell, self.fold, self.seed)

    def on(self, device: str) -> Job:
        """The same run on a device."""
        return replace(self, device=device)

    def at(self, host: str) -> Job:
        """The run as a machine of a cluster can do it: without its progress where the results are on no shared disk.

        Raises
        ------
        DataError
            When the machine does not see the data.
        """
        if not self.source.path.exists():
            raise DataError(
                f"machine {host} does not see the data at {self.source.path}: they must be at the same place on every "
                "machine of the cluster"
            )
        lost = self.progress is not None and not self.progress.parent.is_dir()
        return replace(self, progress=None) if lost else self


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run comes to: its record, and the two files of its checkpoint."""

    record: Mapping[str, object]
    weights: bytes = field(repr=False)
    card: bytes = field(repr=False)


OnEpoch: TypeAlias = Callable[[Epoch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which runs of a plan are wanted; an empty entry stands for all."""

    cells: tuple[str, ...] = ()
    folds: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()


def all_jobs(plan: Plan, dataset: Dataset, source: DataSource) -> list[Job]:
    """Every run of the plan: first all cells and folds with the first seed, so that a table is whole early.

    Raises
    ------
    DataError
        When the plan asks for a setting that there is not, or for what the data do not hold.
    """
    folds = plan_folds(plan, dataset)
    for cell in plan.cells:
        _check_features(cell, dataset)
    settings = {cell.name: protocol_settings(plan, cell) for cell in plan.cells}
    return [
        Job(
            key=job_key(cell, settings[cell.name], dataset, fold, seed),
            cell=cell,
            fold=fold,
            seed=seed,
            protocol=settings[cell.name],
            source=source,
            fingerprint=dataset.fingerprint,
        )
        for seed in plan.seeds
        for fold in folds
        for cell in plan.cells
    ]


def choose_jobs(jobs: Collection[Job], choice: Choice) -> list[Job]:
    """Those of the jobs that are wanted.

    Raises
    ------
    DataError
        When something is asked for that the plan does not have.
    """
    _check_known("--cells", choice.cells, list(dict.fromkeys(job.cell.name for job in jobs)))
    _check_known("--folds", choice.folds, list(dict.fromkeys(job.fold for job in jobs)))
    seeds = list(dict.fromkeys(str(job.seed) for job in jobs))
    _check_known("--seeds", [str(one) for one in choice.seeds], seeds)
    return [
        job
        for job in jobs
        if (not choice.cells or job.cell.name in choice.cells)
        and (not choice.folds or job.fold in choice.folds)
        and (not choice.seeds or job.seed in choice.seeds)
    ]


def check_choice(plan: Plan, choice: Choice) -> None:
    """Check all that can be known before the data are opened, which may take hours.

    Raises
    ------
    DataError
        When a cell or a seed is asked for that the plan does not have, or the plan's protocol cannot be.
    """
    for cell in plan.cells:
        protocol_settings(plan, cell)
    _check_known("--cells", choice.cells, [cell.name for cell in plan.cells])
    _check_known("--seeds", [str(one) for one in choice.seeds], [str(one) for one in plan.seeds])
    if plan.folds is not None:
        _check_known("--folds", choice.folds, list(plan.folds))


def plan_folds(plan: Plan, dataset: Dataset) -> tuple[str, ...]:
    """The folds that the plan runs on.

    Raises
    ------
    DataError
        When the data lack one, or two of them would share a folder.
    """
    folds = plan.folds or dataset.folds
    for one in folds:
        if one not in dataset.folds:
            raise DataError(
                f"the plan {plan.name} names the fold {one}, but {dataset.name} has {_listed(dataset.folds)}"
            )
    if len({slug(one) for one in folds} - {""}) != len(folds):
        raise DataError(f"the names of the folds are too much alike to make folders of: {_listed(folds)}")
    return folds


def job_key(cell: Cell, protocol: Mapping[str, object], dataset: Dataset, fold: str, seed: int) -> str:
    """Checksum of all that fixes the result of a run."""
    from engine.training.trainer import TRAINER_VERSION

    content = {
        "cell": {"name": cell.name, **cell.model},
        "protocol": dict(protocol),
        "data": dataset.fingerprint,
        "classes": list(dataset.classes),
        "fold": fold,
        "seed": seed,
        "trainer": TRAINER_VERSION,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _check_features(cell: Cell, dataset: Dataset) -> None:
    features = dataset.features
    here = {"audio": bool(features.mfcc), "video": features.face_dim is not None, "text": features.text_dim is not None}
    origins = {"video": ("face_encoder", features.face_encoder), "text": ("vectors", features.vectors)}
    for name in cell.modalities:
        if not here[name]:
            have = _listed([one for one, present in here.items() if present]) or "nothing"
            raise DataError(
                f"the cell {cell.name} needs {name}, but {dataset.name} has {have}: leave it out of the plan"
            )
        key, origin = origins.get(name, ("", ""))
        if origin is None:
            raise DataError(
                f"nobody knows what made the {name} features of {dataset.name}, so a model of them could never run: "
                f"say it in the plan, as data.{key}"
            )


def _check_known(option: str, wanted: Collection[str], known: list[str]) -> None:
    for one in wanted:
        if one not in known:
            raise DataError(f"{option} {one}: the plan has no such one, {closest(one, known)}")


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)
