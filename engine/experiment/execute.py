"""Doing one run: train, calibrate, test, measure the attention, describe."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from engine.config import MODALITIES
from engine.corpora.utterances import Dataset, Fold
from engine.errors import DataError
from engine.experiment.datasets import DataSource, open_dataset
from engine.experiment.jobs import Job, OnEpoch, RunResult
from engine.experiment.measures import SplitScores
from engine.experiment.record import Cost, RunData, RunRecord
from engine.machine import device_name, peak_memory_bytes
from engine.metrics import Epoch, Faithfulness, score
from engine.models.card import CheckpointCard, Standardisation
from engine.models.checkpoint import checkpoint_bytes, software_versions
from engine.models.fusion import FusionModel
from engine.training.batches import predict, prepare
from engine.training.calibration import SURE_ACCURACY, fit_temperature, unsure_threshold
from engine.training.dev import softmax
from engine.training.faithfulness import measure_faithfulness, spread_rows
from engine.training.fusion import Look
from engine.training.joined import JoinedData, JoinedSettings, train_joined
from engine.training.protocol import Protocol
from engine.training.trainer import TRAINER_VERSION, TrainedRun, train
from engine.training.windows import Corpora
from engine.version import __version__


class Executor:
    """Does jobs one after another; keeps the data open between jobs on the same fold.

    Can be pickled, so that it is sent to the process or machine that does the work.
    """

    def __init__(self) -> None:
        self._opened: tuple[DataSource, Dataset] | None = None
        self._fold: Fold | None = None
        self._corpora: tuple[Corpora, Corpora] | None = None

    def __call__(self, job: Job, on_epoch: OnEpoch) -> RunResult:
        """Do a job; its result is the same, bit for bit, on any number of cores.

        Raises
        ------
        DataError
            When the data are not those that the job was made for, or training ran away.
        """
        import torch

        torch.set_num_threads(1)
        if job.device.startswith("cuda"):
            torch.use_deterministic_algorithms(True)
        dataset = self._open(job)
        if isinstance(dataset, JoinedData):
            self._corpora = self._corpora or dataset.load()
            return run_joined(job, dataset, *self._corpora, on_epoch)
        if self._fold is None or self._fold.name != job.fold:
            self._fold = None  # give the memory back before the next one is opened
            self._fold = dataset.open(job.fold)
        return run_fold(job, dataset, self._fold, on_epoch)

    def __reduce__(self) -> tuple[type[Executor], tuple[()]]:
        return Executor, ()

    def _open(self, job: Job) -> Dataset:
        if self._opened is None or self._opened[0] != job.source:
            self._fold = self._corpora = None
            self._opened = (job.source, open_dataset(job.source))
        dataset = self._opened[1]
        if dataset.fingerprint != job.fingerprint:
            raise DataError(f"the data at {job.source.path} have changed since the experiment began: begin a new one")
        return dataset


def code_version() -> str:
    """Version of what decides the results of runs."""
    return f"{__version__} (training {TRAINER_VERSION})"


def run_fold(job: Job, dataset: Dataset, fold: Fold, on_epoch: OnEpoch) -> RunResult:
    """Train by the paper's protocol, calibrate on dev, test."""
    began = time.monotonic()
    protocol = Protocol(**job.protocol)  # type: ignore[arg-type]
    run = train(
        job.cell.config(fold.train.dims, len(dataset.classes)),
        protocol,
        fold,
        seed=job.seed,
        device=job.device,
        progress=job.progress,
        on_epoch=on_epoch,
    )
    dev, test = (predict(run.model, part, protocol, run.standardisation) for part in (fold.dev, fold.test))
    if not (np.isfinite(dev).all() and np.isfinite(test).all()):
        raise DataError(
            "training ran away: the model gives no finite numbers. Set a smaller protocol.learning_rate in the plan"
        )
    temperature = fit_temperature([dev], [fold.dev.labels])
    answers = softmax(dev / temperature)
    dev_scores, test_scores = (
        SplitScores.of(score(softmax(logits / temperature), part.labels))
        for logits, part in ((dev, fold.dev), (test, fold.test))
    )
    faithfulness = _faithfulness(run, protocol, fold)
    record = _record(
        job,
        dataset,
        run.model,
        (len(fold.train), len(fold.dev), len(fold.test)),
        _cost(job, began, run.epoch_seconds),
        epochs=run.epochs,
        best_epoch=run.best_epoch,
        dev=dev_scores,
        test=test_scores,
        faithfulness=faithfulness,
    )
    card = replace(
        card_of(job, dataset),
        temperature=temperature,
        unsure_threshold=unsure_threshold(answers, fold.dev.labels, SURE_ACCURACY),
        standardisation={
            name: Standardisation(mean=tuple(map(float, one.mean)), std=tuple(map(float, one.std)))
            for name, one in run.standardisation.items()
        },
        figures={"dev": asdict(dev_scores), "test": asdict(test_scores), **_plain(faithfulness)},
    )
    return _result(record, run.model, card)


def run_joined(job: Job, data: JoinedData, corpora: Corpora, dev: Corpora, on_epoch: OnEpoch) -> RunResult:
    """Train on joined corpora, calibrate and measure on their dev items."""
    began = time.monotonic()
    settings = JoinedSettings(**job.protocol)  # type: ignore[arg-type]
    teachers = data.teachers(settings.teachers, corpora, dev)
    epochs: list[Epoch] = []
    seconds: list[float] = []

    def look(one: Look) -> None:
        together = one.scores["+".join(MODALITIES)]
        epochs.append(
            Epoch(
                epoch=len(epochs) + 1,
                learning_rate=one.learning_rate,
                train_loss=one.loss,
                dev_loss=together.loss,
                dev_accuracy=together.accuracy,
                dev_balanced_accuracy=together.balanced_accuracy,
            )
        )
        seconds.append(time.monotonic() - began - sum(seconds))
        on_epoch(epochs[-1])

    run = train_joined(job.cell.fusion, settings, job.seed, corpora, dev, teachers, look)
    trials = {name: SplitScores.of(one) for name, one in run.scores.items()}
    record = _record(
        job,
        data,
        run.model,
        (*(len(one.speech) + len(one.faces) + len(one.text) for one in (corpora, dev)), 0),
        _cost(job, began, tuple(seconds)),
        epochs=tuple(epochs),
        best_epoch=len(epochs),
        dev=trials["+".join(MODALITIES)],
        test=None,
        trials=trials,
        faithfulness=run.faithfulness,
    )
    card = replace(
        card_of(job, data),
        temperature=run.temperature,
        temperatures=dict(run.temperatures),
        unsure_threshold=run.threshold,
        figures={"dev": {name: asdict(one) for name, one in trials.items()}, **_plain(run.faithfulness)},
    )
    return _result(record, run.model, card)


def card_of(job: Job, dataset: Dataset) -> CheckpointCard:
    """What the checkpoint of a run says of its features and its origin."""
    features, here = dataset.features, job.cell.modalities
    return CheckpointCard(
        face_encoder=features.face_encoder if "video" in here else None,
        face_dim=features.face_dim if "video" in here else None,
        vectors=features.vectors if "text" in here else None,
        text_dim=features.text_dim if "text" in here else None,
        mfcc=dict(features.mfcc) if "audio" in here else {},
        labels=dataset.classes,
        training={
            "cell": {"name": job.cell.name, **job.cell.model},
            "protocol": dict(job.protocol),
            "data": {"name": dataset.name, "fingerprint": job.fingerprint, "fold": job.fold, "notes": [*dataset.notes]},
            "seed": job.seed,
            "run": job.key,
        },
    )


def _record(
    job: Job, dataset: Dataset, model: FusionModel, sizes: tuple[int, ...], cost: Cost, **measured: Any
) -> RunRecord:
    """What both kinds of run say alike of themselves, and what was measured. ``sizes`` of train, dev and test."""
    train, dev, test = sizes
    return RunRecord(
        key=job.key,
        cell=job.cell.name,
        fold=job.fold,
        seed=job.seed,
        data=RunData(fingerprint=job.fingerprint, classes=dataset.classes, train=train, dev=dev, test=test),
        parameters=sum(one.numel() for one in model.parameters()),
        cost=cost,
        versions=software_versions(),
        **measured,
    )


def _result(record: RunRecord, model: FusionModel, card: CheckpointCard) -> RunResult:
    weights, about = checkpoint_bytes(model, card)
    return RunResult(record=record.to_json(), weights=weights, card=about)


def _faithfulness(run: TrainedRun, protocol: Protocol, fold: Fold) -> dict[str, Faithfulness]:
    device = next(run.model.parameters()).device
    rows = spread_rows(len(fold.test))
    parts = (
        prepare(fold.test, rows[first : first + 25], run.model.config, protocol, run.standardisation, device)
        for first in range(0, len(rows), 25)
    )
    return measure_faithfulness(run.model, ((inputs, lengths) for inputs, lengths, _ in parts))


def _plain(found: Mapping[str, Faithfulness]) -> dict[str, object]:
    return {"faithfulness": {name: asdict(one) for name, one in found.items()}}


def _cost(job: Job, began: float, epoch_seconds: tuple[float, ...]) -> Cost:
    return Cost(
        device=job.device,
        device_name=device_name(job.device),
        seconds=time.monotonic() - began,
        epoch_seconds=epoch_seconds,
        peak_memory_bytes=peak_memory_bytes(),
    )
