"""The page: one HTML file that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.experiment.report import content as words
from engine.experiment.report.chart_confusion import confusion, confusion_chart, row_shares
from engine.experiment.report.chart_faithful import curve_chart, gain_glyph, gain_range, shared_range
from engine.experiment.report.chart_learning import accuracy_chart, loss_chart, remaining_chart, shared_limits
from engine.experiment.report.chart_results import differences_chart, fusion_css, results_chart
from engine.experiment.report.comparisons import reading
from engine.experiment.report.content import Content
from engine.experiment.report.curves import learning_curves
from engine.experiment.report.results import METRIC_NAMES, METRICS
from engine.experiment.report.verdict import NOT_INDEPENDENT
from engine.experiment.report.wording import (
    NONE,
    count,
    decimal,
    duration,
    interval_text,
    mean_and_std,
    p_text,
    points,
    signed,
)

_TEMPLATES = Path(__file__).with_name("templates")
_SECTIONS = (
    ("results", "Results"),
    ("tests", "Tests"),
    ("confusion", "Confusion"),
    ("learning", "Learning curves"),
    ("faithfulness", "Does attention mean anything?"),
    ("cost", "Cost"),
    ("data", "Data and protocol"),
    ("weights", "Use the weights"),
)


def render_page(content: Content) -> str:
    """The page as HTML; everything that comes from plan, data or records is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _filters()
    return environment.get_template("report.html.j2").render(_context(content))


def _filters() -> dict[str, Callable[..., object]]:
    return {
        "count": count,
        "decimal": decimal,
        "duration": duration,
        "first_sentence": lambda text: text.partition(". ")[0].removesuffix(".") + ".",
        "fusion_css": fusion_css,
        "interval_text": interval_text,
        "mean_and_std": mean_and_std,
        "megabytes": lambda n: f"{n / 1e6:,.0f} MB",
        "other_sentences": lambda text: text.partition(". ")[2],
        "p_text": p_text,
        "points": points,
        "reading": reading,
        "seconds": lambda s: NONE if s is None else duration(s),
        "signed": signed,
    }


def _context(content: Content) -> dict[str, object]:
    results = content.results
    best = words.best_runs(results)
    context: dict[str, object] = {
        "about": results.about,
        "alpha": results.plan.report.alpha,
        "best_runs": best,
        "comparisons": content.comparisons,
        "costs": content.costs,
        "estimates": content.estimates,
        "facts": (*words.facts(results), ("Versions", words.versions(results))),
        "faithful_conclusion": content.faithful_conclusion,
        "feature_note": words.feature_note(results),
        "metric_names": METRIC_NAMES,
        "metrics": METRICS,
        "open_cell": _highest(content),
        "missing": words.missing(results) if results.runs else (),
        "not_independent": NOT_INDEPENDENT,
        "plan": results.plan,
        "play_command": words.play_command(best) if best else "",
        "progress": words.progress(results),
        "repeat_command": words.REPEAT,
        "results": results,
        "sections": _SECTIONS,
        "split_sizes": words.split_sizes(results),
        "tables": content.tables,
        "trials": words.trials(results),
        "verdict": content.verdict,
        "warnings": words.warnings(results),
    }
    return context | _result_charts(content) | _model_charts(content)


def _highest(content: Content) -> str:
    """Cell with the highest balanced accuracy: the one whose curves a reader wants first."""
    means = {one.cell.name: one.summary("balanced_accuracy").mean or 0.0 for one, _ in content.faithful}
    return max(means, key=lambda name: means[name], default="")


def _result_charts(content: Content) -> dict[str, object]:
    from markupsafe import Markup

    results = content.results
    best = {}
    for title, cells in content.tables:
        for metric in METRICS:
            means = {one.cell.name: one.summary(metric).mean or 0.0 for one in cells if one.runs}
            best[title, metric] = max(means, key=lambda name: means[name], default=None) if len(means) > 1 else None
    return {
        "any_pair": any(one.difference.n for one in content.comparisons),
        "any_published": any(one.cell.published for one in results.cells),
        "best": best,
        "difference_charts": [Markup(differences_chart(content.comparisons, metric)) for metric in METRICS],
        "result_charts": [Markup(results_chart(results, metric)) for metric in METRICS],
    }


def _model_charts(content: Content) -> dict[str, object]:
    """Charts of single cells: confusion, learning curves, faithfulness."""
    from markupsafe import Markup

    done = [one for one in content.results.cells if one.runs]
    curves = [(one, found) for one in done if (found := learning_curves(one)) is not None]
    limits = shared_limits([found for _, found in curves])
    span = gain_range([block for _, blocks in content.faithful for block in blocks])
    confusions = []
    for one in done:
        recall = 100.0 * np.diag(row_shares(confusion(one)))
        chart = Markup(confusion_chart(one, content.results.classes))
        confusions.append((one, chart, [None if math.isnan(value) else float(value) for value in recall]))
    learning = []
    for one, found in curves:
        pair = [draw(found, one.cell.fusion, limits) for draw in (loss_chart, accuracy_chart)]
        learning.append((one, found, [Markup(part) for part in (*pair, remaining_chart(found, limits))]))
    faithful = []
    for one, blocks in content.faithful:
        probabilities = shared_range(blocks)
        rows = []
        for block in blocks:
            glyphs = [Markup(gain_glyph(gain, span, f"m-{block.source}")) for gain in (block.deletion, block.insertion)]
            charts = [Markup(curve_chart(block, which, probabilities)) for which in ("deletion", "insertion")]
            rows.append((block, glyphs, charts))
        faithful.append((one, rows))
    return {"confusions": confusions, "learning": learning, "faithful": faithful}
