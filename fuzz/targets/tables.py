"""Manifests, annotations, settings, plans, published folds, and results that are there already."""

from __future__ import annotations

from pathlib import Path

from fuzz.formats import mutate_csv, mutate_json, mutate_npy
from fuzz.target import Target, importing


def _manifest(folder: Path) -> None:
    from engine.corpora.division import divide
    from engine.corpora.manifest import manifest_labels, manifest_modalities, read_manifest

    path = folder / "manifest.csv"
    manifest_modalities(path)
    labels = manifest_labels(path)
    divide(path, read_manifest(path, labels=labels), 3)


def _annotations(folder: Path) -> None:
    from engine.annotations import read_annotations, write_annotations

    found = read_annotations(folder / "annotations.json")
    write_annotations(folder / "again.json", found)
    if read_annotations(folder / "again.json") != found:
        raise AssertionError("what was read is not what was written")


def _settings(folder: Path) -> None:
    from demo.settings import LANGUAGES, MOST_RECENT, THEMES, Settings

    settings = Settings(folder / "window.ini")
    for key in ("theme", "language", "size", "volume", "camera", "geometry", "recent", "a/b"):
        settings.choice(key, THEMES)
        settings.choice(key, LANGUAGES)
        assert 0.0 <= settings.number(key, 1.0, 0.0, 1.0) <= 1.0
        settings.flag(key)
        settings.name(key)
        settings.blob(key)
    assert len(settings.recent) <= MOST_RECENT
    settings.add_recent("/a/recording.mp4")
    settings.put("volume", 0.5)
    settings.save()


def _plan(folder: Path) -> None:
    from engine.experiment.plan import read_plan

    read_plan(folder / "plan.toml")


def _experiment(folder: Path) -> None:
    from engine.experiment.report.load import load_results

    load_results(folder)


def _results(folder: Path) -> None:
    from engine.analysis.results import read_origin

    read_origin(folder)


def _folds(folder: Path) -> None:
    from engine.corpora.folds import open_folds

    data = open_folds(folder, face_encoder="e", vectors="v", classes=("a", "b"))
    fold = data.open(data.folds[0])
    import numpy as np

    fold.train.batch(np.array([0]), ("audio", "video", "text"), full=True)


MANIFESTS = Target(
    name="manifests",
    run=_manifest,
    prepare=importing("engine.corpora.division", "engine.corpora.manifest"),
    mutate={".csv": mutate_csv},
    fixed=tuple(f"audio/{name}.wav" for name in "abcdefgh"),
)
ANNOTATIONS = Target(name="annotations", run=_annotations, mutate={".json": mutate_json})
SETTINGS = Target(name="settings", run=_settings, prepare=importing("demo.settings"))
PLANS = Target(name="plans", run=_plan, prepare=importing("engine.experiment.plan"))
EXPERIMENTS = Target(
    name="experiments",
    run=_experiment,
    prepare=importing("engine.experiment.report.load"),
    mutate={".json": mutate_json},
)
RESULTS = Target(
    name="results", run=_results, prepare=importing("engine.analysis.results"), mutate={".json": mutate_json}
)
FOLDS = Target(name="folds", run=_folds, prepare=importing("engine.corpora.folds"), mutate={".npy": mutate_npy})
