"""How long one step of both fusion models takes: PyTorch against ONNX Runtime, one thread each.

Run ``python -m benchmarks.bench_fusion`` in the checkout. A step is one utterance window through the self- and the
cross-attention model, with probabilities and all attention weights. The ways take turns, so a busy machine slows
them alike; compare the ratios. Weights are random, as they do not change the time.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from engine.config import EMOTIONS, Fusion
from engine.models.fusion import FusionConfig, FusionModel, Preset
from engine.models.onnx import MAX_FRAMES, OnnxBackend, export_onnx

FUSIONS: tuple[Fusion, ...] = ("self", "cross")
SIZES = {"paper": {"audio": 120, "video": 2048, "text": 300}, "temporal": {"audio": 120, "video": 256, "text": 50}}


def prepare(preset: Preset, frames: dict[str, int], folder: Path) -> dict[str, Callable[[], object]]:
    """One callable per backend that runs a step of both models over the same window."""
    random = np.random.default_rng(0)
    arrays = {
        name: random.normal(size=(1, frames[name], dim)).astype(np.float32) for name, dim in SIZES[preset].items()
    }
    present = np.ones((1, 3), bool)
    tensors = {name: torch.tensor(x) for name, x in arrays.items()}
    models = [FusionModel(FusionConfig(fusion=one, preset=preset, dims=SIZES[preset])).eval() for one in FUSIONS]
    graphs = [
        OnnxBackend(export_onnx(model, folder / f"{preset}-{model.config.fusion}.onnx"), model.config)
        for model in models
    ]

    def in_torch() -> None:
        with torch.inference_mode():
            for model in models:
                model(**tensors, present=torch.tensor(present) if preset == "temporal" else None)

    def in_onnx() -> None:
        for graph in graphs:
            graph.run(arrays, present)

    return {"torch": in_torch, "ONNX Runtime": in_onnx}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30, help="repetitions of each way (default 30)")
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    full = dict(MAX_FRAMES)
    short = {"audio": 300, "video": 9, "text": 8}
    with tempfile.TemporaryDirectory() as folder:
        ways = {
            (f"{preset}, {length}", backend): step
            for preset, length, frames in (
                ("paper", "10 s (padded)", full),
                ("temporal", "10 s", full),
                ("temporal", "3 s", short),
            )
            for backend, step in prepare(preset, frames, Path(folder)).items()  # type: ignore[arg-type]
        }
        taken: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
        for index in range(rounds + 3):  # three rounds to warm up
            for way, step in ways.items():
                begin = time.perf_counter()
                step()
                if index >= 3:
                    taken[way].append(1000 * (time.perf_counter() - begin))
    medians = {way: statistics.median(times) for way, times in taken.items()}
    slowest = medians[("paper, 10 s (padded)", "torch")]
    print(f"self + cross, {len(EMOTIONS)} classes, one thread, median of {rounds}")
    for (name, backend), median in medians.items():
        best = min(taken[(name, backend)])
        print(f"{name:22} {backend:13} {median:7.2f} ms (best {best:6.2f}) {slowest / median:5.1f}x")


if __name__ == "__main__":
    main()
