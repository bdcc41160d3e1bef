from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.experiment.estimate import Estimate
from engine.experiment.jobs import all_jobs
from engine.experiment.measures import SplitScores
from engine.experiment.record import OtherVersion, RunRecord, dump_record, load_record
from engine.metrics import score
from tests.experiment.fakes import FakeDataset, epoch_record, run_record, tiny_plan, tiny_source


@pytest.fixture
def record() -> RunRecord:
    plan = tiny_plan()
    job = all_jobs(plan, FakeDataset(), tiny_source(plan))[0]
    return run_record(job, (epoch_record(1, job.key), epoch_record(2, job.key)))


def test_what_is_written_is_read(record: RunRecord) -> None:
    text = dump_record(record)
    assert load_record(text) == record and dump_record(load_record(text)) == text
    assert not {"cost", "versions"} & record.repeatable().keys()


def test_losses_that_ran_away_are_kept(record: RunRecord) -> None:
    lost = replace(record, epochs=(replace(record.epochs[0], dev_loss=math.nan), record.epochs[1]))
    assert math.isnan(load_record(dump_record(lost)).epochs[0].dev_loss)


def test_scores_as_they_are_measured() -> None:
    scores = score(np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0]]), np.array([0, 1]))
    kept = SplitScores.of(scores)
    assert kept.recall == (1.0, 0.0, None) and kept.confusion == ((1, 0, 0), (1, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "other", "format must be one of attune-run"),
        ("key", None, "key must be a text"),
        ("seed", -1, "seed must be a whole number"),
        ("epochs", [], "epochs must be a list"),
        ("epochs.1.epoch", 5, "epochs must be numbered"),
        ("epochs.0.dev_accuracy", 1.5, r"epochs\[0\].dev_accuracy must be a number from 0 to 1"),
        ("best_epoch", 3, "best_epoch must be a whole number from 1 to 2"),
        ("dev.recall", [0.5], "dev.recall must be a list of 2 numbers"),
        ("dev.confusion", [[1, 2]], "dev.confusion must be 2 lists of 2 counts"),
        ("dev.confusion", [[1, 2], [0, "x"]], "dev.confusion must hold counts"),
        ("test.n", 11, "test.confusion must sum to n, which is 11"),
        ("faithfulness.audio_from_audio.deletion", [0.5], "curves must be of one length"),
        ("faithfulness.audio_from_audio.deletion_gain_ci", [1, 0], "the lower one first"),
        ("cost.seconds", "long", "cost.seconds must be a number"),
    ],
)
def test_damage_is_named(path: str, value: object, message: str, record: RunRecord) -> None:
    content = json.loads(dump_record(record))
    *way, last = path.split(".")
    place: Any = content
    for one in way:
        place = place[int(one) if one.isdigit() else one]
    place[last] = value
    with pytest.raises(ValueError, match=message):
        RunRecord.from_json(content)


def test_another_version(record: RunRecord) -> None:
    with pytest.raises(OtherVersion, match="format version 2, and this Attune reads 1"):
        RunRecord.from_json(record.to_json() | {"format_version": 2})


def test_time_left_follows_from_what_runs_took(record: RunRecord) -> None:
    assert Estimate().left_s([("x", 0)], 1) is None
    slow = replace(record, cell="slow", cost=replace(record.cost, seconds=100))
    quick = replace(record, cell="quick", cost=replace(record.cost, seconds=20))
    estimate = Estimate([slow, quick, quick])
    assert estimate.left_s([("slow", 0), ("quick", 0), ("new", 0)], 1) == 100 + 20 + 60
    assert estimate.left_s([("slow", 40), ("quick", 1000)], 2) == 30
