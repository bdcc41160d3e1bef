"""Data sets as plans name them, opened from what users have on their disks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from engine.config import MODALITIES
from engine.errors import DataError
from engine.experiment.plan import DataPlan, Layout, Plan

if TYPE_CHECKING:
    from engine.corpora.utterances import Dataset


OnItem: TypeAlias = Callable[[int, int, str, str | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Everything that opening the data takes, on any machine that sees the path.

    Attributes
    ----------
    plan : what the experiment's plan says of them.
    path : their folder or manifest.
    folds : names of the folds wanted, None for all.
    modalities : those that some cell uses.
    cache : folder for extracted features, None for the default one.
    """

    plan: DataPlan
    path: Path
    folds: tuple[str, ...] | None = None
    modalities: tuple[str, ...] = MODALITIES
    cache: Path | None = None

    def check(self) -> None:
        """Raise DataError when there is nothing at the path."""
        if not self.path.exists():
            raise DataError(f"there are no data at {self.path}: check --data")


def source_of(plan: Plan, path: Path, cache: Path | None = None) -> DataSource:
    """The data of a plan at a path, which is made absolute so that it means the same in every process."""
    return DataSource(
        plan=plan.data,
        path=Path(os.path.abspath(path)),
        folds=plan.folds,
        modalities=tuple(name for name in MODALITIES if any(name in cell.modalities for cell in plan.cells)),
        cache=None if cache is None else Path(os.path.abspath(cache)),
    )


def open_dataset(source: DataSource, *, jobs: int = 0, on_item: OnItem | None = None) -> Dataset:
    """Open the data of an experiment.

    Parameters
    ----------
    source : which data.
    jobs : processes that extract features which are not in the cache, 0 for this one alone.
    on_item : is told of every item that features were extracted from: how many are done, of how many, its name, and why
        it cannot be used, or None.

    Raises
    ------
    DataError
        When there are none at the path, or they are not as the plan says.
    """
    source.check()
    return _OPENERS[source.plan.layout](source, jobs, on_item)


def _open_folds(source: DataSource, jobs: int, on_item: OnItem | None) -> Dataset:
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


def _open_manifest(source: DataSource, jobs: int, on_item: OnItem | None) -> Dataset:
    from engine.corpora.media import open_manifest

    if source.path.is_dir():
        raise DataError(f"{source.path} is a folder: --data must be a manifest, a CSV file that lists the recordings")
    return open_manifest(
        source.path,
        modalities=source.modalities,
        cache=source.cache,
        jobs=jobs,
        face_encoder=source.plan.face_encoder or "bundled",
        vectors=source.plan.vectors,
        on_item=on_item or (lambda done, total, item, reason: None),
    )


def _open_joined(source: DataSource, jobs: int, on_item: OnItem | None) -> Dataset:
    from platformdirs import user_cache_path

    from engine.training.joined import JoinedData

    return JoinedData(folder=source.path, cache=source.cache or user_cache_path("attune") / "training")


_OPENERS: Mapping[Layout, Callable[[DataSource, int, OnItem | None], Dataset]] = {
    "folds": _open_folds,
    "manifest": _open_manifest,
    "joined": _open_joined,
}
