"""MTCNN's networks in PyTorch: what runs on graphics processors, and what the bundled graphs are made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.device import Device, named_errors, require_single_precision
from engine.features.face_networks import Answer
from engine.features.normalise import Normalise
from engine.features.resident import to_device
from engine.qt_environment import keeping_qt


class OnPictures(nn.Module):
    """One of the three networks, from bytes to what the cascade needs.

    Shapes
    ------
    input : [n, h, w, 3] u8
    output : offsets [n, 4, ...] in units of the sides of a box, probability of a face [n, ...]
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.prepare = Normalise([127.5], [128.0])
        self.network = network.eval()

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return offsets and probability."""
        offsets, *_, classes = self.network(self.prepare(pictures))
        return offsets, classes[:, -1]


def load_networks() -> tuple[OnPictures, OnPictures, OnPictures]:
    """P-Net, R-Net and O-Net with the weights that facenet-pytorch carries."""
    with keeping_qt():  # the package imports OpenCV
        from facenet_pytorch.models.mtcnn import ONet, PNet, RNet
    return OnPictures(PNet()), OnPictures(RNet()), OnPictures(ONet())


class TorchNetworks:
    """The three networks, resident on a device; each call waits for the device once.

    See `engine.features.face_networks.FaceNetworks` for what the methods do.

    Raises
    ------
    StageError : the device fails or has not enough memory, when they are loaded or run.
    """

    def __init__(self, device: Device) -> None:
        self._where, self._device = device, torch.device(str(device))
        if device.kind == "cuda":
            require_single_precision()
        with named_errors(device, "the networks of the face detector"):
            self._propose, self._refine, self._judge = (network.to(self._device) for network in load_networks())

    def propose(self, levels: Sequence[NDArray[np.uint8]]) -> list[Answer]:
        """Run P-Net on pictures [h, w, 3] of different sizes."""
        return self._run(self._propose, [level[None] for level in levels])

    def refine(self, faces: NDArray[np.uint8]) -> Answer:
        """Run R-Net on [n, 24, 24, 3]."""
        return self._run(self._refine, [faces])[0]

    def judge(self, faces: NDArray[np.uint8]) -> Answer:
        """Run O-Net on [n, 48, 48, 3]."""
        return self._run(self._judge, [faces])[0]

    @torch.inference_mode()
    def _run(self, network: OnPictures, batches: Sequence[NDArray[np.uint8]]) -> list[Answer]:
        """Everything is queued before anything is waited for."""
        if not batches:  # the picture is smaller than any face
            return []
        with named_errors(self._where, "the networks of the face detector"):
            outputs = [network(to_device(batch, self._device)) for batch in batches]
            values = torch.cat([part.reshape(-1) for pair in outputs for part in pair]).cpu().numpy()
        answers, first = [], 0
        for offsets, probability in outputs:
            middle = first + offsets.numel()
            last = middle + probability.numel()
            answers.append(
                (values[first:middle].reshape(offsets.shape), values[middle:last].reshape(probability.shape))
            )
            first = last
        return answers
