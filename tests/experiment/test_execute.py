"""Doing a run, and publishing what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.corpora.utterances import FeatureOrigin, Fold
from engine.errors import DataError
from engine.experiment import execute
from engine.experiment.about import About
from engine.experiment.datasets import source_of
from engine.experiment.execute import run_fold
from engine.experiment.jobs import Job, RunResult, all_jobs
from engine.experiment.plan import Plan, parse_plan
from engine.experiment.publish import publish
from engine.experiment.record import RunRecord
from engine.experiment.store import Store
from engine.metrics import score
from engine.models.checkpoint import load_checkpoint
from engine.training.batches import predict
from engine.training.dev import softmax
from engine.training.protocol import Protocol
from tests.training.utterances import DIMS, tiny_fold

CLASSES = ("calm", "cross", "keen")
PLAN = """
name = "tiny"
seeds = [1]
[data]
layout = "folds"
face_encoder = "noise"
vectors = "noise"
[protocol]
max_epochs = 3
learning_rate = 0.005
[[cells]]
name = "self V+T"
fusion = "self"
modalities = ["video", "text"]
preset = "{preset}"
[[cells]]
name = "both V+T"
fusion = "cross+self"
modalities = ["video", "text"]
pooling = "concatenate"
preset = "{preset}"
[[cells]]
name = "T"
fusion = "self"
modalities = ["text"]
preset = "{preset}"
"""


FEATURES = FeatureOrigin(face_encoder="noise", face_dim=DIMS["video"], vectors="noise", text_dim=DIMS["text"])


@dataclass(frozen=True)
class TinyDataset:
    name: str = "tiny"
    classes: tuple[str, ...] = CLASSES
    folds: tuple[str, ...] = ("one",)
    fingerprint: str = "f" * 64
    notes: tuple[str, ...] = ("Made of noise.",)
    features: FeatureOrigin = FEATURES

    def open(self, fold: str) -> Fold:
        return tiny_fold("video")


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def jobs_of(preset: str, tmp_path: Path) -> tuple[Plan, list[Job]]:
    plan = parse_plan(PLAN.format(preset=preset))
    return plan, all_jobs(plan, TinyDataset(), source_of(plan, tmp_path))


def run(job: Job) -> RunResult:
    dataset = TinyDataset()
    return run_fold(job, dataset, dataset.open("one"), lambda epoch: None)


@pytest.mark.parametrize("preset", ["paper", "temporal"])
def test_a_record_says_what_its_weights_do(preset, tmp_path: Path):
    _, jobs = jobs_of(preset, tmp_path)
    result = run(jobs[1])
    record = RunRecord.from_json(dict(result.record))
    (tmp_path / "model.safetensors").write_bytes(result.weights)
    (tmp_path / "model.json").write_bytes(result.card)
    model, card = load_checkpoint(tmp_path / "model")
    fold = tiny_fold("video")
    logits = predict(model, fold.test, Protocol(**jobs[1].protocol), {})
    again = score(softmax(logits / card.temperature), fold.test.labels)
    assert record.test is not None
    assert (record.test.accuracy, record.test.n) == (again.accuracy, len(fold.test))
    assert record.test.ece == pytest.approx(again.ece, abs=1e-6)
    assert card.labels == CLASSES == record.data.classes
    assert set(record.faithfulness) == {
        "video_from_video", "text_from_text", "video_from_text", "text_from_video",
    }  # fmt: skip
    assert card.figures["faithfulness"]["text_from_video"]["n"] == 40
    assert record.parameters == sum(one.numel() for one in model.parameters())


def test_a_run_can_be_repeated_bit_for_bit(tmp_path: Path):
    _, jobs = jobs_of("temporal", tmp_path)
    one, two = run(jobs[0]), run(jobs[0])
    records = [RunRecord.from_json(dict(result.record)).repeatable() for result in (one, two)]
    assert records[0] == records[1]
    assert one.weights == two.weights


def test_training_that_ran_away_says_so(tmp_path: Path, monkeypatch):
    _, jobs = jobs_of("temporal", tmp_path)
    monkeypatch.setattr(execute, "predict", lambda *_: np.full((40, len(CLASSES)), np.nan, np.float32))
    with pytest.raises(DataError, match=r"training ran away.* smaller protocol.learning_rate"):
        run(jobs[0])


@pytest.fixture(scope="module")
def experiment(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("experiment")
    plan, jobs = jobs_of("temporal", folder)
    store = Store(folder, plan, About.of(TinyDataset(), ("one",)))
    for job in jobs:
        store.save(job, run(job))
    return folder


def test_the_best_runs_are_published_with_cards_made_from_their_records(experiment: Path, tmp_path: Path):
    written = publish(experiment, tmp_path / "out", ["self V+T", "both V+T"])
    assert [(one.name, one.cell) for one in written] == [("self", "self V+T"), ("cross+self", "both V+T")]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{name}.{ending}" for name in ("self", "cross+self") for ending in ("json", "md", "onnx", "safetensors")
    )
    text = (tmp_path / "out" / "cross+self.md").read_text()
    record = written[1].run
    assert record.test is not None
    assert f"| one, seed 1 | test | 40 | {record.test.accuracy:.3f} | {record.test.balanced_accuracy:.3f} |" in text
    assert "accuracy (paper: UWA) | balanced accuracy (paper: WA)" in text
    assert "words looks at face" not in text
    assert "words look at face" in text
    assert "Made of noise." in text
    assert "max_epochs = 3" in text
    assert str(experiment) not in text


def test_cells_of_one_name_are_not_published_together(experiment: Path, tmp_path: Path):
    with pytest.raises(DataError, match="would both be written as self"):
        publish(experiment, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_cell_that_is_not_there_is_named(experiment: Path, tmp_path: Path):
    with pytest.raises(DataError, match="self V"):
        publish(experiment, tmp_path / "out", ["self V+X"])
