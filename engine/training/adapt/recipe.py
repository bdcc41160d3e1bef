"""How a model is corrected on a few items."""

from __future__ import annotations

from dataclasses import dataclass

from engine.training.limits import check_limits

_LIMITS = {
    "epochs": (1, 1000),
    "batch": (1, 10**4),
    "learning_rate": (1e-9, 1.0),
    "towards_start": (0, 1e4),
    "parent_share": (0, 0.99),
    "cut": (0, 1),
    "leave_out": (0, 1),
    "parts": (2, 20),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptationRecipe:
    """Settings of a correction.

    Attributes
    ----------
    epochs : passes over the items, at most; how many it becomes is chosen on held-out items.
    batch, learning_rate : of Adam.
    towards_start : strength of the pull of every weight to where it began (L2-SP: Li, Grandvalet, Davoine, "Explicit
        inductive bias for transfer learning with convolutional networks", ICML 2018).
    parent_share : share of the parent's own answer in the target; it keeps what the items do not speak of.
    cut : probability that a window ends, or begins, within the item, as live windows do.
    leave_out : probability that a window lacks some of the item's modalities.
    head_only : only the last two layers learn.
    parts : of the cross-validation.
    seed : fixes every random choice.
    """

    epochs: int = 20
    batch: int = 16
    learning_rate: float = 1e-3
    towards_start: float = 0.0
    parent_share: float = 0.1
    cut: float = 0.5
    leave_out: float = 0.5
    head_only: bool = False
    parts: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)
