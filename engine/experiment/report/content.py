"""What both the page and the Markdown file say, computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.experiment.cell import run_folder
from engine.experiment.record import RunRecord
from engine.experiment.report.comparisons import Comparison, compare
from engine.experiment.report.costs import CostRow, Estimate, cost_rows, estimates
from engine.experiment.report.faithful import BlockFaithfulness, block_faithfulness, conclusion
from engine.experiment.report.results import METRICS, CellResults, Results
from engine.experiment.report.verdict import verdict
from engine.experiment.report.wording import count, listing, missing_text, ranges
from engine.experiment.statistics import Summary, summarise

NO_TEST = (
    "The data have no test set, so all figures are of dev, on which the weights were chosen: they are a little too "
    "good, and fit to compare cells rather than to promise."
)
MIXED = (
    "In the paper preset a position of audio or video is a learned mixture of the whole window, so even a map that "
    "means something does not name an instant there."
)
REPEAT = "attune experiment run DIR/plan.toml --data DATA --out NEW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An experiment, evaluated.

    Attributes
    ----------
    tables : title and cells of each table, in order.
    faithful : the blocks of every cell that has measured some.
    """

    results: Results
    comparisons: tuple[Comparison, ...]
    tables: tuple[tuple[str, tuple[CellResults, ...]], ...]
    faithful: tuple[tuple[CellResults, tuple[BlockFaithfulness, ...]], ...]
    costs: tuple[CostRow, ...]
    estimates: tuple[Estimate, ...]
    verdict: str

    @property
    def faithful_conclusion(self) -> str:
        """How many blocks have maps that mean something, and what a position is."""
        text = conclusion([block for _, blocks in self.faithful for block in blocks])
        mixed = any(
            one.cell.preset == "paper" and {"audio", "video"} & {block.source for block in blocks}
            for one, blocks in self.faithful
        )
        return f"{text} {MIXED}" if mixed else text


def evaluate(results: Results) -> Content:
    """Compute everything that the report shows."""
    comparisons = compare(results)
    costs = cost_rows(results)
    faithful = [(one, block_faithfulness(one)) for one in results.cells]
    return Content(
        results=results,
        comparisons=comparisons,
        tables=_tables(results),
        faithful=tuple((one, blocks) for one, blocks in faithful if blocks),
        costs=costs,
        estimates=estimates(results, costs),
        verdict=verdict(results, comparisons),
    )


def progress(results: Results) -> str:
    """How far the experiment is: "37 of 700 runs done", "all 700 runs done"."""
    if results.complete:
        return f"all {count(results.expected, 'run')} done"
    return f"{len(results.runs):,} of {count(results.expected, 'run')} done"


def warnings(results: Results) -> tuple[str, ...]:
    """What a reader must know before any figure."""
    words = list(results.problems)
    if results.strangers:
        words.append(f"{count(results.strangers, 'record')} in this folder belong to no run of the plan: left out.")
    if results.split == "dev":
        words.append(NO_TEST)
    if not results.complete:
        words.append(
            f"{len(results.runs):,} of {count(results.expected, 'run')} are done. Means of different cells may be over "
            "different runs: n says over how many. Pairs are compared over the runs that both cells have."
        )
    return tuple(words)


def missing(results: Results) -> tuple[tuple[str, str, str], ...]:
    """Names, progress and missing runs of the cells that lack some; those that lack the same stand together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in results.cells:
        if one.missing:
            text = missing_text(one.missing, one.expected)
            groups.setdefault((f"{len(one.runs)} of {len(one.expected)}", text), []).append(one.cell.name)
    return tuple((", ".join(names), n, text) for (n, text), names in groups.items())


def facts(results: Results) -> tuple[tuple[str, str], ...]:
    """Data, plan and protocol by name; nothing that differs from run to run."""
    plan, about = results.plan, results.about
    protocol = "; ".join(f"{name} {_setting(value)}" for name, value in plan.protocol.items())
    presets = list(dict.fromkeys(one.cell.preset for one in results.cells))
    features = [
        f"{what}: {name}" + (f", {dim} per frame" if dim else "")
        for what, name, dim in (
            ("face", about.features.face_encoder, about.features.face_dim),
            ("words", about.features.vectors, about.features.text_dim),
        )
        if name
    ]
    return (
        ("Data", about.dataset),
        ("Classes", ", ".join(about.classes)),
        ("Features", "; ".join(features) or "as the data have them"),
        ("Folds", ", ".join(about.folds)),
        ("Seeds", ranges(plan.seeds)),
        ("Preset", listing(presets)),
        ("Protocol", protocol or f"the defaults of the {listing(presets)} preset"),
        ("Fingerprint of the data", about.fingerprint),
    )


def versions(results: Results) -> str:
    """Versions of the software, all that occur in the records."""
    found: dict[str, dict[str, None]] = {}
    for one in (results.about.versions, *(run.versions for run in results.runs)):
        for name, version in sorted(one.items()):
            found.setdefault(name, {})[version] = None
    return "; ".join(f"{name} {', '.join(sorted(each))}" for name, each in sorted(found.items()))


def split_sizes(results: Results) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """Utterances for train, dev and test of each fold that has a run."""
    sizes = {one.fold: (one.data.train, one.data.dev, one.data.test) for one in results.runs}
    return tuple((fold, sizes[fold]) for fold in results.about.folds if fold in sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Figures of a cell when it is given some modalities only, over its runs."""

    cell: CellResults
    modalities: str
    runs: int
    figures: tuple[Summary, ...]


def trials(results: Results) -> tuple[Trial, ...]:
    """Every trial of every cell, most modalities first; of joined corpora alone."""
    found = []
    for cell in results.cells:
        names = dict.fromkeys(name for run in cell.runs for name in run.trials)
        for name in sorted(names, key=lambda one: -one.count("+")):
            runs = [run.trials[name] for run in cell.runs if name in run.trials]
            figures = tuple(summarise([100.0 * float(getattr(one, metric)) for one in runs]) for metric in METRICS)
            found.append(Trial(cell=cell, modalities=name.replace("+", " + "), runs=len(runs), figures=figures))
    return tuple(found)


def best_runs(results: Results) -> tuple[tuple[CellResults, RunRecord, str], ...]:
    """Of each cell the run that did best on dev, with its folder."""
    return tuple(
        (one, one.best, run_folder(one.cell, one.best.fold, one.best.seed).as_posix())
        for one in results.cells
        if one.best is not None
    )


def play_command(best: Sequence[tuple[CellResults, RunRecord, str]]) -> str:
    """How to watch the model that did best of all on dev."""
    _, _, folder = max(best, key=lambda one: one[1].dev.accuracy)
    return f"attune play FILE --model DIR/{folder}"


def feature_note(results: Results) -> str:
    """What has to be installed before these weights see what they were trained on."""
    about = results.about
    names = [name for name in (about.features.face_encoder, about.features.vectors) if name]
    if not names:
        return ""
    return f"They need the features that they were trained on ({listing(names)}); Attune checks that before it plays."


def _tables(results: Results) -> tuple[tuple[str, tuple[CellResults, ...]], ...]:
    numbers = sorted({one.cell.table for one in results.cells if one.cell.table is not None})
    tables = [(f"Table {n}", tuple(one for one in results.cells if one.cell.table == n)) for n in numbers]
    rest = tuple(one for one in results.cells if one.cell.table is None)
    if rest:
        tables.append(("Other cells" if numbers else "Results of all cells", rest))
    return tuple(tables)


def _setting(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
