"""The graph of a face encoder that runs on processors: in eight bits where that costs no accuracy."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import numpy as np
import torch

from engine.features.face_cnn import FaceCNN
from engine.features.onnx_session import import_onnxruntime, open_session
from engine.files import write_atomically
from engine.models.face_export import export_face_encoder
from engine.training.face_data import FaceSet, to_input

log = logging.getLogger(__name__)

MOST_LOSS = 0.005
"""Accuracy on dev that eight bits may cost."""

_CALIBRATED_WITH = 256
_BATCH = 16
_IN_EIGHT_BITS = ("Conv", "Relu", "Add", "MaxPool")
"""The convolutions and what lies between them; standardising, pooling and the last layers are little work."""


def write_graph(model: FaceCNN, train: FaceSet, dev: FaceSet, path: Path) -> dict[str, object]:
    """Write a face encoder as one ONNX file, in eight bits unless that costs more than half a point of accuracy.

    Parameters
    ----------
    model : stays as it is.
    train : some of these faces fix the ranges of the numbers inside.
    dev : faces on which accuracy is measured, through the graph and the network's own classifier.
    path : file to write.

    Returns
    -------
    What the encoder's JSON file says of the graph: ``precision``, ``accuracy``, ``float32_accuracy``.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    export_face_encoder(model, path)
    whole = path.read_bytes()
    small = in_eight_bits(whole, train.images)
    before, after = (accuracy(model, graph, dev) for graph in (whole, small))
    holds = before - after <= MOST_LOSS
    if holds:
        write_atomically(path, lambda draft: draft.write_bytes(small))
    log.info("the face encoder in float32: accuracy %.4f; in eight bits: %.4f", before, after)
    return {
        "precision": "int8" if holds else "float32",
        "accuracy": round(after if holds else before, 4),
        "float32_accuracy": round(before, 4),
    }


def in_eight_bits(graph: bytes, images: np.ndarray) -> bytes:
    """The same graph with integer convolutions.

    Weights have 7 bits, per channel: with 8, processors without VNNI instructions overflow in their 16-bit sums.

    Parameters
    ----------
    graph : content of an ONNX file with the input ``faces``.
    images : [n, 48, 48] u8, a few of which fix the ranges.
    """
    import_onnxruntime()
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    chosen = np.random.default_rng(0).choice(len(images), min(_CALIBRATED_WITH, len(images)), replace=False)

    class Faces(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            firsts = range(0, len(chosen), _BATCH)
            self._batches = iter([{"faces": to_input(images[chosen[k : k + _BATCH]]).numpy()} for k in firsts])

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self._batches, None)

    with tempfile.TemporaryDirectory() as folder:
        whole, prepared, small = (Path(folder) / name for name in ("whole.onnx", "prepared.onnx", "small.onnx"))
        whole.write_bytes(graph)
        quant_pre_process(whole, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            small,
            Faces(),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(_IN_EIGHT_BITS),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return small.read_bytes()


@torch.inference_mode()
def accuracy(model: FaceCNN, graph: bytes, faces: FaceSet) -> float:
    """Share of the faces that the network's own classifier names rightly from the embeddings of a graph."""
    session = open_session(graph)
    right = 0
    for first in range(0, len(faces), _BATCH):
        inputs = to_input(faces.images[first : first + _BATCH]).numpy()
        embeddings = torch.from_numpy(session.run(None, {"faces": inputs})[0])
        found = model.head(embeddings).argmax(dim=1).numpy()
        right += int((found == faces.labels[first : first + _BATCH]).sum())
    return right / len(faces)
