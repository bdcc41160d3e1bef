"""From a PyTorch module to an ONNX graph.

The export takes PyTorch's TorchScript path. It is deprecated, but works with every PyTorch 2, needs ``onnx`` alone
and takes half a second, where the one through torch.export takes ten and needs a recent PyTorch with
``onnxscript``; both give graphs of the same speed, with GRUs as ONNX GRU nodes. Tracing could bake in a
length, so callers compare every export with PyTorch at lengths that it has not seen.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from engine.errors import AssetError

_OPSET = 17


def trace_onnx(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    free_axes: Mapping[str, Mapping[int, str]],
) -> bytes:
    """Trace a module in evaluation mode into one ONNX file that holds its weights.

    Parameters
    ----------
    inputs : examples, in the order of the module's arguments.
    outputs : names of what it returns.
    free_axes : names of the axes that may have any length, by input and output.

    Raises
    ------
    AssetError
        When the package onnx is not installed.
    """
    try:
        import onnx  # noqa: F401  the exporter needs it
    except ImportError as error:
        raise AssetError("exporting a model needs the package onnx: pip install onnx") from error
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        for category in (DeprecationWarning, torch.jit.TracerWarning):  # type: ignore[attr-defined]
            warnings.filterwarnings("ignore", category=category)
        warnings.filterwarnings("ignore", "Exporting a model to ONNX with a batch_size other than 1", UserWarning)
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            buffer,  # type: ignore[arg-type]
            input_names=[*inputs],
            output_names=[*outputs],
            dynamic_axes=dict(free_axes),
            opset_version=_OPSET,
            dynamo=False,
        )
    return buffer.getvalue()
