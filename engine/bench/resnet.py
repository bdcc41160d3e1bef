"""The face encoder of the paper, torchvision's ResNet-101 in eager PyTorch: what face encoders are measured against."""

from __future__ import annotations

import numpy as np

from engine.features.face_crop import Picture
from engine.types import FloatArray


class EagerResNet101:
    """Pooled features, 2048 numbers, with torchvision's own preparation of the picture.

    Weights are random, since they do not change how long it takes.

    Parameters
    ----------
    device : as PyTorch calls it. On a processor PyTorch works on one thread from then on.
    """

    def __init__(self, device: str) -> None:
        import torch
        from torchvision.models import ResNet101_Weights, resnet101

        torch.set_num_threads(1)
        self._torch = torch
        self._device = device
        self._prepare = ResNet101_Weights.DEFAULT.transforms()
        network = resnet101(weights=None)
        network.fc = torch.nn.Identity()
        self._network = network.to(device).eval()

    def encode(self, crop: Picture) -> FloatArray:
        """Embed a crop [h, w, 3] u8. Returns [2048] f32."""
        with self._torch.inference_mode():
            picture = self._torch.tensor(crop).permute(2, 0, 1)
            features = self._network(self._prepare(picture)[None].to(self._device))
        return np.asarray(features[0].cpu().numpy(), np.float32)
