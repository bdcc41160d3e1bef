"""The training protocol of the paper, for any cell of it.

Adam, cross-entropy, learning rate x 0.1 after ten epochs without a better validation loss, end after ten epochs
without a better validation accuracy (the paper's UWA); the weights with the best validation accuracy are tested.

Source: Rajan, Brutti, Cavallaro, ICASSP 2022, and their public code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.corpora.utterances import Fold, UtteranceBatch, UtteranceSet
from engine.models.fusion import FusionConfig, FusionModel, Preset
from engine.training.progress import Progress, load_progress, save_progress
from engine.training.standardisation import Statistics, fit_statistics, install

TRAINER_VERSION = 1
"""Grows when the same job would give other weights."""

_EVALUATION_BATCH = 64
_SAVE_EVERY_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How a model is trained.

    Attributes
    ----------
    learning_rate, batch : of Adam.
    rate_patience, rate_factor : after more than this many epochs without a better validation loss (PyTorch's
        ``ReduceLROnPlateau``), the learning rate is multiplied by the factor.
    stop_patience : training ends after this many epochs without a better validation accuracy.
    max_epochs : training ends at the latest after so many.
    standardise : features are standardised with the statistics of the training utterances. The authors compute a
        scaler and discard its result.
    masks : padding is masked. The authors do not; the paper preset cannot, since its positions are mixtures of the
        whole window.
    audio_dropout, video_dropout, text_dropout : dropout on the features of each modality.
    head_dropout : dropout before the classifier; the paper preset has none.
    """

    learning_rate: float = 1e-3
    batch: int = 32
    rate_patience: int = 10
    rate_factor: float = 0.1
    stop_patience: int = 10
    max_epochs: int = 1000
    standardise: bool
    masks: bool
    audio_dropout: float
    video_dropout: float
    text_dropout: float = 0.25
    head_dropout: float

    @classmethod
    def of(cls, preset: Preset, **changes: object) -> Protocol:
        """The protocol of a preset, with changes: the authors' quirks for "paper", sound choices for "temporal".

        Raises
        ------
        ValueError
            When the preset cannot be trained like this.

        Examples
        --------
        >>> Protocol.of("paper").standardise, Protocol.of("temporal", batch=64).batch
        (False, 64)
        """
        paper = preset == "paper"
        defaults: dict[str, object] = {
            "standardise": not paper,
            "masks": not paper,
            "audio_dropout": 0.0 if paper else 0.1,
            "video_dropout": 0.0 if paper else 0.1,
            "head_dropout": 0.0 if paper else 0.3,
        }
        unknown = changes.keys() - {one.name for one in fields(cls)}
        if unknown:
            raise ValueError(f"the protocol has no setting {', '.join(sorted(unknown))}")
        protocol = cls(**(defaults | changes))  # type: ignore[arg-type]
        if paper and protocol.masks:
            raise ValueError("the paper preset has no masks: its positions are mixtures of the whole window")
        if paper and protocol.head_dropout:
            raise ValueError("the paper preset has no dropout before its classifier")
        return protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What one epoch came to; losses are mean cross-entropies in nats."""

    epoch: int
    learning_rate: float
    train_loss: float
    dev_loss: float
    dev_accuracy: float
    dev_balanced_accuracy: float


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
        if not self.state.epochs or one.dev_accuracy > self.state.epochs[self.state.best_epoch - 1]["dev_accuracy"]:
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


def shape(config: FusionConfig, protocol: Protocol) -> FusionConfig:
    """The shape of a model with the dropouts of a protocol."""
    dropout = {"audio": protocol.audio_dropout, "video": protocol.video_dropout, "text": protocol.text_dropout}
    return replace(
        config,
        input_dropout={name: dropout[name] for name in config.modalities},
        head_dropout=protocol.head_dropout,
    )


@torch.no_grad()
def predict(
    model: FusionModel, utterances: UtteranceSet, protocol: Protocol, statistics: Mapping[str, Statistics]
) -> np.ndarray:
    """Logits of all utterances, in their order. [n, classes] f32."""
    model.eval()
    device = next(model.parameters()).device
    parts = [
        model(**inputs, lengths=lengths, maps=False).logits
        for inputs, lengths, _ in batches(utterances, model.config, protocol, statistics, device)
    ]
    return np.asarray(torch.cat(parts).float().cpu().numpy())


Prepared = tuple[dict[str, Tensor], dict[str, Tensor] | None, Tensor]
"""Inputs and lengths per modality, and labels, of a batch on the device."""


def batches(
    utterances: UtteranceSet,
    config: FusionConfig,
    protocol: Protocol,
    statistics: Mapping[str, Statistics],
    device: torch.device,
) -> Iterator[Prepared]:
    """All utterances in their order, in batches for evaluation."""
    for first in range(0, len(utterances), _EVALUATION_BATCH):
        rows = np.arange(first, min(first + _EVALUATION_BATCH, len(utterances)))
        yield prepare(utterances, rows, config, protocol, statistics, device)


def prepare(
    utterances: UtteranceSet,
    rows: np.ndarray,
    config: FusionConfig,
    protocol: Protocol,
    statistics: Mapping[str, Statistics],
    device: torch.device,
) -> Prepared:
    """Some utterances as the model takes them: standardised if so wished, without lengths where nothing is masked."""
    batch = utterances.batch(rows, config.modalities, full=not protocol.masks)
    inputs = {str(name): _tensor(_standardised(name, batch, statistics), device) for name in config.modalities}
    lengths = {name: torch.from_numpy(batch.lengths[name]) for name in inputs} if protocol.masks else None
    return inputs, lengths, _tensor(batch.labels, device)


def _standardised(name: str, batch: UtteranceBatch, statistics: Mapping[str, Statistics]) -> np.ndarray:
    """Features of the paper preset, standardised where they hold data; padding stays zero."""
    x = batch.inputs[name]
    if name not in statistics:
        return x
    one, steps = statistics[name], np.arange(x.shape[1])
    return np.where((steps < batch.lengths[name][:, None])[:, :, None], (x - one.mean) / one.std, 0).astype(np.float32)


def _tensor(values: np.ndarray, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.require(values, requirements="W"))  # labels of a set are read-only
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def _mean_recall(right: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean([right[labels == k].mean() for k in np.unique(labels)]))


def _copy(model: FusionModel) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _mix(seed: int, epoch: int) -> int:
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1, np.uint64)[0] >> 1)
