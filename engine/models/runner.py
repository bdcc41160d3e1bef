"""What runs the models of a predictor: ONNX Runtime on the processor; `engine.models.torch_runner` elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.config import Fusion
from engine.models.onnx import OnnxBackend
from engine.types import FloatArray

BackendName = Literal["onnx", "torch"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one model is given.

    Attributes
    ----------
    inputs : per modality [b, t, d] f32; t is the same for all items, and 1 where a modality is absent from all. In the
        temporal preset [1, t, d] stands for b equal items, which are encoded once.
    present : [b, modalities] bool, in the order of the model's.
    """

    inputs: Mapping[str, FloatArray]
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Result:
    """What one model makes of it.

    Attributes
    ----------
    logits : [b, classes] f32.
    maps : attention [b, heads, Tq, Tk] f32 by block; empty where it was not asked for. Where a modality is absent
        from an item, its maps to and from it mean nothing.
    """

    logits: FloatArray
    maps: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class RunnerInfo:
    """How models run, for the summary of a session.

    Attributes
    ----------
    backend : "onnx" or "torch".
    device : as `engine.device.Device` is written.
    precision : "float32", or "float16" where that was found to give the same.
    cuda_graph : whether a step is one recorded graph; None where there is no such thing.
    """

    backend: BackendName
    device: str = "cpu"
    precision: str = "float32"
    cuda_graph: bool | None = None


class Runner(Protocol):
    """Runs all models of a predictor, each on its own batch. Any thread may call it."""

    @property
    def info(self) -> RunnerInfo:
        """How the models run."""
        ...

    def run(self, batches: Mapping[Fusion, Batch], *, maps: bool = True) -> dict[Fusion, Result]:
        """Run these models. The same batches always give the same bits, with ``maps`` and without.

        Raises
        ------
        DeviceError
            When the device has failed or has no memory left.
        """
        ...


@dataclass(frozen=True, slots=True)
class OnnxRunner:
    """Models in ONNX Runtime, one after the other: on one thread nothing is gained by anything else."""

    models: Mapping[Fusion, OnnxBackend]
    info: RunnerInfo = field(default=RunnerInfo("onnx"))

    def run(self, batches: Mapping[Fusion, Batch], *, maps: bool = True) -> dict[Fusion, Result]:
        """As `Runner.run`; it raises nothing of its own."""
        return {
            fusion: Result(*self.models[fusion].run(batch.inputs, batch.present, maps=maps))
            for fusion, batch in batches.items()
        }
