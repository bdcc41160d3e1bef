"""Export of the face encoder to ONNX."""

from __future__ import annotations

import os
import tempfile
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import OutputError
from engine.features.face_cnn import FACE_SIZE, FaceCNN
from engine.features.onnx_session import open_session
from engine.tracing import trace_onnx

TOLERANCE = 1e-4
"""Largest difference allowed between an embedding by torch and by ONNX Runtime."""


class _Embedding(nn.Module):
    """The embedding alone, without the logits of the training head."""

    def __init__(self, model: FaceCNN) -> None:
        super().__init__()
        self.model = model

    def forward(self, faces: Tensor) -> Tensor:
        embedding: Tensor = self.model(faces)[0]
        return embedding


def export_face_encoder(model: FaceCNN, path: Path) -> float:
    """Write the embedding of a face network, in evaluation mode, as one ONNX file.

    Input ``faces`` [n, 1, 48, 48] f32 in 0..1, output ``embedding`` [n, embedding_dim] f32, for any
    n >= 1. The file replaces an older one only when it is whole and gives the embeddings of torch.

    Parameters
    ----------
    model : stays as it is.
    path : file to write.

    Returns
    -------
    Largest difference between the embeddings of ONNX Runtime and torch on random faces.

    Raises
    ------
    OutputError : the file cannot be written.
    ValueError : the embeddings differ by more than 1e-4.
    """
    network = _Embedding(deepcopy(model).to("cpu", torch.float32)).eval()
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}-") as folder:
            draft = Path(folder) / path.name
            _write(network, draft)
            difference = _largest_difference(network, draft)
            if not difference <= TOLERANCE:
                raise ValueError(f"the exported face encoder is off by {difference:.1e}: it must be within {TOLERANCE}")
            os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"cannot write the face encoder to {path}: {error.strerror or error}") from error
    return difference


def _write(network: _Embedding, path: Path) -> None:
    example = {"faces": torch.rand(2, 1, FACE_SIZE, FACE_SIZE)}
    path.write_bytes(trace_onnx(network, example, ["embedding"], {"faces": {0: "n"}, "embedding": {0: "n"}}))


@torch.inference_mode()
def _largest_difference(network: _Embedding, path: Path) -> float:
    session = open_session(path)
    random = torch.Generator().manual_seed(0)
    worst = 0.0
    for count in (1, 5):
        faces = torch.rand(count, 1, FACE_SIZE, FACE_SIZE, generator=random)
        (embedding,) = session.run(["embedding"], {"faces": faces.numpy()})
        worst = max(worst, float(np.abs(np.asarray(embedding) - network(faces).numpy()).max()))
    return worst
