"""The face encoder of the paper: ResNet-101 on ImageNet."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.device import CPU, Device
from engine.errors import AssetError, OutputError
from engine.features.face_crop import Picture, resize, square
from engine.features.onnx_session import open_session
from engine.features.vector_cache import cache_folder
from engine.files import write_atomically
from engine.types import FloatArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from torch import nn

Weights = Literal["imagenet"] | None

_log = logging.getLogger(__name__)

_WEIGHTS = "cd907fc2"
"""The start of the checksum of torchvision's weights, as their name has it; torchvision compares it."""

_GRAPH = f"resnet101-{_WEIGHTS}-1.onnx"
"""In the cache: the network, its weights, and the layout of the graph."""

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


class ResNet101Encoder:
    """Pooled features of torchvision's ResNet-101 on ImageNet, as in the paper: 2048 numbers.

    On the processor it runs in ONNX Runtime, in half the time of PyTorch. Its graph is made once and kept in the
    cache; from then on PyTorch is not imported.

    Parameters
    ----------
    weights : "imagenet" for torchvision's weights (IMAGENET1K_V2), which it downloads once and keeps; None for random
        ones, to try the architecture.
    device : where it runs.
    download : whether the weights may be downloaded: where the user has asked for this encoder, not where a file names
        it.

    Raises
    ------
    AssetError : the weights are not here or cannot be downloaded, or the package onnx is missing.
    """

    name = "resnet101"
    checksum = _WEIGHTS
    dim = 2048
    size = 224

    def __init__(self, weights: Weights = "imagenet", device: Device = CPU, *, download: bool = True) -> None:
        if weights is not None and not download:
            _require_here()
        self._run = _on_processor(weights) if device == CPU else _on_device(weights, device)

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, 2048] f32."""
        if not crops:
            return np.zeros((0, self.dim), np.float32)
        return self._run(np.stack([resize(square(crop), self.size) for crop in crops]))


def _require_here() -> None:
    """Raise AssetError where neither the weights nor the graph that is made from them are on this machine."""
    torch_home = os.environ.get("TORCH_HOME", Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "torch"))
    weights = Path(torch_home, "hub", "checkpoints").expanduser()
    if not (cache_folder() / "face-encoders" / _GRAPH).is_file() and not any(
        weights.glob(f"resnet101-{_WEIGHTS}*.pth")
    ):
        raise AssetError(
            "the models were trained with the face encoder resnet101, whose weights (179 MB from download.pytorch.org) "
            "are not here: let torchvision download them once with `attune assets get resnet101`"
        )


def _on_processor(weights: Weights) -> Callable[[Picture], FloatArray]:
    if weights is None:
        session = open_session(_traced(weights))
    else:
        session = cached_session(cache_folder() / "face-encoders" / _GRAPH, lambda: _traced(weights))

    def run(pictures: Picture) -> FloatArray:
        embeddings: list[FloatArray] = [session.run(None, {"pictures": one[None]})[0] for one in pictures]
        return np.concatenate(embeddings)

    return run


def _on_device(weights: Weights, device: Device) -> Callable[[Picture], FloatArray]:
    from engine.features.resident import ResidentNetwork

    side = ResNet101Encoder.size
    return ResidentNetwork(_prepare(), _network(weights), device, (side, side, 3)).run


def cached_session(path: Path, make: Callable[[], bytes]) -> InferenceSession:
    """Open a graph of the cache; where it is not there or damaged, it is made first.

    Where the cache cannot be written, the graph is made anew each time.
    """
    if path.is_file():
        try:
            return open_session(path)
        except Exception as error:  # ONNX Runtime's errors have no base of their own
            _log.warning("%s is damaged (%s): it is made again", path, error)
    content = make()
    try:
        write_atomically(path, lambda draft: draft.write_bytes(content))
    except OutputError as error:
        _log.warning("the graph of the face encoder is kept in memory: %s", error)
        return open_session(content)
    return open_session(path)


def _traced(weights: Weights) -> bytes:
    """The network as the content of an ONNX file: ``pictures`` [n, 224, 224, 3] u8 to ``embedding`` [n, 2048]."""
    import torch

    from engine.tracing import trace_onnx

    side = ResNet101Encoder.size
    example = {"pictures": torch.zeros(1, side, side, 3, dtype=torch.uint8)}
    whole = torch.nn.Sequential(_prepare(), _network(weights))
    return trace_onnx(whole, example, ["embedding"], {"pictures": {0: "n"}, "embedding": {0: "n"}})


def _prepare() -> nn.Module:
    from engine.features.normalise import Normalise

    return Normalise([255 * mean for mean in _MEAN], [255 * std for std in _STD])


def _network(weights: Weights) -> nn.Module:
    """The network in PyTorch, from normalised pictures to embeddings."""
    import torch
    from torchvision.models import ResNet101_Weights, resnet101

    stored = None
    if weights is not None:
        wanted = ResNet101_Weights.IMAGENET1K_V2
        try:
            # Over TLS, compared with the checksum in its name, put into place whole; tensors alone are unpickled.
            stored = wanted.get_state_dict(progress=False, check_hash=True, weights_only=True)
        except (OSError, RuntimeError, UnpicklingError) as error:
            raise AssetError(
                f"the weights of ResNet-101 cannot be downloaded ({error}): connect to the internet once, "
                f"put {wanted.url} into {torch.hub.get_dir()}/checkpoints, or use the bundled face encoder"
            ) from error
    network = resnet101(weights=None)
    if stored is not None:
        network.load_state_dict(stored)
    network.fc = torch.nn.Identity()
    whole: nn.Module = network.eval()
    return whole
