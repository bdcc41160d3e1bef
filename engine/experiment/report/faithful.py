"""Whether attention maps mean something: deletion and insertion curves over the runs of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.experiment.report.results import CellResults
from engine.experiment.report.wording import count, listing
from engine.experiment.statistics import Interval, mean_interval
from engine.metrics import Faithfulness

CurveName = Literal["deletion", "deletion_random", "insertion", "insertion_random"]
CURVES: tuple[CurveName, ...] = ("deletion", "deletion_random", "insertion", "insertion_random")
SMALL_GAIN = 0.01
"""Below one point of probability a gain is called small, however sure it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFaithfulness:
    """One attention block of a cell, over its runs.

    Attributes
    ----------
    block : "target_from_source".
    runs : how many runs measured it.
    fractions : shares of the positions that are hidden or shown.
    curves : per curve, at each fraction, mean and 95 % interval over runs.
    deletion, insertion : gain with its 95 % interval; over runs, or of a single run over its utterances.
    """

    block: str
    runs: int
    fractions: tuple[float, ...]
    curves: dict[CurveName, tuple[Interval, ...]]
    deletion: Interval
    insertion: Interval

    @property
    def target(self) -> str:
        """The modality that asks."""
        return self.block.partition("_from_")[0]

    @property
    def source(self) -> str:
        """The modality that is looked at."""
        return self.block.partition("_from_")[2]

    @property
    def title(self) -> str:
        """What looks at what, in words."""
        return f"{self.target} at itself" if self.target == self.source else f"{self.target} at {self.source}"

    @property
    def kind(self) -> Literal["yes", "small", "partly", "no", "misleads"]:
        """What the gains say of the map."""
        low, high = (self.deletion.low, self.insertion.low), (self.deletion.high, self.insertion.high)
        if min(low) > 0:
            small = min(self.deletion.mean, self.insertion.mean) < SMALL_GAIN
            return "small" if small else "yes"
        if min(high) < 0:
            return "misleads"
        return "partly" if max(low) > 0 else "no"

    @property
    def weight(self) -> float:
        """How much probability the answer loses when all that the block looks at is hidden."""
        return self.curves["deletion"][0].mean - self.curves["deletion"][-1].mean

    @property
    def reading(self) -> str:
        """A sentence that says whether the map means something."""
        works, other = ("hiding", "showing") if self.deletion.low > 0 else ("showing", "hiding")
        return {
            "yes": "Means something. Attended positions count for more than random ones.",
            "small": "Means little. Attended positions count for hardly more than random ones.",
            "partly": f"Means something in part. Attended positions count more by {works} them, not by {other} them.",
            "no": "Not shown to mean anything. Attended positions count for no more than random ones.",
            "misleads": "Misleads. Attended positions count for less than random ones.",
        }[self.kind]


def block_faithfulness(cell: CellResults) -> tuple[BlockFaithfulness, ...]:
    """Every block that a run of this cell has measured, in the order of the records.

    Runs measured at other fractions than the first one are left out of a block; ``runs`` says how many are in it.
    """
    names = dict.fromkeys(name for run in cell.runs for name in run.faithfulness)
    return tuple(
        _block(name, [run.faithfulness[name] for run in cell.runs if name in run.faithfulness])
        for name in sorted(names, key=_order)
    )


def conclusion(blocks: Sequence[BlockFaithfulness]) -> str:
    """How many blocks have maps that mean something, in words."""
    if not blocks:
        return "No run has measured the faithfulness of its attention."
    kinds = [one.kind for one in blocks]
    counts = {
        "mean something": kinds.count("yes"),
        "mean little or something in part": kinds.count("small") + kinds.count("partly"),
        "are not shown to mean anything": kinds.count("no"),
        "mislead": kinds.count("misleads"),
    }
    parts = [f"{n} {words}" for words, n in counts.items() if n]
    return f"Of the maps of {count(len(blocks), 'attention block')}, {listing(parts)}."


def _order(name: str) -> tuple[int, int, str]:
    modalities = ("audio", "video", "text")
    target, _, source = name.partition("_from_")
    places = [modalities.index(one) if one in modalities else len(modalities) for one in (target, source)]
    return (int(target != source) * 10 + places[0], places[1], name)


def _block(name: str, found: Sequence[Faithfulness]) -> BlockFaithfulness:
    used = [one for one in found if one.fractions == found[0].fractions]
    only = used[0] if len(used) == 1 else None
    return BlockFaithfulness(
        block=name,
        runs=len(used),
        fractions=used[0].fractions,
        curves={curve: _bands([getattr(one, curve) for one in used]) for curve in CURVES},
        deletion=_gain([one.deletion_gain for one in used], only.deletion_gain_ci if only else None),
        insertion=_gain([one.insertion_gain for one in used], only.insertion_gain_ci if only else None),
    )


def _bands(curves: Sequence[tuple[float, ...]]) -> tuple[Interval, ...]:
    columns = np.array(curves, dtype=np.float64).T
    return tuple(_gain(column.tolist(), None) for column in columns)


def _gain(values: Sequence[float], own: tuple[float, float] | None) -> Interval:
    """Mean with an interval over runs; of a single run its own interval, or no width where it has none."""
    found = mean_interval(values)
    if found is not None:
        return found
    low, high = own or (values[0], values[0])
    return Interval(n=1, mean=values[0], low=low, high=high)
