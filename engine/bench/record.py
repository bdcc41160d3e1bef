"""All that was measured, with all that a reader needs to judge it, as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.bench.rows import Row
from engine.bench.spread import Spread
from engine.files import write_atomically
from engine.machine import Machine
from engine.version import __version__

FORMAT = "attune-bench"
FORMAT_VERSION = 1

BUSY_SHARE = 0.2
"""Share of the processor that other processes may have; beyond it only ratios of processor times can be trusted."""

PACKAGES = (
    "av",
    "ctranslate2",
    "facenet-pytorch",
    "librosa",
    "numpy",
    "onnxruntime",
    "PySide6-Essentials",
    "silero-vad",
    "soxr",
    "tokenizers",
    "torch",
    "torchvision",
    "vosk",
)
"""Packages that do the work, here or in a baseline."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult:
    """What became of a stage.

    Attributes
    ----------
    name, about : of the stage.
    rows : what was measured.
    seconds : how long that took, loading included.
    others : share of the processor time that other processes had meanwhile, 0..1; None where it is not known.
    error : why it ended early; None where it did not.
    """

    name: str
    about: str
    rows: tuple[Row, ...]
    seconds: float
    others: float | None = None
    error: str | None = None

    @property
    def disturbed(self) -> bool:
        """Whether other processes had more of the processor than is good for a measurement."""
        return self.others is not None and self.others > BUSY_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRecord:
    """One call of ``attune bench``.

    Attributes
    ----------
    machine, versions : what it ran on and with.
    settings : how it was called, as values that JSON can hold.
    load_before, load_after : load averages over 1, 5 and 15 minutes; empty where the system does not tell.
    stages : in the order in which they were measured.
    complete : whether all stages that were asked for have been tried.
    """

    machine: Machine
    versions: Mapping[str, str]
    settings: Mapping[str, object]
    load_before: tuple[float, ...] = ()
    load_after: tuple[float, ...] = ()
    stages: tuple[StageResult, ...] = ()
    complete: bool = False

    def write(self, path: Path) -> None:
        """Write it as JSON; the file appears whole or not at all.

        Raises
        ------
        OutputError : it cannot be written.
        """
        text = json.dumps(self.plain(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        write_atomically(path, lambda draft: draft.write_text(text, encoding="utf-8"))

    def plain(self) -> dict[str, object]:
        """The content of the file."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "attune": __version__,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": self.complete,
            "machine": asdict(self.machine),
            "versions": dict(self.versions),
            "threads": thread_settings(),
            "settings": dict(self.settings),
            "load_average": {"before": list(self.load_before), "after": list(self.load_after)},
            "stages": [_stage(one) for one in self.stages],
        }


def thread_settings() -> dict[str, object]:
    """How many threads the networks work with; null for PyTorch where nothing has used it."""
    torch = sys.modules.get("torch")
    return {
        "onnxruntime_each_session": 1,
        "torch": None if torch is None else torch.get_num_threads(),
        "environment": {name: os.environ[name] for name in _THREAD_VARIABLES if name in os.environ},
    }


def _stage(one: StageResult) -> dict[str, object]:
    return {
        "name": one.name,
        "about": one.about,
        "seconds": one.seconds,
        "others_share": one.others,
        "error": one.error,
        "rows": [_row(row) for row in one.rows],
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "what": row.what,
        "unit": row.unit,
        "value": row.value,
        "ours": _spread(row.ours),
        "against": row.against or None,
        "baseline": _spread(row.baseline),
        "ratio_of": row.ratio_of,
        "ratio": row.ratio,
        "processor_ratio": row.processor_ratio,
        "bar": None if row.bar is None else asdict(row.bar),
        "met": row.met,
        "notes": list(row.notes),
    }


def _spread(spread: Spread | None) -> dict[str, object] | None:
    if spread is None:
        return None
    return {
        "count": spread.count,
        "p50_s": spread.p50_s,
        "p95_s": spread.p95_s,
        "p99_s": spread.p99_s,
        "mean_s": spread.mean_s,
        "processor_mean_s": spread.processor_mean_s,
        "wall_s": list(spread.wall_s),
        "processor_s": list(spread.processor_s),
    }
