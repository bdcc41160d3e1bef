"""The training protocol of the paper, for any cell of it.

Adam, cross-entropy, learning rate x 0.1 after ten epochs without a better validation loss, end after ten epochs
without a better validation accuracy (the paper's UWA); the weights with the best validation accuracy are tested.

Source: Rajan, Brutti, Cavallaro, ICASSP 2022, and their public code.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.corpora.utterances import Fold
from engine.metrics import Epoch
from engine.models.fusion import FusionConfig, FusionModel
from engine.training.batches import predict, prepare
from engine.training.progress import Progress, load_progress, save_progress
from engine.training.protocol import Protocol, shape
from engine.training.standardisation import Statistics, fit_statistics, install

TRAINER_VERSION = 1
"""Grows when the same job would give other weights."""

_SAVE_EVERY_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedRun:
    """A trained model.

    Attributes
    ----------
    model : with the weights of the best epoch, on the device, in evaluation mode.
    epochs, best_epoch : the course of the training; epochs count from 1.
    epoch_seconds : duration of the epochs that this process trained.
    standardisation : statistics that the paper preset's inputs were standardised with; empty for none, and for the
        temporal preset, which carries them among its weights.
    """

    model: FusionModel
    epochs: tuple[Epoch, ...]
    best_epoch: int
    epoch_seconds: tuple[float, ...]
    standardisation: Mapping[str, Statistics]


def train(
    config: FusionConfig,
    protocol: Protocol,
    fold: Fold,
    *,
    seed: int,
    device: str = "cpu",
    progress: Path | None = None,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> TrainedRun:
    """Train one model on one fold. The same arguments give the same bits on one machine, on any number of cores.

    Parameters
    ----------
    config : shape of the model; its dropouts are those of the protocol.
    progress : file that keeps the state after an epoch, so that a run which was killed goes on from there, to the
        same result; removed by the caller.
    on_epoch : is told every epoch when it ends, also those that were read from ``progress``.
    """
    return _Training(config, protocol, fold, seed, device, progress).run(on_epoch)


class _Training:
    def __init__(
        self, config: FusionConfig, protocol: Protocol, fold: Fold, seed: int, device: str, progress: Path | None
    ) -> None:
        self.protocol, self.fold, self.seed = protocol, fold, seed
        self.device = torch.device(device)
        self.path = progress
        torch.manual_seed(seed)
        self.model = FusionModel(shape(config, protocol))
        self.statistics: dict[str, Statistics] = {}
        if protocol.standardise:
            found = fit_statistics(fold.train, config.modalities)
            self.statistics = install(self.model, found)
        self.model.to(self.device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=protocol.learning_rate, fused=True)
        self.schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self.optimizer, mode="min", patience=protocol.rate_patience, factor=protocol.rate_factor
        )
        self.state = Progress(best=_copy(self.model))

    def run(self, on_epoch: Callable[[Epoch], None]) -> TrainedRun:
        key = repr((TRAINER_VERSION, self.model.config, asdict(self.protocol), self.seed, len(self.fold.train)))
        if self.path is not None:
            load_progress(self.path, key, self.state, self.model, self.optimizer, self.schedule)
        for one in self.state.epochs:
            on_epoch(Epoch(**one))  # type: ignore[arg-type]
        seconds, saved = [], time.monotonic()
        while not self._finished():
            began = time.monotonic()
            on_epoch(self._epoch(len(self.state.epochs) + 1))
            seconds.append(time.monotonic() - began)
            if self.path is not None and (time.monotonic() - saved > _SAVE_EVERY_S or self._finished()):
                save_progress(self.path, key, self.state, self.model, self.optimizer, self.schedule)
                saved = time.monotonic()
        self.model.load_state_dict(self.state.best)
        return TrainedRun(
            model=self.model.eval(),
            epochs=tuple(Epoch(**one) for one in self.state.epochs),  # type: ignore[arg-type]
            best_epoch=self.state.best_epoch,
            epoch_seconds=tuple(seconds),
            standardisation=self.statistics,
        )

    def _finished(self) -> bool:
        done = len(self.state.epochs)
        stopped = done > 0 and done - self.state.best_epoch >= self.protocol.stop_patience
        return stopped or done >= self.protocol.max_epochs

    def _epoch(self, number: int) -> Epoch:
        rate = float(self.optimizer.param_groups[0]["lr"])
        train_loss = self._fit(number)
        logits = predict(self.model, self.fold.dev, self.protocol, self.statistics)
        labels = torch.tensor(self.fold.dev.labels)
        dev_loss = float(F.cross_entropy(torch.from_numpy(logits), labels))
        right = logits.argmax(axis=1) == self.fold.dev.labels
        one = Epoch(
            epoch=number,
            learning_rate=rate,
            train_loss=train_loss,
            dev_loss=dev_loss,
            dev_accuracy=float(right.mean()),
            dev_balanced_accuracy=_mean_recall(right, self.fold.dev.labels),
        )
        self.schedule.step(dev_loss)
        best = self.state.epochs[self.state.best_epoch - 1]["dev_accuracy"] if self.state.epochs else -1.0
        # Of NaN the first class would be the answer, which may be right often enough to look best.
        if one.dev_accuracy > best and (math.isfinite(dev_loss) or not self.state.epochs):
            self.state.best, self.state.best_epoch = _copy(self.model), number
        self.state.epochs.append(asdict(one))
        return one

    def _fit(self, number: int) -> float:
        """One pass over the training utterances in an order of its own; mean loss."""
        # Every epoch has its own seed, so a run that goes on from one needs no state of the generators.
        torch.manual_seed(_mix(self.seed, number))
        order = np.random.default_rng([self.seed, number]).permutation(len(self.fold.train))
        self.model.train()
        total = torch.zeros((), dtype=torch.float64, device=self.device)
        for first in range(0, len(order), self.protocol.batch):
            rows = np.sort(order[first : first + self.protocol.batch])  # files are read forwards
            inputs, lengths, labels = prepare(
                self.fold.train, rows, self.model.config, self.protocol, self.statistics, self.device
            )
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(**inputs, lengths=lengths, maps=False).logits, labels)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            total += loss.detach() * len(rows)  # read once at the end: each reading would wait for the device
        return float(total) / len(order)


def _mean_recall(right: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean([right[labels == k].mean() for k in np.unique(labels)]))


def _copy(model: FusionModel) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _mix(seed: int, epoch: int) -> int:
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1, np.uint64)[0] >> 1)
