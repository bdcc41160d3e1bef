"""How long one training epoch of the self-attention model takes, against the published way of doing it.

Run ``python -m benchmarks.bench_epoch`` in the checkout. Both ways train the same shape (paper preset, voice, faces and
words of the published dimensions, batches of 32) on the same random utterances, in turns within one process, so a busy
machine slows them alike; compare the ratio. An epoch includes its evaluation.

published : double precision, ``nn.GRU`` and ``nn.MultiheadAttention``, all features as tensors up front, evaluation of
    the validation and the test utterances in every epoch.
attune : ``engine.training.trainer.train`` on the published folds, read from files.

The parts are timed on their own, forward and backward, so their sum is not quite the epoch.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor

from benchmarks.published import BATCH, PublishedWay, Work, there_and_back
from engine.bench.published import CLASSES, DIMS, STEPS
from engine.config import FUSIONS, MODALITIES, Fusion
from engine.corpora.folds import open_folds
from engine.corpora.utterances import Fold
from engine.models.fusion import FusionConfig, FusionModel
from engine.training.batches import batches
from engine.training.protocol import Protocol
from engine.training.trainer import train


class AttuneWay:
    """Training as Attune does it."""

    def __init__(self, fold: Fold, fusion: str, device: str) -> None:
        torch.manual_seed(0)
        self.fold, self.device = fold, device
        self.protocol = Protocol.of("paper", batch=BATCH, max_epochs=1)
        self.config = FusionConfig(fusion=cast(Fusion, fusion), preset="paper", dims=DIMS, classes=CLASSES)
        self.model = FusionModel(self.config).to(device).train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, fused=True)

    def epoch(self) -> None:
        train(self.config, self.protocol, self.fold, seed=1, device=self.device)

    @torch.no_grad()
    def evaluate(self) -> None:
        self.model.eval()
        for inputs, _, _ in batches(self.fold.dev, self.config, self.protocol, {}, torch.device(self.device)):
            self.model(**inputs)
        self.model.train()

    def data(self) -> dict[str, Tensor]:
        rows = np.arange(min(BATCH, len(self.fold.train)))
        batch = self.fold.train.batch(rows, MODALITIES, full=True)
        return {name: torch.from_numpy(x).to(self.device) for name, x in batch.inputs.items()}

    def parts(self) -> dict[str, Work]:
        inputs, encoders = self.data(), self.model.encoders
        convolved = {name: encoders[name].conv(x).detach() if name != "text" else x for name, x in inputs.items()}
        encoded = self.model.encode(inputs, None)
        states = {name: h.detach().requires_grad_() for name, h in encoded.states.items()}
        learned = {name: x.requires_grad_(name != "text") for name, x in convolved.items()}

        def attend() -> None:
            vectors, _ = self.model.attend(type(encoded)(states, encoded.valid), maps=False)
            there_and_back(torch.cat(list(vectors.values())))

        return {
            "convolutions": lambda: [there_and_back(encoders[name].conv(inputs[name])) for name in ("audio", "video")],
            "GRUs": lambda: [there_and_back(encoders[name].gru(x)) for name, x in learned.items()],
            "attention": attend,
            "optimizer": self.optimizer.step,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class Timer:
    """Times work: on one thread of the processor by the time that it had, which other programs hardly change."""

    device: str

    def seconds(self, work: Work) -> float:
        alone = self.device == "cpu" and torch.get_num_threads() == 1
        clock = time.process_time if alone else time.perf_counter
        self._wait()
        began = clock()
        work()
        self._wait()
        return clock() - began

    def _wait(self) -> None:
        if self.device.startswith("cuda"):
            torch.cuda.synchronize()


def write_fold(folder: Path, utterances: int) -> None:
    """One fold of random utterances in the shares of the published ones: 80 % train, 5 % dev, 15 % test."""
    random = np.random.default_rng(0)
    place = folder / "fold01"
    place.mkdir()
    np.save(folder / "W_embedding.npy", random.normal(size=(1000, DIMS["text"])).astype(np.float32))
    for split, share in (("train", 0.8), ("dev", 0.05), ("test", 0.15)):
        count = max(1, round(utterances * share))
        for name, key in (("audio", "audio_mfcc"), ("video", "video")):
            shape = (count, STEPS[name][0], DIMS[name])
            np.save(place / f"{split}_{key}.npy", random.standard_normal(shape, dtype=np.float32))
            np.save(place / f"{split}_{name}_seqN.npy", np.full(count, STEPS[name][0]))
        np.save(place / f"{split}_nlp_trans.npy", random.integers(0, 1000, (count, STEPS["text"][0])))
        np.save(place / f"{split}_label.npy", np.arange(count) % CLASSES)


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Seconds of every epoch and of every part of a step."""
    write_fold(folder, arguments.utterances)
    fold = open_folds(folder, classes=[str(k) for k in range(CLASSES)], face_encoder="random", vectors="random").open(
        "fold01"
    )
    ways = {
        "published": PublishedWay(fold, arguments.device),
        "attune": AttuneWay(fold, arguments.fusion, arguments.device),
    }
    timer = Timer(arguments.device)
    for way in ways.values():
        way.parts()["GRUs"]()  # warms up
    epochs: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.epochs):
        for name, way in ways.items():
            epochs[name].append(timer.seconds(way.epoch))
    steps = -(-len(fold.train) // BATCH)
    parts: dict[str, dict[str, float]] = {name: {} for name in ways}
    works = {name: way.parts() for name, way in ways.items()}
    for part in works["attune"]:
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(arguments.repeats):
            for name in ways:
                taken[name].append(timer.seconds(works[name][part]))
        for name in ways:
            parts[name][part] = statistics.median(taken[name]) * steps
    for name, way in ways.items():
        parts[name]["evaluation"] = timer.seconds(way.evaluate)
    return {
        "device": arguments.device,
        "device_name": torch.cuda.get_device_name() if arguments.device.startswith("cuda") else "processor",
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "fusion": arguments.fusion,
        "utterances": {"train": len(fold.train), "dev": len(fold.dev), "test": len(fold.test)},
        "epoch_seconds": epochs,
        "part_seconds": parts,
        "ratio": statistics.median(epochs["published"]) / statistics.median(epochs["attune"]),
    }


def show(result: dict[str, object]) -> None:
    """Print the table."""
    epochs, parts, counts = result["epoch_seconds"], result["part_seconds"], result["utterances"]
    print(
        f"one epoch of {counts['train']} utterances ({counts['dev']} dev, {counts['test']} test), batches of {BATCH}, "
    )
    print(f"{result['device_name']}, {result['threads']} threads, torch {result['torch']}; seconds")
    print(f"{'':14}{'published':>12}{'attune':>12}{'ratio':>8}")
    rows = {"epoch": {name: statistics.median(taken) for name, taken in epochs.items()}}
    rows |= {part: {name: parts[name][part] for name in parts} for part in parts["attune"]}
    for row, values in rows.items():
        print(
            f"{row:14}{values['published']:12.3f}{values['attune']:12.3f}{values['published'] / values['attune']:7.1f}x"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--utterances", type=int, default=160, help="of the whole fold (default 160)")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each way (default 3)")
    parser.add_argument("--repeats", type=int, default=3, help="repetitions of each part (default 3)")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch (default 1)")
    parser.add_argument(
        "--fusion", default="self", choices=FUSIONS, help="of attune; the published way is self (default)"
    )
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), arguments)
    show(result)
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
