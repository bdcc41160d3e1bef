from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.experiment.plan import Plan, parse_plan
from engine.experiment.report.chart_confusion import confusion, confusion_chart, row_shares
from engine.experiment.report.comparisons import compare, reading
from engine.experiment.report.costs import cost_rows, estimates
from engine.experiment.report.curves import learning_curves
from engine.experiment.report.faithful import block_faithfulness, conclusion
from engine.experiment.report.results import Results, collect
from engine.experiment.report.verdict import verdict
from engine.experiment.statistics import holm, paired_t
from tests.experiment.synthetic_records import CLASSES, SMALL_PLAN, about, record, records, small_plan


def results(plan: Plan | None = None) -> Results:
    plan = plan or small_plan()
    return collect(plan, about(plan), records(plan))


def shifted(points: dict[str, float]) -> Results:
    """Runs whose test figures of the second cell are those of the first plus some points, one for each fold."""
    plan = small_plan()
    first = {one.fold: one for one in records(plan) if one.cell == "self A+V+T"}
    made = []
    for one in records(plan):
        test = first[one.fold].test
        if one.cell != "self A+V+T":
            by = points[one.fold] / 100
            test = replace(test, accuracy=test.accuracy + by, balanced_accuracy=test.balanced_accuracy + by)
        made.append(replace(one, test=test))
    return collect(plan, about(plan), made)


def test_a_clear_difference_is_significant_in_words() -> None:
    one = compare(shifted({"fold01": 5.0, "fold02": 5.1, "fold03": 4.9}))
    found = reading(one[0], 0.05)
    assert found.startswith("significant by paired t") and "fold means" in found
    assert one[0].ahead is one[0].second
    text = verdict(results(), one)
    assert "Of 2 tested differences, 2 are significant" in text
    assert "cross A+V+T is above self A+V+T by 5.0 points of balanced accuracy (paper: WA)" in text
    assert "in favour of cross-attention" in text


def test_no_difference_is_said_to_be_none() -> None:
    one = compare(shifted({"fold01": 0.5, "fold02": -0.4, "fold03": 0.1}))
    assert reading(one[0], 0.05) == "not significant"
    assert "Neither of the 2 tested differences is significant" in verdict(results(), one)


def test_holm_is_over_pairs_and_metrics() -> None:
    plan = parse_plan(
        SMALL_PLAN.replace(
            'compare = [["self A+V+T", "cross A+V+T"]]',
            'compare = [["self A+V+T", "cross A+V+T"], ["cross A+V+T", "self A+V+T"]]',
        )
    )
    found = compare(results(plan))
    assert len(found) == 4
    p = [one.tests["paired"].test.p for one in found]
    assert [one.tests["paired"].holm for one in found] == list(holm(p))
    assert p[0] == pytest.approx(p[2])  # the same pair, the other way round


def test_pairs_are_of_the_same_fold_and_seed_and_no_others() -> None:
    plan = small_plan()
    made = [one for one in records(plan) if (one.cell, one.fold) != ("cross A+V+T", "fold02")]
    one = compare(collect(plan, about(plan), made))[0]
    by_run = {(r.cell, r.fold): 100 * r.test.balanced_accuracy for r in made}
    gaps = [by_run["self A+V+T", fold] - by_run["cross A+V+T", fold] for fold in ("fold01", "fold03")]
    assert one.difference.n == 2 and one.difference.mean == pytest.approx(sum(gaps) / 2)
    assert one.tests["paired"].test == paired_t(gaps)
    assert one.tests["welch"].test.n == 5


def test_tests_on_fold_means_use_one_difference_for_each_fold() -> None:
    plan = parse_plan(SMALL_PLAN.replace("seeds = [1]", "seeds = [1, 2, 3]"))
    one = compare(results(plan))[0]
    assert one.tests["paired"].test.n == 9 and one.tests["folds"].test.n == 3
    assert one.interval is not None and one.fold_interval is not None
    assert one.fold_interval.mean == pytest.approx(one.interval.mean)


def test_confusion_is_summed_and_each_row_is_a_whole() -> None:
    cell = results().cells[0]
    counts = confusion(cell)
    assert counts.sum() == sum(one.test.n for one in cell.runs)
    assert row_shares(counts).sum(axis=1) == pytest.approx(np.ones(len(CLASSES)))
    picture = confusion_chart(cell, CLASSES)
    assert picture.count("<rect") >= 49 and "surprise" in picture


def test_a_class_without_an_item_has_no_recall() -> None:
    shares = row_shares(np.array([[3, 1], [0, 0]]))
    assert shares[0].tolist() == [0.75, 0.25] and np.isnan(shares[1]).all()


def test_stopped_runs_leave_the_learning_curves() -> None:
    plan = small_plan()
    short, long = record(plan.cells[0], "fold01", 1), record(plan.cells[0], "fold02", 1)
    short, long = (
        replace(short, epochs=short.epochs[:2], best_epoch=1),
        replace(long, epochs=long.epochs[:4], best_epoch=4),
    )
    curves = learning_curves(collect(plan, about(plan), [short, long]).cells[0])
    assert curves is not None
    assert curves.remaining == (2, 2, 1, 1) and curves.best_epoch == 2.5
    assert curves.train_loss[0].mean == pytest.approx((short.epochs[0].train_loss + long.epochs[0].train_loss) / 2)
    assert curves.dev_loss[3].mean == long.epochs[3].dev_loss and curves.dev_loss[3].std is None


def test_a_loss_that_ran_away_is_in_no_mean_and_counted() -> None:
    plan = small_plan()
    one, other = record(plan.cells[0], "fold01", 1), record(plan.cells[0], "fold02", 1)
    broken = replace(one, epochs=(replace(one.epochs[0], dev_loss=math.nan), *one.epochs[1:]))
    curves = learning_curves(collect(plan, about(plan), [broken, other]).cells[0])
    assert curves is not None and curves.diverged == 1
    assert curves.dev_loss[0].n == 1 and curves.dev_loss[0].mean == other.epochs[0].dev_loss


@pytest.mark.parametrize(
    ("deletion", "insertion", "kind", "words"),
    [
        ((0.05, 0.06, 0.07), (0.04, 0.05, 0.06), "yes", "Means something."),
        ((0.002, 0.003, 0.004), (0.002, 0.003, 0.004), "small", "Means little."),
        ((0.05, 0.06, 0.07), (-0.02, 0.0, 0.02), "partly", "more by hiding them, not by showing them"),
        ((-0.02, 0.0, 0.02), (0.05, 0.06, 0.07), "partly", "more by showing them, not by hiding them"),
        ((-0.02, 0.0, 0.02), (-0.01, 0.0, 0.01), "no", "Not shown to mean anything."),
        ((-0.07, -0.06, -0.05), (-0.06, -0.05, -0.04), "misleads", "Misleads."),
    ],
)
def test_what_gains_say_of_a_map(
    deletion: tuple[float, ...], insertion: tuple[float, ...], kind: str, words: str
) -> None:
    """Three runs with these gains; the interval is Student's, over runs."""
    plan = small_plan()
    made = []
    for place, one in enumerate(r for r in records(plan) if r.cell == "self A+V+T"):
        blocks = {
            name: replace(block, deletion_gain=deletion[place], insertion_gain=insertion[place])
            for name, block in one.faithfulness.items()
        }
        made.append(replace(one, faithfulness=blocks))
    blocks_found = block_faithfulness(collect(plan, about(plan), made).cells[0])
    assert [one.title for one in blocks_found] == ["audio at itself", "video at itself", "text at itself"]
    assert blocks_found[0].kind == kind and words in blocks_found[0].reading
    assert blocks_found[0].runs == 3


def test_a_single_run_keeps_its_own_interval() -> None:
    plan = small_plan()
    one = record(plan.cells[0], "fold01", 1)
    block = block_faithfulness(collect(plan, about(plan), [one]).cells[0])[0]
    measured = one.faithfulness[block.block]
    assert (block.deletion.low, block.deletion.high) == measured.deletion_gain_ci


def test_blocks_of_cross_attention_are_named_by_who_looks_at_whom() -> None:
    cell = results().cells[1]
    assert [one.title for one in block_faithfulness(cell)][:2] == ["audio at video", "audio at text"]
    assert conclusion(block_faithfulness(cell)).startswith("Of the maps of 6 attention blocks, ")
    assert conclusion([]) == "No run has measured the faithfulness of its attention."


def test_the_estimate_is_of_the_whole_plan() -> None:
    plan = small_plan()
    made = []
    for one in records(plan):
        if one.cell == "self A+V+T":
            cost = replace(one.cost, epoch_seconds=(2.0,) * len(one.epochs), seconds=2.0 * len(one.epochs) + 5.0)
            made.append(replace(one, cost=cost))
    found = collect(plan, about(plan), made)
    rows = cost_rows(found)
    (estimate,) = estimates(found, rows)
    epochs = sum(len(one.epochs) for one in made) / 3
    assert rows[0].expected_run_s == pytest.approx(2.0 * epochs + 5.0)
    assert estimate.seconds == pytest.approx(6 * (2.0 * epochs + 5.0))  # the other cell counts as this one
    assert estimate.unmeasured == ("cross A+V+T",)
    assert estimate.sentence.startswith("The whole plan of 6 runs on one Example GPU: about ")
    assert "No run of cross A+V+T was timed" in estimate.sentence


def test_devices_are_kept_apart() -> None:
    plan = small_plan()
    made = list(records(plan))
    made[0] = replace(made[0], cost=replace(made[0].cost, device_name="Another"))
    found = collect(plan, about(plan), made)
    rows = cost_rows(found)
    assert [(one.cell, one.device, one.runs) for one in rows][:2] == [
        ("self A+V+T", "Another", 1),
        ("self A+V+T", "Example GPU", 2),
    ]
    assert len(estimates(found, rows)) == 2


def test_the_best_run_is_chosen_on_dev() -> None:
    cell = results().cells[0]
    assert cell.best is not None
    assert cell.best.dev.accuracy == max(one.dev.accuracy for one in cell.runs)
