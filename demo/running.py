"""What the window must know of the models that run, read off the predictor and its model cards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.config import EMOTIONS, Fusion, Modality

if TYPE_CHECKING:
    from engine.models.predictor import Predictor


EVERY_MODALITY: tuple[Modality, ...] = ("audio", "video", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """Whether an attention block matters to the answer, as its model card measured it on ``n`` utterances.

    Attributes
    ----------
    gain : how much more the probability of the answer falls when the most attended positions are hidden than when
        random ones are, mean over how many of them; ``interval`` is its 95 % interval.
    insertion_gain : how much more it rises when only the most attended are shown; None where not measured.
    fractions, deletion, deletion_random : [k] the curves, probability over the share that is hidden; may be empty.
    """

    gain: float
    interval: tuple[float, float]
    n: int
    insertion_gain: float | None = None
    fractions: tuple[float, ...] = ()
    deletion: tuple[float, ...] = ()
    deletion_random: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Which models run.

    Attributes
    ----------
    labels : their classes, in the order of all probabilities.
    uses : per fusion the modalities that its model uses; empty before the models are there.
    faithfulness : per fusion what was measured, by (target, source); what is missing was not measured.
    """

    labels: tuple[str, ...] = EMOTIONS
    uses: Mapping[Fusion, tuple[Modality, ...]] = field(default_factory=dict)
    faithfulness: Mapping[Fusion, Mapping[tuple[str, str], Faithfulness]] = field(default_factory=dict)

    @property
    def used(self) -> tuple[Modality, ...]:
        """The modalities that any of them uses; all while that is not known."""
        every = {name for one in self.uses.values() for name in one}
        return tuple(name for name in EVERY_MODALITY if name in every or not self.uses)


def running_of(predictor: Predictor) -> Running:
    """Classes, modalities and measured faithfulness of the models."""
    models = predictor.info.get("models")
    cards = models if isinstance(models, Mapping) else {}
    return Running(
        labels=predictor.labels,
        uses=dict(predictor.uses),
        faithfulness={fusion: _blocks(_entry(cards.get(fusion), "faithfulness")) for fusion in predictor.fusions},
    )


def _blocks(figures: object) -> dict[tuple[str, str], Faithfulness]:
    """What was measured, by target and source; what is not as expected counts as not measured."""
    found = {}
    for name, one in figures.items() if isinstance(figures, Mapping) else ():
        target, between, source = str(name).partition("_from_")
        measured = _faithfulness(one)
        if between and measured is not None:
            found[target, source] = measured
    return found


def _faithfulness(one: object) -> Faithfulness | None:
    gain, interval, n = _entry(one, "deletion_gain"), _numbers(_entry(one, "deletion_gain_ci")), _entry(one, "n")
    if not _is_number(gain) or len(interval) != 2 or not isinstance(n, int):
        return None
    curves = [_numbers(_entry(one, name)) for name in ("fractions", "deletion", "deletion_random")]
    drawn = len(curves[0]) > 1 and len({len(curve) for curve in curves}) == 1
    insertion = _entry(one, "insertion_gain")
    return Faithfulness(
        gain=float(gain),  # type: ignore[arg-type]
        interval=(interval[0], interval[1]),
        n=n,
        insertion_gain=float(insertion) if _is_number(insertion) else None,  # type: ignore[arg-type]
        fractions=curves[0] if drawn else (),
        deletion=curves[1] if drawn else (),
        deletion_random=curves[2] if drawn else (),
    )


def _entry(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def _numbers(values: object) -> tuple[float, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not all(map(_is_number, values)):
        return ()
    return tuple(float(one) for one in values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
