"""Fusion models as ONNX graphs in ONNX Runtime, without PyTorch; `engine.models.onnx_export` makes the graphs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import AssetError, CheckpointError
from engine.features.onnx_session import import_onnxruntime, open_session
from engine.models.fusion_config import MAX_FRAMES, FusionConfig, block_name
from engine.types import FloatArray

CHECKSUM_KEY = "attune.weights_sha256"
"""Entry of a graph's metadata: checksum of the weights that it was made from."""


def output_names(config: FusionConfig) -> list[str]:
    """Names of the graph's outputs: the logits, then the attention of every block."""
    return ["logits", *(block_name(*block) for block in config.blocks)]


class OnnxBackend:
    """A fusion model that runs in ONNX Runtime, on one thread of the CPU.

    Parameters
    ----------
    graph : content of an ONNX file, or its path.
    config : configuration of the model that the graph was made from.
    """

    def __init__(self, graph: bytes | Path, config: FusionConfig) -> None:
        self._session = open_session(graph)
        self._outputs = output_names(config)
        self._masked = config.preset == "temporal"
        # Graphs of earlier exports name both axes alike: they want every subset as an item of its own.
        batches = {one.name: one.shape[0] for one in self._session.get_inputs()}
        self._encodes_once = self._masked and batches["present"] not in [batches[name] for name in config.modalities]
        self.weights_sha256 = self._session.get_modelmeta().custom_metadata_map.get(CHECKSUM_KEY, "")

    def run(
        self, inputs: Mapping[str, FloatArray], present: NDArray[np.bool_], *, maps: bool = True
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] per block; without ``maps`` no attention.

        In the temporal preset inputs of one item stand for as many as ``present`` has.
        """
        feed: dict[str, NDArray[Any]] = dict(inputs)
        if self._masked:
            if not self._encodes_once:
                feed = {name: np.repeat(x, len(present) // len(x), axis=0) for name, x in feed.items()}
            feed["present"] = present
        wanted = self._outputs if maps else self._outputs[:1]
        logits, *weights = self._session.run(wanted, feed)
        return logits, dict(zip(wanted[1:], weights, strict=True))


def open_onnx(path: Path, config: FusionConfig, checksum: str) -> OnnxBackend:
    """Open the ONNX file of a checkpoint whose weights have this checksum.

    Raises
    ------
    AssetError
        When there is no such file.
    CheckpointError
        When it is damaged or was made from other weights.
    """
    if not path.is_file():
        raise AssetError(f"{path} is missing: make it with attune export onnx")
    import_onnxruntime()  # what fails here is no fault of the file
    try:
        backend = OnnxBackend(path, config)
        if backend.weights_sha256 == checksum:
            _try_out(backend, config)
    except Exception as error:  # ONNX Runtime's own exception types share no public base
        raise CheckpointError(f"{path} is damaged ({error}). Copy it again, or export it anew.") from error
    if backend.weights_sha256 != checksum:
        raise CheckpointError(
            f"{path} was made from other weights than {path.stem}.safetensors beside it. Export it anew, or delete it."
        )
    return backend


def _try_out(backend: OnnxBackend, config: FusionConfig) -> None:
    """Raise ValueError where a graph does not answer with what a model of this shape says."""
    frames = MAX_FRAMES if config.preset == "paper" else dict.fromkeys(config.modalities, 1)
    inputs: dict[str, FloatArray] = {
        name: np.zeros((1, frames[name], config.dims[name]), np.float32) for name in config.modalities
    }
    logits, maps = backend.run(inputs, np.ones((1, len(config.modalities)), bool))
    if logits.shape != (1, config.classes) or logits.dtype != np.float32:
        raise ValueError(f"it answers with {logits.dtype} {list(logits.shape)} instead of [1, {config.classes}]")
    for name, weights in maps.items():
        if weights.ndim != 4 or weights.shape[:2] != (1, config.heads) or weights.dtype != np.float32:
            raise ValueError(f"its attention {name} is {weights.dtype} {list(weights.shape)}")
