"""One way to fit every model here: AdamW, one cycle of the learning rate, averaged weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

ModelT = TypeVar("ModelT", bound=nn.Module)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitConfig:
    """Settings of a fit.

    Attributes
    ----------
    steps : optimiser steps in all.
    learning_rate : peak of the one-cycle schedule (Smith and Topin, 2019).
    warm_share : share of the steps on which the learning rate rises.
    weight_decay : of AdamW (Loshchilov and Hutter, ICLR 2019).
    average_decay : decay of the exponential moving average of the weights, which is what is kept.
    clip : largest norm of the gradient.
    """

    steps: int
    learning_rate: float
    weight_decay: float
    average_decay: float
    warm_share: float = 0.2
    clip: float = 1.0


class Fit(Generic[ModelT]):
    """A model under training and its averaged twin."""

    def __init__(self, model: ModelT, config: FitConfig) -> None:
        self.model = model
        self._clip = config.clip
        average = get_ema_multi_avg_fn(config.average_decay)  # type: ignore[no-untyped-call]
        self._average = AveragedModel(model, multi_avg_fn=average, use_buffers=True)
        self._optimizer = torch.optim.AdamW(
            model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, config.learning_rate, total_steps=config.steps, pct_start=config.warm_share
        )

    @property
    def averaged(self) -> ModelT:
        """The model with averaged weights."""
        return cast(ModelT, self._average.module)

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(self._optimizer.param_groups[0]["lr"])

    def step(self, loss: Tensor) -> float:
        """Take one optimiser step; returns the loss."""
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(cast(Iterable[Tensor], self.model.parameters()), self._clip)
        self._optimizer.step()
        self._schedule.step()
        self._average.update_parameters(self.model)
        return float(loss.detach())
