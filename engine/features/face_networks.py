"""The three networks of MTCNN, where they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.assets import bundled
from engine.device import CPU, Device, DeviceError, WithSpare
from engine.errors import AssetError
from engine.features.onnx_session import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FILES = ("mtcnn_pnet.onnx", "mtcnn_rnet.onnx", "mtcnn_onet.onnx")
"""Their graphs among the bundled files, made by ``python -m tools.export_detector``."""

Answer = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Offsets of the corners [n, 4, ...] in units of the sides, and the probability of a face [n, ...]."""


class FaceNetworks(Protocol):
    """What looks at pictures. Levels are u8 RGB, the last axis is the colour."""

    def propose(self, levels: Sequence[NDArray[np.uint8]]) -> list[Answer]:
        """P-Net, fully convolutional with a stride of 2, on pictures [h, w, 3] of different sizes."""

    def refine(self, faces: NDArray[np.uint8]) -> Answer:
        """R-Net on [n, 24, 24, 3]."""

    def judge(self, faces: NDArray[np.uint8]) -> Answer:
        """O-Net on [n, 48, 48, 3]."""


def open_networks(device: Device = CPU) -> FaceNetworks:
    """Open them: in ONNX Runtime on the processor, in PyTorch on anything else.

    Raises
    ------
    AssetError : a bundled file is missing or damaged.
    """
    if device == CPU:
        return _OnnxNetworks()
    from engine.features.face_torch import TorchNetworks

    return SparedNetworks(TorchNetworks(device), _OnnxNetworks)


class SparedNetworks:
    """Networks on a device, and on the processor once that has failed: see `engine.device.WithSpare`."""

    def __init__(self, first: FaceNetworks, make_spare: Callable[[], FaceNetworks]) -> None:
        self._networks = WithSpare(first, make_spare)

    @property
    def failure(self) -> DeviceError | None:
        """What the device has failed with; None while it works."""
        return self._networks.failure

    def propose(self, levels: Sequence[NDArray[np.uint8]]) -> list[Answer]:
        """As `FaceNetworks.propose`."""
        return self._networks.do(lambda networks: networks.propose(levels))

    def refine(self, faces: NDArray[np.uint8]) -> Answer:
        """As `FaceNetworks.refine`."""
        return self._networks.do(lambda networks: networks.refine(faces))

    def judge(self, faces: NDArray[np.uint8]) -> Answer:
        """As `FaceNetworks.judge`."""
        return self._networks.do(lambda networks: networks.judge(faces))


class _OnnxNetworks:
    """Three sessions on the thread of the caller."""

    def __init__(self) -> None:
        self._propose, self._refine, self._judge = (_open(name) for name in FILES)

    def propose(self, levels: Sequence[NDArray[np.uint8]]) -> list[Answer]:
        return [self._propose.run(None, {"pictures": level[None]}) for level in levels]

    def refine(self, faces: NDArray[np.uint8]) -> Answer:
        offsets, probability = self._refine.run(None, {"pictures": faces})
        return offsets, probability

    def judge(self, faces: NDArray[np.uint8]) -> Answer:
        offsets, probability = self._judge.run(None, {"pictures": faces})
        return offsets, probability


def _open(name: str) -> InferenceSession:
    path = bundled(name)
    try:
        session = open_session(path)
        found = [one.name for one in (*session.get_inputs(), *session.get_outputs())]
    except Exception as error:  # ONNX Runtime's errors have no base of their own
        raise AssetError(
            f"the bundled file {name} is damaged ({error}): install Attune again, or check the files out again"
        ) from error
    if found != ["pictures", "offsets", "probability"]:
        raise AssetError(f"the bundled file {name} is not a network of the face detector: install Attune again")
    return session
