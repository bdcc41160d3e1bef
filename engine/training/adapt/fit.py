"""One correction of a model: from the parent's weights, epoch by epoch."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.corpora.utterances import IntArray, UtteranceBatch, UtteranceSet
from engine.models.card import CheckpointCard
from engine.models.fusion import FusionModel
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.adapt.variation import vary

_CLIP = 1.0
_EVALUATION_BATCH = 64
_HEAD = ("concat_linear", "classifier")
"""The last two layers of a fusion model."""


@dataclass(frozen=True, slots=True)
class Parent:
    """What a correction begins with; is not changed.

    Attributes
    ----------
    model, card : of its checkpoint.
    """

    model: FusionModel
    card: CheckpointCard

    @property
    def masked(self) -> bool:
        """Whether the model knows padding and absent modalities; the paper preset does not."""
        return self.model.config.preset == "temporal"

    def tensors(self, batch: UtteranceBatch) -> tuple[dict[str, Tensor], dict[str, Tensor] | None, Tensor]:
        """Inputs and lengths as the model takes them, and the temperature of each item, [b, 1]."""
        inputs = {}
        for name, x in batch.inputs.items():
            if name in self.card.standardisation:
                one, steps = self.card.standardisation[name], np.arange(x.shape[1])
                here = (steps < batch.lengths[name][:, None])[:, :, None]
                x = np.where(here, (x - np.array(one.mean)) / np.array(one.std), 0).astype(np.float32)
            inputs[name] = torch.from_numpy(x)
        lengths = {name: torch.from_numpy(one) for name, one in batch.lengths.items()}
        temperatures = [
            self.card.temperature_of(name for name in lengths if batch.lengths[name][row])
            for row in range(len(batch.labels))
        ]
        return inputs, lengths if self.masked else None, torch.tensor(temperatures, dtype=torch.float32)[:, None]


class Learner:
    """Corrects a copy of a model on some items. The same arguments give the same bits on one machine.

    What is learned are the calibrated answers: logits are divided by the parent's temperatures, as they are in use.

    Parameters
    ----------
    parent : where it begins.
    recipe : how it learns.
    utterances : the items.
    rows : those of them that are learned from, [n].
    labels : of all items, in the order of the parent's logits.
    """

    def __init__(
        self,
        parent: Parent,
        recipe: AdaptationRecipe,
        utterances: UtteranceSet,
        rows: IntArray,
        labels: IntArray,
    ) -> None:
        self.model = copy.deepcopy(parent.model)
        parent.model.eval()
        self._parent = parent
        self._recipe = recipe
        self._utterances = utterances
        self._rows = rows
        self._labels = labels
        learning = [(name, one) for name, one in self.model.named_parameters() if _learns(name, recipe)]
        self._start = [(one, one.detach().clone()) for _, one in learning]
        self._optimizer = torch.optim.Adam([one for _, one in learning], lr=recipe.learning_rate)

    def epochs(self) -> Iterator[FusionModel]:
        """The model after each epoch; it is changed in place by the next."""
        for number in range(1, self._recipe.epochs + 1):
            # Every epoch has its own seed, so the number of epochs before it is all that decides.
            torch.manual_seed(_mix(self._recipe.seed, number))
            rng = np.random.default_rng([self._recipe.seed, number])
            order = rng.permutation(self._rows)
            self.model.train()
            for first in range(0, len(order), self._recipe.batch):
                self._step(np.sort(order[first : first + self._recipe.batch]), rng)
            yield self.model.eval()

    def _step(self, rows: IntArray, rng: np.random.Generator) -> None:
        config = self.model.config
        batch = self._utterances.batch(rows, config.modalities, full=not self._parent.masked)
        if (
            self._parent.masked
        ):  # the paper preset knows no absent modality, and every position of it mixes the whole window
            batch = vary(batch, self._recipe, rng)
        inputs, lengths, temperature = self._parent.tensors(batch)
        target = F.one_hot(torch.from_numpy(self._labels[rows]), config.classes).float()
        if self._recipe.parent_share:
            with torch.no_grad():
                own = (self._parent.model(**inputs, lengths=lengths, maps=False).logits / temperature).softmax(dim=1)
            target = (1 - self._recipe.parent_share) * target + self._recipe.parent_share * own
        self._optimizer.zero_grad()
        loss = F.cross_entropy(self.model(**inputs, lengths=lengths, maps=False).logits / temperature, target)
        if self._recipe.towards_start:
            away = [(one - start).square().sum() for one, start in self._start]
            loss = loss + self._recipe.towards_start / 2 * torch.stack(away).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([one for one, _ in self._start], _CLIP)
        self._optimizer.step()


def _learns(name: str, recipe: AdaptationRecipe) -> bool:
    return not recipe.head_only or name.split(".")[0] in _HEAD


@torch.no_grad()
def calibrated_logits(model: FusionModel, parent: Parent, utterances: UtteranceSet, rows: IntArray) -> np.ndarray:
    """Logits of some items as a whole, in their order, divided by the parent's temperatures. [n, classes] f32."""
    model.eval()
    found = []
    for first in range(0, len(rows), _EVALUATION_BATCH):
        batch = utterances.batch(
            rows[first : first + _EVALUATION_BATCH], model.config.modalities, full=not parent.masked
        )
        inputs, lengths, temperature = parent.tensors(batch)
        found.append(model(**inputs, lengths=lengths, maps=False).logits / temperature)
    if not found:
        return np.zeros((0, model.config.classes), np.float32)
    return np.asarray(torch.cat(found).numpy())


def _mix(seed: int, epoch: int) -> int:
    return int(cast(np.uint64, np.random.SeedSequence([seed, epoch]).generate_state(1, np.uint64)[0]) >> np.uint64(1))
