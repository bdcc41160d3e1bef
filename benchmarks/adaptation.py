"""What correcting the bundled models on one person's labelled recordings brings: before and after, on real speech.

    python -m benchmarks.adaptation --data DATA --out docs/training

DATA holds speech/labels.csv as README.md describes under Training. Of every speaker of the split "dev", whom the
bundle has not learned from, the models are corrected as `attune train fusion --from bundle` does it. Held out are
sentences: a speaker's clips of one half of the sentences are judged by models that learned from the other half. So
nothing that is judged was learned from in another take either. The models of all clips of a speaker are then tried on
the other speakers.

Each speaker is kept in DIR/adaptation.json as soon as it is measured: after a stop the same command goes on. At the
end DIR/adaptation.svg shows before and after, and the table is printed in Markdown.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.plot_adaptation import draw
from engine.config import EMOTIONS, MODALITIES, SessionConfig
from engine.corpora.labelled_items import LabelledItems, open_items
from engine.errors import AttuneError, DataError
from engine.features.word_vectors import load_word_vectors
from engine.files import make_folder, write_atomically
from engine.metrics import score
from engine.models.card import MFCC_SETTINGS
from engine.models.checkpoint import build_model
from engine.models.chosen import load_chosen
from engine.training.adapt.comparison import MEASURES
from engine.training.adapt.fit import Parent, calibrated_logits
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.adapt.report import MEASURE_NAMES, comparison_json
from engine.training.adapt.run import Correction, correct_models
from engine.training.dev import softmax

_MERGED = {"calm": "neutral"}
_RECORD, _PICTURE = "adaptation.json", "adaptation.svg"
_VERSION = 1


def clips(data: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of a manifest by speaker; the column fold is the half of the sentences that a clip is of.

    Raises
    ------
    DataError
        When there is no labels.csv.
    """
    labels = data / "speech" / "labels.csv"
    if not labels.is_file():
        raise DataError(f"there is no {labels}: give the folder that holds speech/labels.csv with --data")
    found: dict[str, list[dict[str, str]]] = {}
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            label = _MERGED.get(row["emotion"], row["emotion"])
            if row["split"] == "dev" and label in EMOTIONS:
                path = (data / "speech" / row["path"]).absolute()
                one = {"id": row["path"], "label": label, "audio": str(path), "fold": sentence_half(path.stem)}
                found.setdefault(row["speaker"], []).append(one)
    return found


def sentence_half(name: str) -> str:
    """Which half of the sentences a clip is of, by its name in RAVDESS or EMO-DB.

    >>> sentence_half("03-01-06-01-02-01-17"), sentence_half("16a02Lb"), sentence_half("16b10Td")
    ('b', 'a', 'b')
    """
    parts = name.split("-")
    return "ab"[int(parts[4]) - 1] if len(parts) == 7 else name[2]


def measure(rows: Sequence[Mapping[str, str]], cache: Path, recipe: AdaptationRecipe) -> Correction:
    """Correct the bundle on one speaker."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = write_manifest(Path(folder) / "speaker.csv", rows)
        chosen = load_chosen(SessionConfig())
        return correct_models(chosen, manifest, recipe, vectors=load_word_vectors(), cache=cache, jobs=0)


def write_manifest(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as a manifest."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def others(correction: Correction, items: LabelledItems) -> dict[str, dict[str, float]]:
    """Figures of the mean of both models, before and after, on the clips of other speakers."""
    every = np.arange(len(items.items))
    before, after = [], []
    for one in correction.models.values():
        parent = Parent(build_model(one.parent), one.parent.card)
        before.append(softmax(calibrated_logits(parent.model, parent, items.utterances, every)))
        logits = calibrated_logits(one.model, parent, items.utterances, every)
        after.append(softmax(logits / one.held_out.factor))
    truth = items.utterances.labels
    scores = {when: score(np.mean(found, axis=0), truth) for when, found in (("before", before), ("after", after))}
    return {when: {name: float(getattr(one, name)) for name in MEASURES} for when, one in scores.items()}


def load_items(rows: Sequence[Mapping[str, str]], cache: Path) -> LabelledItems:
    """Features of some clips."""
    with tempfile.TemporaryDirectory() as folder:
        return open_items(
            write_manifest(Path(folder) / "others.csv", rows),
            EMOTIONS,
            use=("audio",),
            dims=dict(zip(MODALITIES, (120, 256, 50), strict=True)),
            face_encoder=None,
            vectors=None,
            mfcc=dict(MFCC_SETTINGS),
            cache=cache,
            jobs=0,
        )


def table(speakers: Mapping[str, Mapping[str, object]]) -> str:
    """Mean and standard deviation over speakers, before and after, in Markdown."""
    lines = [
        "| held-out sentences of the same speaker | before | after | change | speakers better |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(name, speakers, ("together", "measures", name)) for name in MEASURES]
    lines += [
        "",
        "| clips of the other speakers | before | after | change | speakers better |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(name, speakers, ("others",)) for name in MEASURES]
    return "\n".join(lines) + "\n"


def _row(name: str, speakers: Mapping[str, Mapping[str, object]], way: Sequence[str]) -> str:
    pairs = np.array([pair(one, name, way) for one in speakers.values()])
    change = pairs[:, 1] - pairs[:, 0]
    better = int((change < 0).sum() if name in ("loss", "ece") else (change > 0).sum())
    cells = [f"{values.mean():.3f} ± {values.std(ddof=1):.3f}" for values in pairs.T]
    cells.append(f"{change.mean():+.3f} ± {change.std(ddof=1):.3f}")
    return f"| {MEASURE_NAMES[name]} | {' | '.join(cells)} | {better} of {len(pairs)} |"


def pair(speaker: Mapping[str, object], name: str, way: Sequence[str]) -> tuple[float, float]:
    """A figure of a speaker before and after."""
    found: object = speaker
    for key in way:
        found = found[key]  # type: ignore[index]
    if way[0] == "others":
        return found["before"][name], found["after"][name]  # type: ignore[index]
    return found["before"], found["after"]  # type: ignore[index]


def main() -> None:
    """Measure every speaker that is missing, then draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=None)
    given = parser.parse_args()
    recipe = AdaptationRecipe()
    try:
        make_folder(given.out)
        by_speaker = clips(given.data)
        record = given.out / _RECORD
        key = {"version": _VERSION, "recipe": asdict(recipe), "parents": _parents()}
        kept = json.loads(record.read_text()) if record.is_file() else {}
        speakers = kept["speakers"] if {name: kept.get(name) for name in key} == key else {}
        cache = given.cache or Path(tempfile.gettempdir()) / "attune-adaptation"
        for name, rows in by_speaker.items():
            if name in speakers:
                continue
            found = measure(rows, cache, recipe)
            rest = [row for other, own in by_speaker.items() if other != name for row in own]
            speakers[name] = {
                "clips": found.items,
                "together": comparison_json(found.together),
                "models": {fusion: comparison_json(one.comparison) for fusion, one in found.models.items()},
                "epochs": {fusion: one.held_out.epochs for fusion, one in found.models.items()},
                "others": others(found, load_items(rest, cache)),
            }
            content = json.dumps(key | {"speakers": speakers}, indent=1) + "\n"
            write_atomically(record, lambda draft, content=content: draft.write_text(content))  # type: ignore[misc]
            print(name, {key: round(one, 3) for key, one in _brief(speakers[name]).items()}, flush=True)
        draw(given.out / _PICTURE, speakers)
        print(table(speakers))
    except AttuneError as error:
        raise SystemExit(f"error: {error}") from None


def _parents() -> dict[str, str]:
    return {fusion: one.checksum for fusion, one in load_chosen(SessionConfig()).items()}


def _brief(speaker: Mapping[str, object]) -> dict[str, float]:
    out = {}
    for name in ("accuracy", "loss"):
        out[f"{name} before"], out[f"{name} after"] = pair(speaker, name, ("together", "measures", name))
        _, out[f"{name} others after"] = pair(speaker, name, ("others",))
    return out


if __name__ == "__main__":
    main()
