"""From the crop of a face to its embedding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.bench.bench import Bench, BenchSettings, BenchStage
from engine.bench.rows import Bar
from engine.features.face_crop import CROP_SIZE

if TYPE_CHECKING:
    from engine.features.face_encoder import FaceEncoder


class EncoderBench(Bench):
    """One crop through a face encoder of ours.

    Parameters
    ----------
    settings : the device.
    name : "bundled" or "resnet101".
    """

    against = "torchvision ResNet-101, eager PyTorch"

    def __init__(self, settings: BenchSettings, name: str) -> None:
        self._settings, self._name = settings, name
        called = "ResNet-101" if name == "resnet101" else "the bundled encoder"
        self.what = f"face crop to embedding, {called}"
        if name == "resnet101" and settings.device.kind != "cpu":
            self.bar = Bar(of="p50", at_most=0.004)

    def prepare(self) -> None:
        """Load both."""
        from engine.bench.resnet import EagerResNet101
        from engine.features.face_encoder import load_face_encoder
        from engine.features.face_resnet import ResNet101Encoder

        device = self._settings.device
        self._crop = np.random.default_rng(0).integers(0, 255, (CROP_SIZE, CROP_SIZE, 3), np.uint8)
        # Random weights of ResNet-101 take as long as those that would have to be downloaded.
        resnet = self._name == "resnet101"
        self._encoder: FaceEncoder = ResNet101Encoder(None, device) if resnet else load_face_encoder(device=device)
        self._eager = EagerResNet101(str(device))

    def ours(self) -> object:
        """Embed it."""
        return self._encoder.encode([self._crop])

    def baseline(self) -> object:
        """Embed it with ResNet-101."""
        return self._eager.encode(self._crop)


def _benches(settings: BenchSettings) -> Sequence[Bench]:
    return [EncoderBench(settings, name) for name in ("bundled", "resnet101")]


STAGE = BenchStage(name="encoder", about="face crop to embedding, against ResNet-101 in PyTorch", benches=_benches)
