"""Sessions of ONNX Runtime as the feature networks use them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime


def open_session(graph: Path | bytes) -> onnxruntime.InferenceSession:
    """Open a graph, given by its file or content, that works on the thread of its caller and on no other.

    ONNX Runtime's errors have no base of their own; whoever calls knows what the graph is, and says so where it fails.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False  # sizes change from call to call, and every plan would be kept
    options.log_severity_level = 4
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
