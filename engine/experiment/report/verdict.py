"""What the figures say, in words: a paragraph made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from engine.experiment.report.comparisons import TEST_NAMES, Comparison
from engine.experiment.report.results import METRIC_NAMES, METRICS, CellResults, Metric, Results
from engine.experiment.report.wording import count, decimal, interval_text, listing, p_text, signed

NOT_INDEPENDENT = (
    "Runs of different seeds on one fold share their utterances and are not independent, so tests over runs see more "
    "evidence than there is. The test on fold means uses one difference per fold and does not have this flaw; with so "
    "few folds it finds only differences that are clear."
)


def verdict(results: Results, comparisons: Sequence[Comparison]) -> str:
    """The paragraph under the title."""
    if not results.runs:
        return f"None of the {count(results.expected, 'run')} of this plan is done, so there is nothing to say yet."
    sentences = [_progress(results), _best(results), *_tested(results, comparisons), *_published(results)]
    return " ".join(one for one in sentences if one)


def _progress(results: Results) -> str:
    if results.complete:
        return ""
    done = f"{len(results.runs):,} of {count(results.expected, 'run')}"
    return f"Only {done} are done, so everything here is provisional."


def _best(results: Results) -> str:
    by_metric = {metric: _highest(results.cells, metric) for metric in METRICS}
    best, other = by_metric["balanced_accuracy"], by_metric["accuracy"]
    figures = {metric: f"{decimal(one.summary(metric).mean)} %" for metric, one in by_metric.items()}
    balanced, plain = (METRIC_NAMES[metric] for metric in METRICS)
    if len(results.cells) == 1:
        return f"{best.cell.name} reaches {figures['balanced_accuracy']} {balanced} and {figures['accuracy']} {plain}."
    if best is other:
        return (
            f"Highest is {best.cell.name} with {figures['balanced_accuracy']} {balanced} and {figures['accuracy']} "
            f"{plain}, means over {count(len(best.runs), 'run')}."
        )
    return (
        f"Highest in {balanced} is {best.cell.name} with {figures['balanced_accuracy']}, in {plain} {other.cell.name} "
        f"with {figures['accuracy']}."
    )


def _highest(cells: Sequence[CellResults], metric: Metric) -> CellResults:
    return max((one for one in cells if one.runs), key=lambda one: one.summary(metric).mean or 0.0)


def _tested(results: Results, comparisons: Sequence[Comparison]) -> list[str]:
    """Whether any difference is significant, and for whom they speak."""
    if not comparisons:
        return []
    alpha = results.plan.report.alpha
    defined = [one for one in comparisons if one.tests["paired"].test.p is not None]
    if not defined:
        return [f"No difference can be tested yet: {comparisons[0].tests['paired'].test.why}."]
    found = [one for one in defined if one.tests["paired"].significant(alpha)]
    how = f"({TEST_NAMES['paired']} over runs, corrected by Holm, level {alpha:g})"
    if not found:
        return [_none_significant(len(defined), how), _largest(defined)]
    return [_some_significant(found, len(defined), how, alpha), *_leaders(found), _lean(found, len(defined))]


def _none_significant(tested: int, how: str) -> str:
    if tested == 1:
        return f"The one tested difference is not significant {how}."
    return f"{'Neither' if tested == 2 else 'None'} of the {tested} tested differences is significant {how}."


def _some_significant(found: Sequence[Comparison], tested: int, how: str, alpha: float) -> str:
    clear = sum(one.tests["folds"].significant(alpha) for one in found)
    if len(found) == 1:
        also = "It is significant on fold means too." if clear else "On fold means it is not significant."
        return f"Of {count(tested, 'tested difference')}, 1 is significant {how}. {also}"
    strict = "all" if clear == len(found) else str(clear) if clear else "none"
    return (
        f"Of {count(tested, 'tested difference')}, {len(found)} are significant {how}, {strict} of them also on fold "
        "means."
    )


def _leaders(found: Sequence[Comparison]) -> list[str]:
    """Which cell is above which, both metrics of a pair together; the three widest gaps."""
    pairs: dict[tuple[str, str], list[Comparison]] = {}
    for one in found:
        if one.ahead is not None:
            behind = one.second if one.ahead is one.first else one.first
            pairs.setdefault((one.ahead.cell.name, behind.cell.name), []).append(one)
    widest = sorted(pairs.items(), key=lambda pair: -max(abs(one.difference.mean or 0.0) for one in pair[1]))
    parts = []
    for (above, below), ones in widest[:3]:
        gaps = [f"{decimal(abs(one.difference.mean or 0.0))} points of {METRIC_NAMES[one.metric]}" for one in ones]
        parts.append(f"{above} is above {below} by {listing(gaps)}")
    more = f"; {len(widest) - 3} more are in the table of tests" if len(widest) > 3 else ""
    return [f"In detail, {'; '.join(parts)}{more}."] if parts else []


def _largest(defined: Sequence[Comparison]) -> str:
    one = max(defined, key=lambda each: abs(each.difference.mean or 0.0))
    return (
        f"The largest is {signed(one.difference.mean)} points of {METRIC_NAMES[one.metric]} between "
        f"{one.first.cell.name} and {one.second.cell.name} (95 % interval {interval_text(one.interval)}, "
        f"p = {p_text(one.tests['paired'].test.p)} before and {p_text(one.tests['paired'].holm)} after correction)."
    ).replace("p = <", "p < ")


def _lean(found: Sequence[Comparison], tested: int) -> str:
    """For which fusion the significant differences speak, where all of them set one against the other."""
    if any({one.first.cell.fusion, one.second.cell.fusion} != {"self", "cross"} for one in found):
        return ""
    ahead = {one.ahead.cell.fusion for one in found if one.ahead is not None}
    if len(ahead) > 1:
        return "They do not all point the same way: neither self- nor cross-attention is better throughout."
    rest = tested - len(found)
    others = f"; the other {count(rest, 'difference')} could be chance" if rest > 1 else ""
    return f"Where there is a difference, it is in favour of {ahead.pop()}-attention{others}."


def _published(results: Results) -> list[str]:
    """How far the means are from the published figures."""
    parts = []
    for metric in METRICS:
        gaps = [gap for one in results.cells if (gap := one.difference(metric)) is not None]
        if gaps:
            widest = signed(max(gaps, key=abs))
            parts.append(f"{signed(fmean(gaps))} points of {METRIC_NAMES[metric]} (at most {widest})")
    if not parts:
        return []
    cells = sum(one.difference("accuracy") is not None for one in results.cells)
    if cells == 1:
        return [f"Against the published figures, the difference is {listing(parts)}."]
    return [f"Against the published figures of {cells} cells, the mean difference is {listing(parts)}."]
