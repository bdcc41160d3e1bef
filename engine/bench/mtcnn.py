"""facenet-pytorch's MTCNN with its defaults, on every picture anew: what the face tracker is measured against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.bench.bench import missing_package
from engine.features.face_crop import Picture
from engine.qt_environment import keeping_qt


class DefaultMtcnn:
    """Finds the largest face of a picture.

    Parameters
    ----------
    device : as PyTorch calls it. On a processor PyTorch works on one thread from then on.

    Raises
    ------
    AssetError : facenet-pytorch is not installed.
    """

    def __init__(self, device: str) -> None:
        import torch

        try:
            with keeping_qt():
                from facenet_pytorch.models.mtcnn import MTCNN
        except ImportError:
            raise missing_package("facenet-pytorch", "the face tracker") from None
        torch.set_num_threads(1)
        self._mtcnn = MTCNN(device=torch.device(device))

    def detect(self, rgb: Picture) -> NDArray[np.float64] | None:
        """x0, y0, x1, y1 of the largest face, within the picture; None where none is found."""
        boxes, _ = self._mtcnn.detect(rgb)
        if boxes is None:
            return None
        height, width = rgb.shape[:2]
        found: NDArray[np.float64] = np.asarray(boxes[0], np.float64).clip(0, [width, height, width, height])
        return found
