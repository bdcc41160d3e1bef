"""What runs a fusion model: PyTorch, or ONNX Runtime (`engine.models.onnx`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.fusion import FusionModel
from engine.types import FloatArray

BackendName = Literal["onnx", "torch"]


class Backend(Protocol):
    """Runs one fusion model on padded arrays."""

    def run(
        self, inputs: Mapping[str, FloatArray], present: NDArray[np.bool_]
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] per block."""
        ...


class TorchBackend:
    """A fusion model that runs in PyTorch, on CUDA when it is there."""

    def __init__(self, model: FusionModel) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._masked = model.config.preset == "temporal"
        self._model = model.to(self._device).eval()

    def run(
        self, inputs: Mapping[str, FloatArray], present: NDArray[np.bool_]
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] per block."""
        tensors = {name: torch.tensor(x, device=self._device) for name, x in inputs.items()}
        mask = torch.tensor(present, device=self._device) if self._masked else None
        # TF32 would make a graphics card differ from the CPU by more than 1e-4.
        with torch.inference_mode(), torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
            output = self._model(**tensors, present=mask)
        return output.logits.cpu().numpy(), {name: x.cpu().numpy() for name, x in output.attention.items()}
