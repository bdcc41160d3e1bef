"""What ``attune train face`` does: train every seed, keep the best on dev, write it with its card."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path

from engine.config import EMOTIONS
from engine.features.face_cnn import FACE_SIZE
from engine.files import write_atomically
from engine.metrics import Scores
from engine.training.face import FaceTrainingConfig, train_face
from engine.training.face_data import load_faces
from engine.training.face_files import save_face_weights
from engine.training.face_graph import write_graph
from engine.training.model_card import DATA, face_card

FACE_ENCODER_NAME = "attune-face-1"


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
    graph = write_graph(model.eval(), train, ferplus, out / "face_encoder.onnx")
    card = {
        "name": FACE_ENCODER_NAME,
        "embedding_dim": model.config.embedding_dim,
        "input_size": FACE_SIZE,
        "recipe": asdict(recipe),
        "seed": seed,
        "data": {name: DATA[name] for name in ("FER2013", "FER+", "facial_expressions")},
        "graph": graph,
        "figures": {f"seed {one}": {name: figures(s) for name, s in found.items()} for one, _, found in runs},
    }
    write_json(out / "face_encoder.json", card)
    write_text(out / "face_encoder.md", face_card(card))


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
