"""Records that look like those of a real experiment, made from nothing but their cell, fold and seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from engine.corpora.utterances import FeatureOrigin
from engine.experiment.about import About
from engine.experiment.cell import run_folder
from engine.experiment.measures import SplitScores
from engine.experiment.plan import Cell, Plan, parse_plan
from engine.experiment.record import Cost, RunData, RunRecord, dump_record
from engine.metrics import Epoch, Faithfulness

CLASSES = ("angry", "excited", "happy", "sad", "frustrated", "surprise", "neutral")
COUNTS = np.array([1103, 1041, 595, 1084, 1849, 107, 1708]) // 5
_SHAPE = np.array([0.06, 0.10, -0.22, 0.12, 0.04, -0.12, 0.02])
FRACTIONS = tuple(round(0.1 * k, 1) for k in range(11))

SMALL_PLAN = """
name = "small"
title = "Six runs"
seeds = [1]
folds = ["fold01", "fold02", "fold03"]
[data]
layout = "folds"
classes = ["angry", "excited", "happy", "sad", "frustrated", "surprise", "neutral"]
face_encoder = "resnet101"
vectors = "glove-840b-300d"
[report]
alpha = 0.05
compare = [["self A+V+T", "cross A+V+T"]]
[[cells]]
name = "self A+V+T"
table = 1
fusion = "self"
modalities = ["audio", "video", "text"]
published = { balanced_accuracy = 58.7, accuracy = 64.2 }
[[cells]]
name = "cross A+V+T"
table = 1
fusion = "cross"
modalities = ["audio", "video", "text"]
published = { balanced_accuracy = 57.8, accuracy = 63.6 }
"""


def small_plan() -> Plan:
    return parse_plan(SMALL_PLAN)


def records(plan: Plan, keep: Callable[[str, str, int], bool] = lambda cell, fold, seed: True) -> Iterator[RunRecord]:
    """A record for each run of the plan that is to be kept (cell, fold, seed)."""
    for cell in plan.cells:
        for fold in plan.folds or ("fold01",):
            for seed in plan.seeds:
                if keep(cell.name, fold, seed):
                    yield record(cell, fold, seed)


def about(plan: Plan, notes: tuple[str, ...] = ()) -> About:
    """The data of a synthetic experiment."""
    return About(
        dataset="IEMOCAP folds",
        classes=CLASSES,
        folds=plan.folds or ("fold01",),
        features=FeatureOrigin(
            face_encoder="resnet101", face_dim=2048, vectors="glove-840b-300d", text_dim=300, mfcc={}
        ),
        fingerprint="synthetic",
        notes=notes,
        trainer_version=1,
        versions={"attune": "0.2.0", "torch": "2.15.0", "python": "3.11.9"},
    )


def write_experiment(folder: Path, plan: Plan, made: Iterable[RunRecord], notes: tuple[str, ...] = ()) -> Path:
    """The folder that a store would have left, without weights."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(plan.text, encoding="utf-8")
    (folder / "experiment.json").write_text(about(plan, notes).dump(), encoding="utf-8")
    for one in made:
        place = folder / run_folder(plan.cell(one.cell), one.fold, one.seed)
        place.mkdir(parents=True, exist_ok=True)
        (place / "record.json").write_text(dump_record(one), encoding="utf-8")
    return folder


def record(cell: Cell, fold: str, seed: int) -> RunRecord:
    """One run; the same each time."""
    rng = np.random.default_rng([zlib.crc32(cell.name.encode()), zlib.crc32(fold.encode()), seed])
    of_fold = np.random.default_rng(zlib.crc32(fold.encode())).normal(0, 0.012)
    target = (cell.published.balanced_accuracy if cell.published else 50.0) / 100 + of_fold + rng.normal(0, 0.011)
    epochs = _epochs(rng, target)
    best = max(epochs, key=lambda one: one.dev_accuracy).epoch
    blocks = [(a, b) for a in cell.modalities for b in cell.modalities if _has(cell.fusion, a == b)]
    epoch_s = 5.0 + 4.0 * len(blocks)
    return RunRecord(
        key=f"{zlib.crc32(f'{cell.name}{fold}{seed}'.encode()):08x}" * 8,
        cell=cell.name,
        fold=fold,
        seed=seed,
        data=RunData(fingerprint="synthetic", classes=CLASSES, train=5516, dev=374, test=int(COUNTS.sum())),
        parameters=900_000 + 83_000 * len(blocks),
        epochs=epochs,
        best_epoch=best,
        dev=_scores(rng, target + 0.01, COUNTS // 3),
        test=_scores(rng, target, COUNTS),
        faithfulness={f"{a}_from_{b}": _faithfulness(rng, a, b) for a, b in blocks},
        cost=Cost(
            device="cuda:0",
            device_name="Example GPU",
            seconds=epoch_s * len(epochs) + 9.0 + float(rng.uniform(0, 2)),
            epoch_seconds=tuple(float(epoch_s * rng.uniform(0.97, 1.05)) for _ in epochs),
            peak_memory_bytes=1_900_000_000 + 60_000_000 * len(blocks),
        ),
        versions={"attune": "0.2.0", "torch": "2.15.0", "numpy": "2.3.0"},
    )


def _has(fusion: str, same: bool) -> bool:
    return fusion == "cross+self" or (fusion == "self") == same


def _epochs(rng: np.random.Generator, level: float) -> tuple[Epoch, ...]:
    count = int(rng.integers(14, 33))
    steps = np.arange(1, count + 1)
    train = 0.45 + 1.45 * np.exp(-steps / 7.0) + rng.normal(0, 0.015, count)
    dev = 1.15 + 0.75 * np.exp(-steps / 3.5) + 0.0009 * (steps - 6).clip(0) ** 1.8 + rng.normal(0, 0.03, count)
    accuracy = (level + 0.06) * (1 - 0.55 * np.exp(-steps / 3.0)) + rng.normal(0, 0.012, count)
    return tuple(
        Epoch(
            epoch=int(step),
            learning_rate=0.001 if step <= 12 else 0.0001,
            train_loss=float(train[step - 1]),
            dev_loss=float(dev[step - 1]),
            dev_accuracy=float(accuracy[step - 1].clip(0, 1)),
            dev_balanced_accuracy=float((accuracy[step - 1] - 0.05).clip(0, 1)),
        )
        for step in steps
    )


def _scores(rng: np.random.Generator, level: float, counts: np.ndarray) -> SplitScores:
    recall = (level + _SHAPE + rng.normal(0, 0.02, len(counts))).clip(0.02, 0.98)
    confusion = np.zeros((len(counts), len(counts)), dtype=int)
    for label, n in enumerate(counts):
        elsewhere = COUNTS * np.exp(-np.abs(np.arange(len(counts)) - label) / 3.0)
        elsewhere[label] = 0
        shares = elsewhere / elsewhere.sum() * (1 - recall[label])
        shares[label] = recall[label]
        confusion[label] = rng.multinomial(n, shares)
    hits = np.diag(confusion)
    found = hits / confusion.sum(axis=1)
    return SplitScores(
        n=int(confusion.sum()),
        accuracy=float(hits.sum() / confusion.sum()),
        balanced_accuracy=float(found.mean()),
        macro_f1=float(found.mean() - 0.01),
        ece=0.08,
        recall=tuple(float(one) for one in found),
        confusion=tuple(tuple(int(one) for one in row) for row in confusion),
    )


def _faithfulness(rng: np.random.Generator, target: str, source: str) -> Faithfulness:
    strength = {"text": 0.09, "audio": 0.03, "video": 0.004}[source] * (1.0 if target == source else 0.5)
    steps = np.array(FRACTIONS)
    bow = steps * (1 - steps) * 4
    noise = rng.normal(0, 0.008)
    chance_out = 0.66 - 0.16 * steps**1.6
    chance_in = 0.50 + 0.16 * steps**0.7
    gains = strength * rng.normal(1.0, 0.35, 2)
    deletion, insertion = chance_out - bow * gains[0], chance_in + bow * gains[1]
    area = [float(np.trapezoid(bow * one, steps)) for one in gains]
    return Faithfulness(
        fractions=FRACTIONS,
        deletion=tuple((deletion + noise).tolist()),
        deletion_random=tuple((chance_out + noise).tolist()),
        insertion=tuple((insertion + noise).tolist()),
        insertion_random=tuple((chance_in + noise).tolist()),
        deletion_gain=area[0],
        insertion_gain=area[1],
        deletion_gain_ci=(area[0] - 0.006, area[0] + 0.006),
        insertion_gain_ci=(area[1] - 0.006, area[1] + 0.006),
        n=200,
    )
