"""What a fused step would save if models went on from what they computed for the window before.

    python -m benchmarks.bench_incremental
    python -m benchmarks.bench_incremental --data DATA --cache CACHE    # how right a chunked GRU is

Prints, for the bundled self- and cross-attention models together, on one thread, where the time of a step goes, and
how long the steps of an utterance take that grows by half a second each, with several things kept
(`benchmarks.kept_state`) and with nothing. Times are processor time, and all ways take turns on each window, so compare
the ratios. With DATA (README.md describes it under Training) it scores the bundled weights on dev instead, with the
backward GRU of the voice cut into chunks.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np
import torch

from benchmarks.kept_state import ChunkedGRU, Kept, KeptState
from engine.config import MODALITIES
from engine.features.onnx_session import import_onnxruntime, open_session
from engine.models.checkpoint import load_checkpoint
from engine.models.encoders import TemporalEncoder
from engine.models.fusion import FusionModel
from engine.models.onnx_export import export_onnx
from engine.types import FloatArray

STEP_S = 0.5
LONGEST_S = 10.0
_SHOWN_S = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0)
_KEPT: tuple[Kept, ...] = ("convolutions", "forward", "chunked", "causal")
_CUTS = ((1, 0), (2, 0), (4, 0), (8, 0), (8, 1), (12, 0), (12, 1), (16, 0), (25, 0), (25, 1), (50, 1))
_PARTS = {"convolutions": ("/convs.", "/norms."), "GRU of the voice": ("/audio/gru/GRU",), "other GRUs": ("/gru/GRU",)}
_REST = "attention, the rest"

Window = dict[str, FloatArray]


def growing_utterance() -> Iterator[tuple[float, Window]]:
    """Windows of one utterance: 100 frames of sound, 3 faces and 2.5 words a second. The numbers do not matter."""
    random = np.random.default_rng(0)
    sizes = {"audio": (1000, 120, 100), "video": (32, 256, 3), "text": (128, 50, 2.5)}
    every = {name: random.normal(size=(1, most, dim)).astype(np.float32) for name, (most, dim, _) in sizes.items()}
    for end_s in np.arange(STEP_S, LONGEST_S + STEP_S, STEP_S):
        window = {name: x[:, : max(1, int(sizes[name][2] * end_s))] for name, x in every.items()}
        yield float(end_s), window | {"present": np.ones((1, 3), bool)}


def time_steps(models: list[FusionModel], chunk: int, rounds: int) -> dict[tuple[str, float], float]:
    """Seconds of both models' step by way and length of window; the fifth part of the rounds was faster."""
    with TemporaryDirectory() as folder:
        graphs = [export_onnx(model, Path(folder) / f"{model.config.fusion}.onnx") for model in models]
        whole = [open_session(path) for path in graphs]
    kept = {way: [KeptState(model, way, chunk) for model in models] for way in _KEPT}
    alone = [KeptState(model, "convolutions", chunk) for model in models]
    spent: dict[tuple[str, float], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for runs in kept.values():
            for one in runs:
                one.forget()
        for end_s, window in growing_utterance():
            ways: dict[str, Callable[[], list[list[FloatArray]]]] = {
                "nothing": lambda w=window: [session.run(None, w) for session in whole],
                **{way: lambda w=window, runs=runs: [one.run(w) for one in runs] for way, runs in kept.items()},
                "from scratch": lambda w=window: [_alone(one, w) for one in alone],
            }
            found = {}
            for way, run in ways.items():
                began = time.thread_time()
                found[way] = run()
                spent[way, end_s].append(time.thread_time() - began)
            _require_same_bits(found["convolutions"], found["from scratch"])
    return {key: float(np.percentile(values, 20)) for key, values in spent.items()}


def _alone(one: KeptState, window: Window) -> list[FloatArray]:
    one.forget()
    return one.run(window)


def _require_same_bits(ours: list[list[FloatArray]], theirs: list[list[FloatArray]]) -> None:
    for a, b in zip(ours, theirs, strict=True):
        if not all(np.array_equal(x, y) for x, y in zip(a, b, strict=True)):
            raise AssertionError("a window that went on from another gives other bits than the window alone")


def time_parts(models: list[FusionModel], window: Window) -> dict[str, float]:
    """Microseconds of the parts of both models' step, as ONNX Runtime's profile has them."""
    onnxruntime = import_onnxruntime()

    spent: dict[str, float] = defaultdict(float)
    with TemporaryDirectory() as folder:
        for model in models:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_profiling, options.profile_file_prefix = True, f"{folder}/profile"
            path = export_onnx(model, Path(folder) / "model.onnx")
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            for _ in range(100):
                session.run(None, window)
            nodes = defaultdict(list)
            for event in json.loads(Path(session.end_profiling()).read_text()):
                if event["name"].endswith("_kernel_time"):
                    nodes[event["name"]].append(event["dur"])
            for name, durations in nodes.items():
                part = (part for part, marks in _PARTS.items() if any(mark in name for mark in marks))
                spent[next(part, _REST)] += float(np.median(durations))
    return spent


def score_cuts(models: list[FusionModel], data: Path, cache: Path) -> Iterator[str]:
    """Balanced accuracy on dev with the backward GRU of the voice as it is and in chunks, a line each."""
    from engine.features.word_vectors import load_word_vectors
    from engine.training.dev import dev_trials, score_trials
    from engine.training.face_data import load_faces
    from engine.training.face_files import FaceEncoderFiles
    from engine.training.face_views import embed_faces
    from engine.training.speech_data import load_speech
    from engine.training.text_data import load_text
    from engine.training.windows import Corpora

    network = FaceEncoderFiles.find(data).load()
    dev = Corpora(
        speech=load_speech(data / "speech", "dev", 0, cache),
        faces=embed_faces(load_faces(data / "faces")[1], network, 0, cache),
        text=load_text(data / "text" / "emotion_text.tsv", "dev", load_word_vectors(None)),
    )
    trials = [trial for trial in dev_trials(dev, MODALITIES) if "audio" in trial.frames]
    yield "| model | chunk, seen after it | " + " | ".join(trial.name for trial in trials) + " |"
    yield "|---|---|" + "---|" * len(trials)
    for model in models:
        encoder = cast(TemporalEncoder, model.encoders["audio"])
        as_it_is = encoder.gru
        for cut in (None, *_CUTS):
            encoder.gru = as_it_is if cut is None else ChunkedGRU(as_it_is, *cut)  # type: ignore[assignment]
            scores = score_trials(model, trials)
            label = "as it is" if cut is None else f"{cut[0]}, {cut[0] * cut[1]}"
            figures = " | ".join(f"{scores[trial.name].balanced_accuracy:.3f}" for trial in trials)
            yield f"| {model.config.fusion} | {label} | {figures} |"
        encoder.gru = as_it_is


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunk", type=int, default=8, help="positions of a chunk, 80 ms each (default 8)")
    parser.add_argument("--rounds", type=int, default=30, help="repetitions (default 30)")
    parser.add_argument("--data", type=Path, help="training data: score chunked models on dev instead")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="where features are kept (default ./cache)")
    parser.add_argument("--models", type=Path, default=Path(str(files("assets"))), help="folder of self and cross")
    given = parser.parse_args()
    torch.set_num_threads(1)
    models = [load_checkpoint(given.models / f"{name}.safetensors")[0].eval() for name in ("self", "cross")]
    if given.data is not None:
        for line in score_cuts(models, given.data, given.cache):
            print(line, flush=True)
        return
    windows = dict(growing_utterance())
    print("microseconds of both models, by ONNX Runtime's profile\n")
    for end_s in (2.0, 5.0, 10.0):
        parts = time_parts(models, windows[end_s])
        total = sum(parts.values())
        print(f"{end_s:4.1f} s: " + ", ".join(f"{name} {us:.0f} ({us / total:.0%})" for name, us in parts.items()))
    spent = time_steps(models, given.chunk, given.rounds)
    ways = ("nothing", *_KEPT, "from scratch")
    print(f"\nms of both models, with this kept in chunks of {given.chunk} positions\n")
    print("| window | " + " | ".join(ways) + " |\n|---|" + "---|" * len(ways))
    for end_s in _SHOWN_S:
        print(f"| {end_s} s | " + " | ".join(f"{1e3 * spent[way, end_s]:.2f}" for way in ways) + " |")
    for until_s in (5.0, LONGEST_S):
        means = [np.mean([spent[way, end_s] for end_s in windows if end_s <= until_s]) for way in ways]
        print(f"| mean to {until_s} s | " + " | ".join(f"{1e3 * mean:.2f}" for mean in means) + " |")


if __name__ == "__main__":
    main()
