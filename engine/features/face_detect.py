"""Face detection with the three networks of MTCNN.

The cascade is that of Zhang et al., "Joint face detection and alignment using multi-task cascaded
convolutional networks" (2016), on the weights of facenet-pytorch. Two things differ
from its own ``MTCNN.detect``: the range of face sizes and the part of the picture are the caller's,
which is what makes it fast; and where a face reaches out of the picture the rest is grey, instead of
the visible part being stretched, which keeps the box where the face is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.device import CPU, Device, DeviceError
from engine.features.face_crop import Picture, Raster, cut
from engine.features.face_networks import Answer, open_networks

Boxes = NDArray[np.float64]
"""[n, 5]: x0, y0, x1, y1 in pixels of the picture, and the probability of a face."""

_CELL, _REFINED, _JUDGED = 12, 24, 48
"""Side of a face in the input of each network, in pixels."""

_PYRAMID_STEP = 0.709
_THRESHOLDS = (0.6, 0.7, 0.7)
_GREY = 128
"""Level outside of the picture: zero in the input of the networks."""

_MOST_PROPOSALS = 160
_MOST_CANDIDATES = 48
"""Upper bounds of what the second and third network look at, best first, so that time is bounded."""


class FaceDetector:
    """Find faces of a range of sizes in a picture, or in a part of it.

    Parameters
    ----------
    device : where the networks run.

    Raises
    ------
    AssetError : a network is missing or damaged.
    """

    def __init__(self, device: Device = CPU) -> None:
        self._networks = open_networks(device)

    @property
    def failure(self) -> DeviceError | None:
        """What the device has failed with, so that the networks run on the processor; None while it works."""
        return getattr(self._networks, "failure", None)

    def detect(self, rgb: Picture, smallest: float, largest: float, region: Sequence[int] | None = None) -> Boxes:
        """Find the faces.

        Parameters
        ----------
        rgb : [height, width, 3] u8
        smallest, largest : range of face sizes to look for, in pixels.
        region : x0, y0, x1, y1 of the part to look at, which may reach out of the picture; the
            whole picture by default.

        Returns
        -------
        Boxes by falling probability; they may reach out of the picture.
        """
        x0, y0, x1, y1 = region or (0, 0, rgb.shape[1], rgb.shape[0])
        part = Raster(cut(rgb, (x0, y0, x1, y1), _GREY))
        width, height = part.size
        shrink = min(1.0, _JUDGED / smallest)  # nothing is lost, and large pictures cost little
        part = part.resized(max(1, round(width * shrink)), max(1, round(height * shrink)))
        boxes = self._propose(part, smallest * shrink, largest * shrink)
        boxes = _refine(part, boxes[:_MOST_PROPOSALS], self._networks.refine, _REFINED, _THRESHOLDS[1])
        boxes = boxes[suppress(boxes, 0.7)]
        boxes = _refine(part, boxes[:_MOST_CANDIDATES], self._networks.judge, _JUDGED, _THRESHOLDS[2])
        boxes = boxes[suppress(boxes, 0.4, nested=0.7)]
        boxes[:, [0, 2]] = boxes[:, [0, 2]] * (width / part.size[0]) + x0
        boxes[:, [1, 3]] = boxes[:, [1, 3]] * (height / part.size[1]) + y0
        return boxes

    def _propose(self, part: Raster, smallest: float, largest: float) -> Boxes:
        """Boxes of the fully convolutional first network over a pyramid of face sizes."""
        width, height = part.size
        size = max(smallest, _CELL / 2)
        sides = []
        while size <= max(largest, smallest):
            w, h = round(width * _CELL / size), round(height * _CELL / size)
            if min(w, h) < _CELL:
                break
            sides.append((w, h))
            size /= _PYRAMID_STEP
        answers = self._networks.propose([part.resized(w, h).pixels for w, h in sides])
        found = [
            _decode(probability[0], offsets[0], width / w, height / h)
            for (w, h), (offsets, probability) in zip(sides, answers, strict=True)
        ]
        boxes = np.concatenate([np.zeros((0, 5)), *found])
        return boxes[suppress(boxes, 0.7)]


def _refine(part: Raster, boxes: Boxes, network: Callable[[Picture], Answer], side: int, threshold: float) -> Boxes:
    """Move the boxes and score them anew with the second or third network."""
    boxes = _squared(boxes)
    visible = _visible_share(boxes, *part.size) > 0.2
    boxes = boxes[visible]
    if not len(boxes):
        return np.zeros((0, 5))
    offsets, probabilities = network(np.stack([part.part(box, side, _GREY) for box in boxes]))
    passed = probabilities > threshold
    return _moved(boxes[passed], offsets[passed], probabilities[passed])


def _decode(probabilities: NDArray[np.float32], offsets: NDArray[np.float32], sx: float, sy: float) -> Boxes:
    """Boxes of the cells of one pyramid level that may hold a face; the network's stride is 2."""
    rows, columns = np.nonzero(probabilities >= _THRESHOLDS[0])
    if not len(rows):
        return np.zeros((0, 5))
    x, y = 2.0 * columns, 2.0 * rows
    scores = probabilities[rows, columns]
    cells = np.stack([x * sx, y * sy, (x + _CELL) * sx, (y + _CELL) * sy, scores], axis=1)
    kept = suppress(cells, 0.5)
    return _moved(cells[kept], offsets[:, rows[kept], columns[kept]].T, scores[kept])


def _moved(boxes: Boxes, offsets: NDArray[np.float32], scores: NDArray[np.float32]) -> Boxes:
    """Boxes with their corners moved by offsets in units of their sides."""
    moved = np.empty((len(boxes), 5))
    corners = boxes[:, :4].reshape(-1, 2, 2)
    sides = corners[:, 1:] - corners[:, :1]
    moved[:, :4] = (corners + offsets.reshape(-1, 2, 2) * sides).reshape(-1, 4)
    moved[:, 4] = scores
    return moved[(moved[:, 2] - moved[:, 0] >= 1) & (moved[:, 3] - moved[:, 1] >= 1)]


def _squared(boxes: Boxes) -> Boxes:
    """Boxes extended to squares about their centres."""
    low, high = boxes[:, :2], boxes[:, 2:4]
    middle, half = (low + high) / 2, (high - low).max(axis=1, keepdims=True) / 2
    return np.concatenate([middle - half, middle + half, boxes[:, 4:]], axis=1)


def _visible_share(boxes: Boxes, width: int, height: int) -> NDArray[np.float64]:
    """Share of each box that lies in the picture."""
    seen = _shared(boxes, np.array([0.0, 0.0, width, height]))
    share: NDArray[np.float64] = seen / np.maximum(_areas(boxes), 1e-9)
    return share


def _areas(boxes: Boxes) -> NDArray[np.float64]:
    areas: NDArray[np.float64] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas


def _shared(boxes: Boxes, box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area that each of n boxes shares with one."""
    sides = np.minimum(boxes[:, 2:4], box[2:4]) - np.maximum(boxes[:, :2], box[:2])
    np.maximum(sides, 0, out=sides)
    shared: NDArray[np.float64] = sides[:, 0] * sides[:, 1]
    return shared


def suppress(boxes: Boxes, most: float, nested: float = 1.0) -> NDArray[np.intp]:
    """Non-maximum suppression.

    Indices by falling probability of the boxes that overlap no better one by more than ``most``
    (intersection over union), nor by more than the share ``nested`` of the smaller of the two.
    """
    order = np.argsort(-boxes[:, 4], kind="stable")
    if len(order) < 2:
        return order
    ranked = boxes[order]
    areas = _areas(ranked)
    alive = np.ones(len(order), bool)
    for best in range(len(order) - 1):
        if alive[best]:
            shared, others = _shared(ranked[best + 1 :], ranked[best]), areas[best + 1 :]
            free = shared <= most * (areas[best] + others - shared)
            if nested < 1:
                free &= shared <= nested * np.minimum(areas[best], others)
            alive[best + 1 :] &= free
    return order[alive]
