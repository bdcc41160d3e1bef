"""Model cards of published models, in Markdown, made from the records of their runs and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.config import AUDIO_DIM, MODALITIES
from engine.experiment.cell import Cell
from engine.experiment.measures import SplitScores
from engine.experiment.record import RunRecord
from engine.experiment.report.results import CellResults, Results
from engine.experiment.report.wording import duration, mean_and_std
from engine.metrics import Faithfulness
from engine.models.card import CheckpointCard
from engine.models.fusion import block_name
from engine.training.model_card import DATA, TERMS, TRIALS, UNSEEN

_MODALITIES = {"audio": "voice", "video": "face", "text": "words"}
_HEAD = ("accuracy (paper: UWA)", "balanced accuracy (paper: WA)", "macro-F1", "ECE")


def model_card(results: Results, cell: CellResults, best: RunRecord, card: CheckpointCard) -> str:
    """The card of the published run of a cell.

    Parameters
    ----------
    results : of the whole experiment.
    cell, best : what is published.
    card : of the checkpoint of ``best``.
    """
    joined = results.plan.data.layout == "joined"
    parts = [
        f"# Model card: {cell.cell.name}",
        _shape(cell.cell, best, card),
        _data(results, best, joined),
        _recipe(results, best, joined),
        _joined_figures(cell, best) if joined else _fold_figures(cell, best),
        _calibration(card),
        _faithfulness(cell.cell, best),
        "## What it has not seen\n\n" + (UNSEEN.strip() if joined else _unseen(results)),
        _origin(best),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _shape(cell: Cell, best: RunRecord, card: CheckpointCard) -> str:
    kinds = {"self": "Self-attention", "cross": "Cross-attention", "cross+self": "Cross- and self-attention"}
    pooled = ", without statistical pooling" if cell.pooling == "concatenate" else ""
    features = {
        "audio": f"voice as {card.mfcc.get('features', AUDIO_DIM)}-d MFCC",
        "video": f"face as {card.face_dim}-d embeddings of {card.face_encoder} at 3 Hz",
        "text": f"words as {card.text_dim}-d vectors of {card.vectors}",
    }
    used = ", ".join(features[name] for name in cell.modalities)
    return (
        f"{kinds[cell.fusion]}{pooled}, {cell.preset} preset, {best.parameters:,} parameters. "
        f"It takes {used}, and tells {', '.join(best.data.classes)}."
    )


def _data(results: Results, best: RunRecord, joined: bool) -> str:
    notes = "".join(f"- {note}\n" for note in results.about.notes)
    if joined:
        return "## Data and terms\n\n" + "".join(f"- {one}\n" for one in DATA.values()) + TERMS + "\n" + notes
    sizes = f"{best.data.train} utterances to learn from, {best.data.dev} to choose by, {best.data.test} to test on"
    return (
        f"## Data and terms\n\n{results.about.dataset}, {best.fold}: {sizes}.\n\n{notes}\n"
        "The weights carry the terms of these data."
    )


def _recipe(results: Results, best: RunRecord, joined: bool) -> str:
    what = (
        "Branch teachers for voice and words first. The fusion starts from their encoders and learns on random windows "
        "that join items of the same class across corpora, with modalities left out and windows cut at random. A "
        "modality that stands alone is also taught by its teachers."
        if joined
        else "Adam, cross-entropy; the learning rate falls when the validation loss stalls, training ends when the "
        "validation accuracy does, and the weights with the best one are kept."
    )
    plan = results.plan.text.strip()
    course = "looks at dev on the way" if joined else f"epochs, of which number {best.best_epoch} is kept"
    last = f"Seed {best.seed}, {len(best.epochs)} {course}."
    return (
        f"## Recipe\n\n{what} {last}\n\n```\nattune experiment run PLAN.toml --data DATA --out DIR\n"
        f"attune experiment publish DIR --out OUT\n```\n\nThe plan:\n\n```toml\n{plan}\n```"
    )


def _joined_figures(cell: CellResults, best: RunRecord) -> str:
    rows = [
        (f"seed {run.seed}", TRIALS.get(name, f"{_of(name)}: same-class combinations"), scores)
        for run in cell.runs
        for name, scores in sorted(run.trials.items(), key=lambda trial: _order(trial[0]))
    ]
    return (
        "## Figures\n\nOn dev, after calibration, as the run recorded them. "
        f"Published is seed {best.seed}, chosen on dev.\n\n" + _table(("run", "trial"), rows)
    )


def _fold_figures(cell: CellResults, best: RunRecord) -> str:
    rows = [
        (f"{run.fold}, seed {run.seed}", split, scores)
        for run in [best]
        for split, scores in (("dev", run.dev), ("test", run.test))
        if scores is not None
    ]
    many = ""
    if len(cell.runs) > 1:
        accuracy, balanced = (mean_and_std(cell.summary(metric)) for metric in ("accuracy", "balanced_accuracy"))
        many = (
            f"\nOver all {len(cell.runs)} runs of this cell, test: accuracy (paper: UWA) {accuracy}, balanced "
            f"accuracy (paper: WA) {balanced}, mean (standard deviation) in %.\n"
        )
    chosen = "Published is the run that did best on its own dev set; test figures were not looked at for that."
    return f"## Figures\n\n{chosen}\n\n" + _table(("run", "split"), rows) + many + _recall(best)


def _recall(best: RunRecord) -> str:
    scores = best.test or best.dev
    cells = " | ".join("-" if value is None else f"{value:.3f}" for value in scores.recall)
    heads = " | ".join(name.replace("|", "\\|") for name in best.data.classes)
    return f"\n| recall of | {heads} |\n|{'---|' * (len(best.data.classes) + 1)}\n| | {cells} |\n"


def _table(heads: Sequence[str], rows: Iterable[tuple[str, str, SplitScores]]) -> str:
    lines = [f"| {' | '.join((*heads, 'n', *_HEAD))} |", "|---" * (len(heads) + 1 + len(_HEAD)) + "|"]
    for run, what, one in rows:
        figures = (one.accuracy, one.balanced_accuracy, one.macro_f1, one.ece)
        lines.append(f"| {run} | {what} | {one.n} | {' | '.join(f'{value:.3f}' for value in figures)} |")
    return "\n".join(lines) + "\n"


def _calibration(card: CheckpointCard) -> str:
    several = ""
    if card.temperatures:
        trials = sorted(card.temperatures.items(), key=lambda trial: _order(trial[0]))
        listed = ", ".join(f"{value:.2f} for {_of(name)}" for name, value in trials)
        several = f" By what is present: {listed}."
    unsure = (
        f'Under a top probability of {card.unsure_threshold:.2f} the answer is shown as "unsure": over it, at least '
        "85 % of the dev answers are right."
        if card.unsure_threshold < 1
        else 'No top probability promised 85 % of right answers on dev, so every answer is shown as "unsure".'
    )
    return f"Temperature {card.temperature:.2f}, fitted on dev.{several} {unsure}"


def _faithfulness(cell: Cell, best: RunRecord) -> str:
    blocks = [block_name(*block) for block in cell.config(dict.fromkeys(cell.modalities, 1), 2).blocks]
    lacking = ", ".join(_looks(name) for name in blocks if name not in best.faithfulness)
    rest = f"\nNot measured, since utterances had one position only to look at: {lacking}.\n" if lacking else ""
    if not best.faithfulness:
        return f"## Does the attention mean something?\n{rest}"
    rows = "".join(_faithful_row(name, one) for name, one in best.faithfulness.items())
    return (
        "## Does the attention mean something?\n\n"
        "Positions are hidden from one block, the most attended first, and the probability of the answer is followed; "
        "random orders are the comparison. Deletion: how much further the answer falls than by chance. Insertion: how "
        "much further it rises when only the most attended positions are shown. Areas between the curves, with 95 % "
        "intervals; a block whose interval holds 0 is not shown to matter.\n\n"
        "| block | n | deletion | insertion |\n|---|---|---|---|\n" + rows + rest
    )


def _faithful_row(name: str, one: Faithfulness) -> str:
    gains = [
        f"{gain:+.3f} ({low:+.3f} to {high:+.3f})"
        for gain, (low, high) in (
            (one.deletion_gain, one.deletion_gain_ci),
            (one.insertion_gain, one.insertion_gain_ci),
        )
    ]
    return f"| {_looks(name)} | {one.n} | {gains[0]} | {gains[1]} |\n"


def _looks(block: str) -> str:
    """A block in words.

    Examples
    --------
    >>> _looks("text_from_video")
    'words look at face'
    """
    target, source = block.split("_from_")
    return f"{_MODALITIES[target]} {'look' if target == 'text' else 'looks'} at {_MODALITIES[source]}"


def _unseen(results: Results) -> str:
    return (
        f"Anything but {results.about.dataset}: other people, languages, cameras, microphones and rooms. Its labels "
        "are what onlookers read in an expression, or what an actor was asked for; not what a person feels."
    )


def _origin(best: RunRecord) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(best.versions.items()))
    return (
        f"## Origin\n\nRun `{best.key[:16]}` on the data `{best.data.fingerprint[:16]}`, trained in "
        f"{duration(best.cost.seconds)} on {best.cost.device_name} ({versions})."
    )


def _of(name: str) -> str:
    """Modalities of a trial, in words.

    Examples
    --------
    >>> _of("audio+text"), _of("audio+video+text")
    ('voice and words', 'all three')
    """
    names = name.split("+")
    return "all three" if len(names) == len(MODALITIES) else " and ".join(_MODALITIES[one] for one in names)


def _order(name: str) -> tuple[int, list[int]]:
    """Single modalities first, each group in the order of `MODALITIES`."""
    names = name.split("+")
    return len(names), [MODALITIES.index(one) for one in names]
