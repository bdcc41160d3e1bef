"""The bundled kind of face encoder in PyTorch, for graphics processors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from torch import Tensor, nn

from engine.device import Device
from engine.errors import AssetError
from engine.features.face_cnn import FaceCNN, load_face_cnn, views
from engine.features.face_crop import Picture, grey_face
from engine.features.face_encoder import REINSTALL, EncoderCard
from engine.features.resident import ResidentNetwork
from engine.types import FloatArray


class ResidentFaceEncoder:
    """A `FaceCNN` resident on a device.

    Parameters
    ----------
    weights : its safetensors file.
    card : what its JSON file states.
    device : where it runs.

    Raises
    ------
    AssetError : the weights are damaged, or others than the card describes.
    """

    def __init__(self, weights: Path, card: EncoderCard, device: Device) -> None:
        self.name, self.dim, self._size = card.name, card.dim, card.size
        try:
            if card.width is None:
                raise ValueError("its JSON file does not state the width")
            network = load_face_cnn(weights, card.width, card.dim)
            self.checksum = hashlib.sha256(weights.read_bytes()).hexdigest()
        except Exception as error:  # safetensors' errors have no base of their own
            raise AssetError(f"the face encoder {weights} is damaged ({error}): {REINSTALL}") from error
        self._network = ResidentNetwork(_Views(), _Embedding(network), device, (1, self._size, self._size))

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32."""
        if not crops:
            return np.zeros((0, self.dim), np.float32)
        return self._network.run(np.stack([grey_face(crop, self._size) for crop in crops])[:, None])


class _Views(nn.Module):
    def forward(self, faces: Tensor) -> Tensor:
        return views(faces.float() / 255)


class _Embedding(nn.Module):
    def __init__(self, model: FaceCNN) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        return self.model.embed_views(x)
