"""Training of the tri-modal self-attention model in the published way, to measure against."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from engine.config import MODALITIES
from engine.corpora.utterances import Fold

DIMS = {"audio": 120, "video": 2048, "text": 300}
STEPS = {"audio": (1000, 500), "video": (32, 25), "text": (128, 128)}
CLASSES = 7
BATCH = 32

Work = Callable[[], object]


class Published(nn.Module):
    """The tri-modal self-attention model as it was published, from PyTorch's own parts."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.ModuleDict({name: nn.Conv1d(*STEPS[name], 1) for name in ("audio", "video")})
        self.gru = nn.ModuleDict(
            {name: nn.GRU(dim, 60, bidirectional=True, batch_first=True) for name, dim in DIMS.items()}
        )
        self.attention = nn.ModuleDict({name: nn.MultiheadAttention(120, 6, dropout=0.1) for name in DIMS})
        self.pooled = nn.Linear(240, 60)
        self.classifier = nn.Linear(60, CLASSES)

    def convolve(self, name: str, x: Tensor) -> Tensor:
        convolved: Tensor = self.conv[name](x) if name in self.conv else F.dropout(x, 0.25, self.training)
        return convolved

    def attend(self, name: str, h: Tensor) -> Tensor:
        h = h.transpose(0, 1)
        mean: Tensor = self.attention[name](h, h, h)[0].mean(dim=0)
        return mean

    def forward(self, **inputs: Tensor) -> Tensor:
        vectors = [self.attend(name, self.gru[name](self.convolve(name, x))[0]) for name, x in inputs.items()]
        std, mean = torch.std_mean(torch.stack(vectors, dim=1), dim=1)
        logits: Tensor = self.classifier(self.pooled(torch.cat([std, mean], dim=1)))
        return logits


class PublishedWay:
    """Training as it was published."""

    def __init__(self, fold: Fold, device: str) -> None:
        torch.manual_seed(0)
        self.device = device
        self.model = Published().double().to(device)
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
            loss = F.cross_entropy(self.model(**inputs), labels)
            loss.backward()
            self.optimizer.step()
            loss.item()
        self.evaluate()

    @torch.no_grad()
    def evaluate(self) -> None:
        self.model.eval()
        for split in ("dev", "test"):
            for inputs, labels in self.prepared(split):
                F.cross_entropy(self.model(**inputs), labels).item()

    def parts(self) -> dict[str, Work]:
        inputs, _ = next(self.prepared("train"))
        self.model.train()
        convolved = {name: self.model.convolve(name, x).detach() for name, x in inputs.items()}
        hidden = {name: self.model.gru[name](x)[0].detach() for name, x in convolved.items()}
        learned = {name: x.requires_grad_(name != "text") for name, x in convolved.items()}
        model = self.model
        return {
            "convolutions": lambda: [there_and_back(model.convolve(name, x)) for name, x in inputs.items()],
            "GRUs": lambda: [there_and_back(model.gru[name](x)[0]) for name, x in learned.items()],
            "attention": lambda: [there_and_back(model.attend(name, h.requires_grad_())) for name, h in hidden.items()],
            "optimizer": self.optimizer.step,
            "data": lambda: next(self.prepared("train")),
        }


def there_and_back(x: Tensor) -> None:
    """Gradients of a sum."""
    if x.requires_grad:
        x.sum().backward()
