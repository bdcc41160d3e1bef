"""What ``attune train`` does: load the data, train every seed, keep the best on dev, write it with its card."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from engine.config import EMOTIONS, MODALITIES, Fusion
from engine.files import write_atomically
from engine.metrics import Scores, score
from engine.models.checkpoint import CheckpointCard, save_checkpoint
from engine.models.face_cnn import FACE_SIZE
from engine.models.face_export import export_face_encoder
from engine.models.fusion import FusionModel
from engine.models.onnx import export_onnx
from engine.training.calibration import fit_temperature, unsure_threshold
from engine.training.dev import Trial, dev_trials, logits_of, softmax
from engine.training.face import FaceTrainingConfig, train_face
from engine.training.face_data import load_faces
from engine.training.face_files import FaceEncoderFiles, save_face_weights
from engine.training.face_views import embed_faces
from engine.training.fusion import FusionTrainingConfig, Teachers, train_fusion
from engine.training.model_card import DATA, face_card, fusion_card
from engine.training.speech_data import load_speech
from engine.training.teachers import BRANCHES, FaceTeacher, load_teacher
from engine.training.text_data import load_text
from engine.training.windows import Corpora, WindowRecipe

if TYPE_CHECKING:
    from engine.features.word_vectors import WordVectors

FACE_ENCODER_NAME = "attune-face-1"
SPEECH_VIEWS = 6
FACE_VIEWS = 2
TEACHERS = 1
SURE_ACCURACY = 0.85
"""Share of right answers that a top probability must promise on dev to count as sure."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model, its calibration, and its dev scores after calibration."""

    seed: int
    model: FusionModel
    temperature: float
    threshold: float
    scores: dict[str, Scores]


def train_face_command(data: Path, out: Path, epochs: int | None, seeds: int) -> None:
    """Train the face encoder with ``seeds`` seeds; write the best one on dev to ``out``.

    Writes face_encoder.onnx, face_encoder.safetensors, face_encoder.json and face_encoder.md.
    """
    train, ferplus, photographs = load_faces(data / "faces")
    recipe = FaceTrainingConfig() if epochs is None else FaceTrainingConfig(epochs=epochs, small_epochs=epochs // 2)
    runs = []
    for seed in range(seeds):
        config = FaceTrainingConfig(**{**asdict(recipe), "seed": seed})
        runs.append((seed, *train_face(config, train, {"FER+ dev": ferplus, "photographs": photographs})))
    seed, model, _ = max(runs, key=lambda run: run[2]["FER+ dev"].accuracy + run[2]["FER+ dev"].macro_f1)
    out.mkdir(parents=True, exist_ok=True)
    model = model.half().float()  # the same weights in both files
    save_face_weights(model, out / "face_encoder.safetensors")
    export_face_encoder(model, out / "face_encoder.onnx")
    card = {
        "name": FACE_ENCODER_NAME,
        "embedding_dim": model.config.embedding_dim,
        "input_size": FACE_SIZE,
        "recipe": asdict(recipe),
        "seed": seed,
        "data": {name: DATA[name] for name in ("FER2013", "FER+", "facial_expressions")},
        "figures": {f"seed {one}": {name: figures(s) for name, s in found.items()} for one, _, found in runs},
    }
    write_json(out / "face_encoder.json", card)
    write_text(out / "face_encoder.md", face_card(card))


def train_fusion_command(data: Path, out: Path, fusion: str, seeds: int, cache: Path | None) -> None:
    """Train the fusion models with ``seeds`` seeds each; write the best ones on dev to ``out``.

    Uses the face encoder in ``out`` if there is one, else the bundled one. Writes, for every fusion,
    NAME.safetensors, NAME.json, NAME.onnx and NAME.md.
    """
    from platformdirs import user_cache_path

    from engine.features.word_vectors import load_word_vectors

    vectors = load_word_vectors(None)
    encoder = FaceEncoderFiles.find(out)
    kept = cache or user_cache_path("attune") / "training"
    train, dev = load_corpora(data, encoder, vectors, kept)
    teachers: dict[str, list[nn.Module]] = {
        name: [load_teacher(name, seed, train, dev, kept) for seed in range(TEACHERS)] for name in BRANCHES
    }
    teachers["video"] = [FaceTeacher(encoder.load()).eval()]
    trials = dev_trials(dev, MODALITIES)
    kinds: tuple[Fusion, ...] = ("self", "cross")
    for kind in kinds:
        if fusion not in ("both", kind):
            continue
        runs = [_train_one(kind, seed, train, trials, teachers) for seed in range(seeds)]
        best = max(runs, key=lambda run: merit(run.scores))
        save_bundle(out, kind, best, _card(encoder, vectors, runs, best))


def load_corpora(data: Path, encoder: FaceEncoderFiles, vectors: WordVectors, cache: Path) -> tuple[Corpora, Corpora]:
    """Training and dev items of all three modalities, with their features cached under ``cache``."""
    train_faces, dev_faces, _ = load_faces(data / "faces")
    text, network = data / "text" / "emotion_text.tsv", encoder.load()
    train = Corpora(
        speech=load_speech(data / "speech", "train", SPEECH_VIEWS, cache),
        faces=embed_faces(train_faces, network, FACE_VIEWS, cache),
        text=load_text(text, "train", vectors),
    )
    dev = Corpora(
        speech=load_speech(data / "speech", "dev", 0, cache),
        faces=embed_faces(dev_faces, network, 0, cache),
        text=load_text(text, "dev", vectors),
    )
    return train, dev


def save_bundle(out: Path, kind: Fusion, best: Trained, card: CheckpointCard) -> None:
    """Write a fusion model as NAME.safetensors, NAME.json, NAME.onnx and NAME.md."""
    save_checkpoint(out, kind, best.model, card)
    export_onnx(best.model, out / f"{kind}.onnx")
    write_text(out / f"{kind}.md", fusion_card(kind, card))


def _card(encoder: FaceEncoderFiles, vectors: WordVectors, runs: Sequence[Trained], best: Trained) -> CheckpointCard:
    recipe = asdict(FusionTrainingConfig(seed=best.seed))
    subsets = {"+".join(names): share for names, share in WindowRecipe().subsets.items()}
    return CheckpointCard(
        face_encoder=encoder.name,
        face_dim=encoder.dim,
        vectors=vectors.name,
        text_dim=vectors.dim,
        temperature=best.temperature,
        unsure_threshold=best.threshold,
        training={"recipe": recipe | {"windows": recipe["windows"] | {"subsets": subsets}}, "data": DATA},
        figures={f"seed {run.seed}": {name: figures(s) for name, s in run.scores.items()} for run in runs},
    )


def _train_one(kind: Fusion, seed: int, train: Corpora, trials: Sequence[Trial], teachers: Teachers) -> Trained:
    model, _ = train_fusion(FusionTrainingConfig(seed=seed), train, trials, fusion=kind, teachers=teachers)
    logits = [logits_of(model, trial) for trial in trials]
    labels = [trial.labels for trial in trials]
    temperature = fit_temperature(logits, labels)
    answers = [softmax(one / temperature) for one in logits]
    threshold = unsure_threshold(np.concatenate(answers), np.concatenate(labels), SURE_ACCURACY)
    scores = {trial.name: score(answer, trial.labels) for trial, answer in zip(trials, answers, strict=True)}
    return Trained(seed, model, temperature, threshold, scores)


def merit(scores: dict[str, Scores]) -> float:
    """What the best seed is chosen by: the mean of the figures that matter, less the calibration error."""
    face, voice, words, together = scores["video"], scores["audio"], scores["text"], scores["all"]
    parts = (
        (face.accuracy + face.macro_f1) / 2,
        voice.balanced_accuracy,
        (words.accuracy + words.macro_f1) / 2,
        together.accuracy - together.ece,
    )
    return float(np.mean(parts))


def figures(scores: Scores) -> dict[str, object]:
    """Scores as plain numbers for a JSON card."""
    return {
        "n": scores.n,
        "accuracy": round(scores.accuracy, 4),
        "balanced_accuracy": round(scores.balanced_accuracy, 4),
        "macro_f1": round(scores.macro_f1, 4),
        "ece": round(scores.ece, 4),
        "recall": {
            name: None if math.isnan(value) else round(value, 4)
            for name, value in zip(EMOTIONS, scores.recall, strict=True)
        },
    }


def write_json(path: Path, value: object) -> None:
    """Write JSON so that it appears complete or not at all."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text so that it appears complete or not at all."""
    write_atomically(path, lambda draft: draft.write_text(text, encoding="utf-8"))
