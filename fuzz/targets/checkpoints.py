"""Fusion models and face encoders that somebody has sent: weights, cards and graphs."""

from __future__ import annotations

import re
from pathlib import Path

from fuzz.formats import Files, mutate_json, mutate_proto, mutate_safetensors
from fuzz.target import Target, importing


def _prepare() -> None:
    from engine.features.onnx_session import import_onnxruntime

    import_onnxruntime()
    importing("engine.features.face_encoder", "engine.models.predictor")()


def _run(folder: Path) -> None:
    import numpy as np

    from engine.models.chosen import checkpoint_at
    from engine.models.predictor import make_predictor
    from engine.models.stored import read_checkpoint
    from engine.types import UtteranceWindow, Word

    one = read_checkpoint(checkpoint_at(folder / "model"))
    if not (folder / "model.onnx").is_file():
        return  # it would be traced now, which takes PyTorch
    predictor = make_predictor({one.config.fusion: one})
    count = 3
    dims = {name: one.config.dims.get(name, 0) for name in ("audio", "video", "text")}
    window = UtteranceWindow(
        start_s=0.0,
        end_s=1.0,
        audio=np.zeros((count, dims["audio"]), np.float32),
        audio_times_s=np.arange(count) / 3,
        video=np.zeros((count, dims["video"]), np.float32),
        video_times_s=np.arange(count) / 3,
        text=np.zeros((count, dims["text"]), np.float32),
        text_times_s=np.arange(count) / 3,
        words=tuple(Word(text="a", start_s=k / 3, end_s=k / 3, confidence=1.0, final=True) for k in range(count)),
    )
    for outcome in predictor.predict(window).values():
        assert outcome.probabilities.shape == (len(one.card.labels),)
    predictor.subsets(window)


def _run_encoder(folder: Path) -> None:
    import numpy as np

    from engine.features.face_encoder import find_face_encoder, read_card

    name = read_card(folder / "face_encoder.json").name
    encoder = find_face_encoder(name, folder)
    encoder.encode([np.zeros((40, 40, 3), np.uint8)])


def _mend(files: Files) -> Files:
    """Let card and graph name the checksum of the weights that are there."""
    from safetensors.numpy import load

    from engine.models.weights import arrays_sha256

    try:
        checksum = arrays_sha256(load(files["model.safetensors"]).items())
    except Exception:  # such weights belong to nothing
        return files
    named = _CHECKSUM.search(files.get("model.json", b""))
    if named is None:
        return files
    return {name: data.replace(named[1], checksum.encode()) for name, data in files.items()}


_CHECKSUM = re.compile(rb'"weights_sha256": *"([0-9a-f]{64})"')
_MUTATE = {".json": mutate_json, ".safetensors": mutate_safetensors, ".onnx": mutate_proto}

CHECKPOINTS = Target(name="checkpoints", run=_run, prepare=_prepare, mutate=_MUTATE, mend=_mend, cpu_s=30)
FACE_ENCODERS = Target(name="face-encoders", run=_run_encoder, prepare=_prepare, mutate=_MUTATE, cpu_s=30)
