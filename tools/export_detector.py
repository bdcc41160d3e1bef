"""Make the bundled face detector: MTCNN's three networks as ONNX graphs.

Run ``python -m tools.export_detector [--out assets]`` where facenet-pytorch is installed. Every graph is compared with
PyTorch at sizes that tracing has not seen, and written only where they agree to 1e-5.

One thing is said in another way. ONNX Runtime's PRelu branches at every number and took half of the time;
``slope x + (1 - slope) relu(x)`` is the same to 1e-6 and runs in vectors. The softmax over two classes stays: as the
sigmoid of their difference it was a little faster, but where probabilities come to one it broke ties otherwise, and
then suppression kept other boxes, up to 10 pixels away in 4 % of the pictures of a clip.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.features.face_networks import FILES
from engine.features.face_torch import OnPictures, load_networks
from engine.features.onnx_session import open_session
from engine.files import write_atomically
from engine.tracing import trace_onnx

TOLERANCE = 1e-5

SHAPES = {
    "mtcnn_pnet.onnx": ((1, 12, 12), (1, 97, 54), (2, 31, 170)),
    "mtcnn_rnet.onnx": ((1, 24, 24), (7, 24, 24)),
    "mtcnn_onet.onnx": ((1, 48, 48), (5, 48, 48)),
}
"""Number, height and width of the pictures that each graph is checked with."""


class Slope(nn.Module):
    """A PReLU without branches."""

    def __init__(self, slope: Tensor) -> None:
        super().__init__()
        self.slope = nn.Parameter(slope.detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        """Return what the PReLU returns, of any shape [n, channels, ...]."""
        slope = self.slope.reshape(1, -1, *[1] * (x.ndim - 2))
        return slope * x + (1 - slope) * torch.relu(x)


def main() -> None:
    """Write the three files, and print what identifies them."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--out", type=Path, default=Path("assets"), help="folder (default: assets)")
    out = options.parse_args().out
    for name, network in zip(FILES, load_networks(), strict=True):
        content, difference = export(network, SHAPES[name])
        write_atomically(out / name, lambda draft, content=content: draft.write_bytes(content))  # type: ignore[misc]
        print(f"{name}: {len(content)} bytes, off by {difference:.1e}, sha256 {hashlib.sha256(content).hexdigest()}")


def export(network: OnPictures, shapes: Sequence[tuple[int, int, int]]) -> tuple[bytes, float]:
    """One network as the content of an ONNX file, and its largest difference from PyTorch.

    Inputs
    ------
    pictures [n, h, w, 3] u8

    Outputs
    -------
    offsets [n, 4, ...], probability [n, ...], both f32

    Raises
    ------
    ValueError : they differ by more than 1e-5.
    """
    sizes_vary = len({shape[1:] for shape in shapes}) > 1
    content = trace_onnx(
        in_vectors(network),
        {"pictures": torch.zeros(2, *shapes[0][1:], 3, dtype=torch.uint8)},
        ["offsets", "probability"],
        {
            "pictures": {0: "n", 1: "height", 2: "width"} if sizes_vary else {0: "n"},
            "offsets": {0: "n", 2: "rows", 3: "columns"} if sizes_vary else {0: "n"},
            "probability": {0: "n", 1: "rows", 2: "columns"} if sizes_vary else {0: "n"},
        },
    )
    difference = max(largest_difference(network, content, shape) for shape in shapes)
    if not difference <= TOLERANCE:
        raise ValueError(f"the graph is off by {difference:.1e}: it must be within {TOLERANCE}")
    return content, difference


def in_vectors(network: OnPictures) -> OnPictures:
    """A copy without PReLUs."""
    copy = deepcopy(network)
    for name, part in list(copy.network.named_children()):
        if isinstance(part, nn.PReLU):
            setattr(copy.network, name, Slope(part.weight))
    return copy


@torch.inference_mode()
def largest_difference(network: OnPictures, content: bytes, shape: tuple[int, int, int]) -> float:
    """Between ONNX Runtime and PyTorch, on noise."""
    pictures = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    found = open_session(content).run(None, {"pictures": pictures})
    expected = [part.numpy() for part in network(torch.from_numpy(pictures))]
    return max(float(np.abs(one - other).max()) for one, other in zip(found, expected, strict=True))


if __name__ == "__main__":
    main()
