"""What a correction came to: the JSON report, the cards of the checkpoints, and the model cards to read."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

from engine.config import Fusion
from engine.metrics import Scores
from engine.models.card import CheckpointCard
from engine.models.stored import Stored
from engine.training.adapt.comparison import MEASURES, Comparison
from engine.training.adapt.run import CorrectedModel, Correction

FORMAT, VERSION = "attune correction", 1

MEASURE_NAMES = {
    "accuracy": "accuracy (paper: UWA)",
    "balanced_accuracy": "balanced accuracy (paper: WA)",
    "macro_f1": "macro-F1",
    "loss": "log-loss",
    "ece": "calibration error",
}
"""What figures are called where a user reads them."""

_LEAST, _MOST = 1e-3, 1e3
"""Temperatures that a card may hold."""

_CARD = """# Model card: {name}, corrected

{kind}-attention, {preset} preset: the model `{name}` of {origin} (SHA-256 of its weights `{checksum}`), corrected on
{items} labelled items of `{manifest}` ({labels}). **It fits the person and the place that these items show**, and is
not meant for others: what it makes of them was not measured.

{verdict}

## Before and after

On items that the judged model did not learn from ({parts}). In brackets the middle 95 % of 1000 bootstrap draws of the
items; what was recorded together is alike, so the true intervals are wider.

{table}
{mended} items became right, {spoiled} became wrong.

{notes}
## Recipe

All weights begin with those of the parent. Adam, rate {rate:g}, {epochs} of at most {most} epochs, batches of {batch},
windows cut and modalities left out at random; {share:.0%} of the target is the parent's own answer{pull}. How long it
learns and one factor for all temperatures ({factor:.2f}) are chosen on held-out items; for the figures above, on those
of other parts.

```
attune train fusion --from PARENT --manifest {manifest} --out DIR
```

## Data and terms

The labels are those of whoever labelled the items, and the recordings are personal data: so may be what the weights
have kept of them. The terms of the parent hold on:

{sources}
"""


def report_json(correction: Correction) -> dict[str, object]:
    """Everything that was measured, as values that JSON can hold."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "recommended": correction.better,
        "manifest": correction.manifest,
        "items": correction.items,
        "labels": dict(correction.counts),
        "recordings": correction.recordings,
        "speakers": correction.speakers,
        "modalities": list(correction.modalities),
        "recipe": asdict(correction.recipe),
        "parts": [int(part) for part in correction.parts.of],
        "notes": list(correction.notes),
        "together": comparison_json(correction.together),
        "models": {
            fusion: comparison_json(one.comparison)
            | {
                "parent_sha256": one.parent.checksum,
                "epochs": one.held_out.epochs,
                "temperature_factor": one.held_out.factor,
                "course": [float(value) for value in one.held_out.course],
            }
            for fusion, one in correction.models.items()
        },
    }


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """A comparison as JSON values."""
    measures = {
        name: {
            "before": one.before,
            "after": one.after,
            "difference": one.difference,
        }
        | (
            {
                "before_ci": list(one.before_ci),
                "after_ci": list(one.after_ci),
                "difference_ci": list(one.difference_ci),
            }
            if one.intervals
            else {}
        )
        for name, one in comparison.measures.items()
    }
    return {
        "n": comparison.before.n,
        "better": comparison.better,
        "mended": comparison.mended,
        "spoiled": comparison.spoiled,
        "measures": measures,
        "recall": {"before": _recall(comparison.before), "after": _recall(comparison.after)},
        "confusion": {"before": comparison.before.confusion.tolist(), "after": comparison.after.confusion.tolist()},
    }


def checkpoint_card(correction: Correction, fusion: Fusion) -> CheckpointCard:
    """The card of a corrected checkpoint: that of its parent, with other temperatures and another history."""
    one = correction.models[fusion]
    card, factor = one.parent.card, one.held_out.factor
    training: dict[str, object] = {
        "corrected_from": {"name": one.parent.path.stem, "weights_sha256": one.parent.checksum},
        "corrected_on": {
            "manifest": correction.manifest,
            "items": correction.items,
            "labels": dict(correction.counts),
            "recordings": correction.recordings,
            "modalities": list(correction.modalities),
        },
        "recipe": asdict(correction.recipe) | {"epochs": one.held_out.epochs, "most_epochs": correction.recipe.epochs},
        "fits": "one person: that of the items it was corrected on",
        "parent": {name: value for name, value in card.training.items() if name != "sources"},
    }
    if "sources" in card.training:
        training["sources"] = card.training["sources"]
    return replace(
        card,
        temperature=_temperature(card.temperature, factor),
        temperatures={name: _temperature(value, factor) for name, value in card.temperatures.items()},
        training=training,
        figures={"held_out": comparison_json(one.comparison)},
        versions={},
    )


def model_card(correction: Correction, fusion: Fusion) -> str:
    """The model card of a corrected checkpoint, in Markdown."""
    one, recipe = correction.models[fusion], correction.recipe
    sources = one.parent.card.training.get("sources")
    listed = "".join(f"- {source}\n" for source in sources) if isinstance(sources, list) else "- see its model card\n"
    return _CARD.format(
        name=fusion,
        kind={"self": "Self", "cross": "Cross", "cross+self": "Cross- and self"}[fusion],
        preset=one.parent.config.preset,
        origin="the bundle" if _bundled(one.parent) else "the user's own",
        checksum=one.parent.checksum,
        items=correction.items,
        manifest=correction.manifest,
        labels=", ".join(f"{count} {name}" for name, count in correction.counts.items() if count),
        verdict=verdict(one.comparison, one),
        parts=correction.parts.note,
        table=_table(one.comparison),
        mended=one.comparison.mended,
        spoiled=one.comparison.spoiled,
        notes="".join(f"- {note}\n" for note in correction.notes),
        rate=recipe.learning_rate,
        epochs=one.held_out.epochs,
        most=recipe.epochs,
        batch=recipe.batch,
        share=recipe.parent_share,
        pull=f", and every weight is pulled to its start ({recipe.towards_start:g})" if recipe.towards_start else "",
        factor=one.held_out.factor,
        sources=listed.rstrip(),
    )


def verdict(comparison: Comparison, *models: CorrectedModel) -> str:
    """One sentence that says whether the corrected models are better."""
    loss = comparison.measures["loss"]
    change = f"log-loss on held-out items went from {loss.before:.2f} to {loss.after:.2f}"
    right = f"{comparison.before.accuracy:.0%} to {comparison.after.accuracy:.0%} right"
    if comparison.better and comparison.after.accuracy == comparison.before.accuracy:
        return (
            f"Better calibrated on held-out items: the {change}. As many are right as before "
            f"({comparison.after.accuracy:.0%})."
        )
    if comparison.better:
        return f"Better on held-out items: {right}, and the {change}."
    if models and not any(one.held_out.epochs for one in models):
        return "Not better: every step of learning made held-out items worse, so the weights are those of the parent."
    return (
        f"Not shown to be better: {right}, and the {change} (change {loss.difference:+.2f}, 95 % between "
        f"{loss.difference_ci[0]:+.2f} and {loss.difference_ci[1]:+.2f}). Keep the model that you had, or label more."
    )


def _table(comparison: Comparison) -> str:
    lines = ["| | before | after | change |", "|---|---|---|---|"]
    for name in MEASURES:
        one = comparison.measures[name]
        pairs = ((one.before, one.before_ci), (one.after, one.after_ci))
        cells = [
            f"{value:.3f}" + (f" ({low:.3f} to {high:.3f})" if one.intervals else "") for value, (low, high) in pairs
        ]
        low, high = one.difference_ci
        cells.append(f"{one.difference:+.3f}" + (f" ({low:+.3f} to {high:+.3f})" if one.intervals else ""))
        lines.append(f"| {MEASURE_NAMES[name]} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _recall(scores: Scores) -> list[float | None]:
    return [None if math.isnan(value) else value for value in scores.recall]


def _temperature(value: float, factor: float) -> float:
    return min(max(value * factor, _LEAST), _MOST)


def _bundled(parent: Stored) -> bool:
    from engine.assets import assets_folder

    return parent.path.parent == assets_folder()
