"""The report as Markdown: the tables and what they say. Cost and versions come last, since they differ each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engine.experiment.report import content as words
from engine.experiment.report.chart_confusion import confusion, row_shares
from engine.experiment.report.comparisons import TEST_NAMES, reading
from engine.experiment.report.content import Content
from engine.experiment.report.results import METRIC_NAMES, METRICS, CellResults
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


def render_markdown(content: Content) -> str:
    """The report as Markdown; everything that comes from plan, data or records is escaped."""
    parts = [
        _head(content),
        _results(content),
        _trials(content),
        _tests(content),
        _confusion(content),
        _faithful(content),
        _data(content),
        _weights(content),
        _cost(content),
    ]
    return "\n\n".join(block for part in parts for block in part if block) + "\n"


def plain(text: str) -> str:
    r"""Text whose signs mean nothing in Markdown or HTML.

    Examples
    --------
    >>> plain("a|b <i> *c*")
    'a\\|b &lt;i&gt; \\*c\\*'
    """
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~])", r"\\\1", text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table of text that is escaped already; the first ``left`` columns are text, the others figures.

    Examples
    --------
    >>> print(table(["a", "n"], [["x", "1"]]))
    | a | n |
    | :-- | --: |
    | x | 1 |
    """
    rule = [":--" if place < left else "--:" for place in range(len(heads))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, rule, *rows))


def _head(content: Content) -> Iterator[str]:
    results = content.results
    yield f"# {plain(results.plan.title)}"
    size = " x ".join(
        (
            count(len(results.cells), "cell"),
            count(len(results.about.folds), "fold"),
            count(len(results.plan.seeds), "seed"),
        )
    )
    yield f"{plain(results.about.dataset)}: {size}, {words.progress(results)}."
    yield plain(content.verdict)
    for one in words.warnings(results):
        yield f"> {plain(one)}"
    if results.runs:
        yield "\n".join(
            f"- missing of {plain(name)} ({n} done): {plain(text)}" for name, n, text in words.missing(results)
        )


def _results(content: Content) -> Iterator[str]:
    yield "## Results"
    yield (
        f"{content.results.split.capitalize()} figures in %, mean (sample standard deviation) over n runs, which are "
        "folds x seeds. “Paper” is what was published, “diff.” the mean minus that, in points."
    )
    for title, cells in content.tables:
        heads = ["Cell", "n"]
        for metric in METRICS:
            heads += [METRIC_NAMES[metric], "paper", "diff."]
        yield f"### {title}"
        yield table(heads, (_result_row(one) for one in cells))


def _trials(content: Content) -> Iterator[str]:
    rows = [
        [plain(one.cell.cell.name), one.modalities, str(one.runs), *(mean_and_std(part) for part in one.figures)]
        for one in words.trials(content.results)
    ]
    if rows:
        yield "### With some modalities only"
        yield table(["Cell", "Given", "n", *(METRIC_NAMES[metric] for metric in METRICS)], rows, left=2)


def _result_row(one: CellResults) -> list[str]:
    done, expected = len(one.runs), len(one.expected)
    row = [plain(one.cell.name), str(done) if done == expected else f"{done} of {expected}"]
    for metric in METRICS:
        row += [mean_and_std(one.summary(metric)), decimal(one.published(metric)), signed(one.difference(metric))]
    return row


def _tests(content: Content) -> Iterator[str]:
    yield "## Tests"
    if not content.comparisons:
        yield "The plan names no pairs of cells to compare."
        return
    alpha = content.results.plan.report.alpha
    yield (
        f"Two-tailed, level {alpha:g}. Differences are first minus second, in points, over the runs that both cells "
        f"have with the same fold and seed. Each test has p and, after Holm's correction over all "
        f"{count(len(content.comparisons), 'comparison')}, p (Holm). The paired t-test fits this design."
    )
    yield NOT_INDEPENDENT
    names = [f"{name}: p / p (Holm)" for name in TEST_NAMES.values()]
    for metric in METRICS:
        rows = []
        for one in content.comparisons:
            if one.metric == metric:
                pair = f"{plain(one.first.cell.name)} against {plain(one.second.cell.name)}"
                row = [pair, plain(reading(one, alpha)), str(one.difference.n), signed(one.difference.mean, 2)]
                row.append(interval_text(one.interval, 2))
                for entry in one.tests.values():
                    defined = f"{p_text(entry.test.p)} / {p_text(entry.holm)}"
                    row.append(plain(defined if entry.test.p is not None else f"not defined: {entry.test.why}"))
                rows.append(row)
        yield f"### {METRIC_NAMES[metric]}"
        yield table(["Pair", "in words", "n", "difference", "95 % interval", *names], rows, left=2)


def _confusion(content: Content) -> Iterator[str]:
    yield "## Confusion"
    yield "Row: true class; column: predicted class; in % of the row, summed over the runs of a cell."
    names = [plain(name) for name in content.results.classes]
    for one in content.results.cells:
        if one.runs:
            shares = 100 * row_shares(confusion(one))
            rows = [
                [name, *(f"{value:.1f}" if value == value else NONE for value in row)]
                for name, row in zip(names, shares.tolist(), strict=True)
            ]
            yield f"### {plain(one.cell.name)}"
            yield table(["true", *names], rows)


def _faithful(content: Content) -> Iterator[str]:
    yield "## Does attention mean anything?"
    yield content.faithful_conclusion
    rows = [
        [
            *(plain(one.cell.name), plain(block.title), block.reading, str(block.runs), signed(-100 * block.weight)),
            *(f"{signed(100 * gain.mean)} ({points(gain)})" for gain in (block.deletion, block.insertion)),
        ]
        for one, blocks in content.faithful
        for block in blocks
    ]
    if rows:
        yield (
            "Gains in points of probability, with 95 % intervals; above zero, a map says more than chance. “All "
            "hidden” is how the probability of the answer changes when the block sees nothing."
        )
        yield table(["Cell", "Block", "in words", "n", "all hidden", "deletion gain", "insertion gain"], rows, left=3)


def _data(content: Content) -> Iterator[str]:
    results = content.results
    yield "## Data and protocol"
    yield "\n".join(f"- {name}: {plain(text)}" for name, text in words.facts(results))
    yield "\n".join(f"- {plain(one)}" for one in results.about.notes)
    sizes = [[plain(fold), *(f"{n:,}" for n in each)] for fold, each in words.split_sizes(results)]
    if sizes:
        yield table(["Utterances", "train", "dev", "test"], sizes)
    yield f"To repeat it: `{words.REPEAT}`"


def _weights(content: Content) -> Iterator[str]:
    yield "## Use the weights"
    best = words.best_runs(content.results)
    if not best:
        yield "No run is done yet."
        return
    yield f"`{words.play_command(best)}`"
    yield words.feature_note(content.results)
    tested = content.results.split == "test"
    heads = [f"dev {METRIC_NAMES['accuracy']}", *(f"test {METRIC_NAMES[m]}" for m in METRICS if tested)]
    rows = []
    for one, run, folder in best:
        shares = [run.dev.accuracy, *(getattr(one.scores(run), metric) for metric in METRICS if tested)]
        rows.append([plain(one.cell.name), f"`{folder}`", *(decimal(100 * value) for value in shares)])
    yield table(["Cell", "Best run on dev", *heads], rows, left=2)


def _cost(content: Content) -> Iterator[str]:
    yield "## Cost"
    for one in content.estimates:
        yield plain(one.sentence)
    rows = [
        [
            *(plain(one.cell), plain(one.device), str(one.runs)),
            *(NONE if one.epoch_s is None else duration(one.epoch_s), decimal(one.epochs), duration(one.run_s)),
            *(f"{one.parameters:,}", f"{one.peak_bytes / 1e6:,.0f} MB"),
        ]
        for one in content.costs
    ]
    heads = ["Cell", "Device", "n", "median epoch", "epochs", "median run", "parameters", "peak memory"]
    if rows:
        yield table(heads, rows, left=2)
    yield f"Versions: {plain(words.versions(content.results))}"
