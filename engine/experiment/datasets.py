"""Data sets as plans name them, opened from what users have on their disks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import DataError
from engine.experiment.plan import DataPlan, Layout, Plan

if TYPE_CHECKING:
    from engine.corpora.utterances import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Everything that opening the data takes, on any machine that sees the path.

    Attributes
    ----------
    plan : what the experiment's plan says of them.
    path : their folder or manifest.
    folds : names of the folds wanted, None for all.
    cache : folder for extracted features, None for the default one.
    jobs : processes that extract features.
    """

    plan: DataPlan
    path: Path
    folds: tuple[str, ...] | None = None
    cache: Path | None = None
    jobs: int = 1


def source_of(plan: Plan, path: Path, cache: Path | None = None, jobs: int = 1) -> DataSource:
    """The data of a plan at a path, which is made absolute so that it means the same in every process."""
    return DataSource(plan=plan.data, path=Path(os.path.abspath(path)), folds=plan.folds, cache=cache, jobs=jobs)


def open_dataset(source: DataSource) -> Dataset:
    """Open the data of an experiment.

    Raises
    ------
    DataError
        When there are none at the path, or they are not as the plan says.
    """
    if not source.path.exists():
        raise DataError(f"there are no data at {source.path}: check --data")
    return _OPENERS[source.plan.layout](source)


def _open_folds(source: DataSource) -> Dataset:
    from engine.corpora.folds import open_folds

    path, plan = source.path, source.plan
    if not path.is_dir():
        raise DataError(f"{path} is a file: --data must be the folder that holds fold01, fold02, ...")
    if any(path.glob("train_*.npy")):  # within fold01, say
        raise DataError(f"{path} is the folder of one fold: --data must be the folder above it, {path.parent}")
    return open_folds(
        path,
        classes=plan.classes or None,
        counts=plan.counts or None,
        face_encoder=plan.face_encoder,
        vectors=plan.vectors,
        folds=source.folds,
    )


def _open_manifest(source: DataSource) -> Dataset:
    from engine.corpora.manifest_dataset import open_manifest

    if source.path.is_dir():
        raise DataError(f"{source.path} is a folder: --data must be a manifest, a CSV file that lists the recordings")
    return open_manifest(source.path, cache=source.cache, jobs=source.jobs)


def _open_joined(source: DataSource) -> Dataset:
    from platformdirs import user_cache_path

    from engine.training.joined import JoinedData

    return JoinedData(folder=source.path, cache=source.cache or user_cache_path("attune") / "training")


_OPENERS: Mapping[Layout, Callable[[DataSource], Dataset]] = {
    "folds": _open_folds,
    "manifest": _open_manifest,
    "joined": _open_joined,
}
