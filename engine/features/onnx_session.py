"""Sessions of ONNX Runtime as the feature networks use them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import onnxruntime

_MOST_BYTES: Final = 1 << 31
"""What a protocol buffer can hold."""

_ELSEWHERE: Final = b"location"
"""Key under which a graph names a file that holds some of its values (onnx.proto, `TensorProto.external_data`)."""

_NO_TELEMETRY: Final = "ORT_DISABLE_TELEMETRY"
"""From 1.31 on ONNX Runtime's own builds report every session to Microsoft, with an identifier of the machine, unless
this is set before the library is loaded (its Privacy.md)."""


def import_onnxruntime() -> Any:
    """The module ``onnxruntime``, which must be imported here and nowhere else: so it sends nothing anywhere."""
    os.environ[_NO_TELEMETRY] = "1"  # the processes that are begun by this one inherit it
    try:
        import onnxruntime
    except ImportError as error:
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):  # Ctrl-C in the middle of it
            raise KeyboardInterrupt from None
        raise
    return onnxruntime


def open_session(graph: Path | bytes) -> onnxruntime.InferenceSession:
    """Open a graph, given by its file or content, that works on the thread of its caller and on no other.

    A graph must hold all its values itself: one that names another file is refused, since ONNX Runtime would read
    whatever file that is.

    ONNX Runtime's errors have no base of their own; whoever calls knows what the graph is, and says so where it fails.

    Raises
    ------
    ValueError
        When it names another file, or is too large.
    OSError
        When the file cannot be read.
    """
    onnxruntime = import_onnxruntime()
    content = graph if isinstance(graph, bytes) else _content(graph)
    if _ELSEWHERE in content:
        raise ValueError("it refers to values in another file, which is never read: export it as a single file")

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False  # sizes change from call to call, and every plan would be kept
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size >= _MOST_BYTES:
            raise ValueError("it is larger than any graph")
        return file.read()
