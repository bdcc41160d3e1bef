"""Training of the tri-modal self-attention model in the published way, to measure against."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from engine.bench.published import PublishedModel
from engine.config import MODALITIES
from engine.corpora.utterances import Fold

BATCH = 32

Work = Callable[[], object]


class PublishedWay:
    """Training as it was published."""

    def __init__(self, fold: Fold, device: str) -> None:
        torch.manual_seed(0)
        self.device = device
        self.model = PublishedModel("self").double().to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.loaders = {name: self._loader(fold, name) for name in ("train", "dev", "test")}

    def _loader(self, fold: Fold, split: str) -> DataLoader[tuple[Tensor, ...]]:
        utterances = getattr(fold, split)
        batch = utterances.batch(np.arange(len(utterances)), MODALITIES, full=True)
        tensors = [torch.from_numpy(batch.inputs[name]).to(self.device) for name in MODALITIES]
        labels = torch.from_numpy(batch.labels).to(self.device)
        return DataLoader(TensorDataset(*tensors, labels), batch_size=BATCH, shuffle=split == "train")

    def prepared(self, split: str) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
        for *inputs, labels in self.loaders[split]:
            yield {name: x.double() for name, x in zip(MODALITIES, inputs, strict=True)}, labels

    def epoch(self) -> None:
        self.model.train()
        for inputs, labels in self.prepared("train"):
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(**inputs)[0], labels)
            loss.backward()
            self.optimizer.step()
            loss.item()
        self.evaluate()

    @torch.no_grad()
    def evaluate(self) -> None:
        self.model.eval()
        for split in ("dev", "test"):
            for inputs, labels in self.prepared(split):
                F.cross_entropy(self.model(**inputs)[0], labels).item()

    def parts(self) -> dict[str, Work]:
        inputs, _ = next(self.prepared("train"))
        self.model.train()
        convolved = {name: self.model.convolve(name, x).detach() for name, x in inputs.items()}
        hidden = {name: self.model.gru[name](x)[0].detach().transpose(0, 1) for name, x in convolved.items()}
        learned = {name: x.requires_grad_(name != "text") for name, x in convolved.items()}
        model = self.model
        return {
            "convolutions": lambda: [there_and_back(model.convolve(name, x)) for name, x in inputs.items()],
            "GRUs": lambda: [there_and_back(model.gru[name](x)[0]) for name, x in learned.items()],
            "attention": lambda: [
                there_and_back(model.attend(name, {name: h.requires_grad_()})[0]) for name, h in hidden.items()
            ],
            "optimizer": self.optimizer.step,
            "data": lambda: next(self.prepared("train")),
        }


def there_and_back(x: Tensor) -> None:
    """Gradients of a sum."""
    if x.requires_grad:
        x.sum().backward()
