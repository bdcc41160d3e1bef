"""Face detection with the three networks of MTCNN.

The cascade is that of Zhang et al., "Joint face detection and alignment using multi-task cascaded
convolutional networks" (2016), on the networks and weights of facenet-pytorch. Two things differ
from its own ``MTCNN.detect``: the range of face sizes and the part of the picture are the caller's,
which is what makes it fast; and where a face reaches out of the picture the rest is grey, instead of
the visible part being stretched, which keeps the box where the face is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.features.face_crop import Picture, cut, resize
from engine.qt_environment import keeping_qt

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
    """Find faces of a range of sizes in a picture, or in a part of it."""

    def __init__(self) -> None:
        import torch

        with keeping_qt():
            from facenet_pytorch.models.mtcnn import ONet, PNet, RNet

        self._torch = torch
        self._proposer, self._refiner, self._judge = (net().eval() for net in (PNet, RNet, ONet))

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
        part = cut(rgb, (x0, y0, x1, y1), _GREY)
        height, width = part.shape[:2]
        shrink = min(1.0, _JUDGED / smallest)  # nothing is lost, and large pictures cost little
        part = resize(part, max(1, round(width * shrink)), max(1, round(height * shrink)))
        with self._torch.inference_mode():
            boxes = self._propose(part, smallest * shrink, largest * shrink)
            boxes = self._refine(part, boxes[:_MOST_PROPOSALS], self._refiner, _REFINED, _THRESHOLDS[1])
            boxes = boxes[suppress(boxes, 0.7)]
            boxes = self._refine(part, boxes[:_MOST_CANDIDATES], self._judge, _JUDGED, _THRESHOLDS[2])
        boxes = boxes[suppress(boxes, 0.4, nested=0.7)]
        boxes[:, [0, 2]] = boxes[:, [0, 2]] * (width / part.shape[1]) + x0
        boxes[:, [1, 3]] = boxes[:, [1, 3]] * (height / part.shape[0]) + y0
        return boxes

    def _propose(self, picture: Picture, smallest: float, largest: float) -> Boxes:
        """Boxes of the fully convolutional first network over a pyramid of face sizes."""
        height, width = picture.shape[:2]
        size = max(smallest, _CELL / 2)
        found = [np.zeros((0, 5))]
        while size <= max(largest, smallest):
            w, h = round(width * _CELL / size), round(height * _CELL / size)
            if min(w, h) < _CELL:
                break
            offsets, probabilities = self._proposer(self._input([resize(picture, w, h)]))
            found.append(_decode(probabilities[0, 1].numpy(), offsets[0].numpy(), width / w, height / h))
            size /= _PYRAMID_STEP
        boxes = np.concatenate(found)
        return boxes[suppress(boxes, 0.7)]

    def _refine(self, rgb: Picture, boxes: Boxes, network: Any, side: int, threshold: float) -> Boxes:
        """Move the boxes and score them anew with the second or third network."""
        boxes = _squared(boxes)
        visible = _visible_share(boxes, rgb.shape[1], rgb.shape[0]) > 0.2
        boxes = boxes[visible]
        if not len(boxes):
            return np.zeros((0, 5))
        outputs = network(self._input([resize(cut(rgb, box, _GREY), side) for box in boxes]))
        offsets, probabilities = outputs[0].numpy(), outputs[-1][:, 1].numpy()
        passed = probabilities > threshold
        return _moved(boxes[passed], offsets[passed], probabilities[passed])

    def _input(self, pictures: Sequence[Picture]) -> Any:
        """Pictures of one size as network input [n, 3, h, w] in -1..1."""
        batch = (np.stack(pictures).astype(np.float32) - 127.5) / 128
        return self._torch.from_numpy(batch.transpose(0, 3, 1, 2).copy())


def _decode(probabilities: NDArray[np.float32], offsets: NDArray[np.float32], sx: float, sy: float) -> Boxes:
    """Boxes of the cells of one pyramid level that may hold a face; the network's stride is 2."""
    rows, columns = np.nonzero(probabilities >= _THRESHOLDS[0])
    x, y = 2.0 * columns, 2.0 * rows
    cells = np.stack([x * sx, y * sy, (x + _CELL) * sx, (y + _CELL) * sy], axis=1)
    scores = probabilities[rows, columns]
    cells = np.concatenate([cells, scores[:, None]], axis=1)
    kept = suppress(cells, 0.5)
    return _moved(cells[kept], offsets[:, rows[kept], columns[kept]].T, scores[kept])


def _moved(boxes: Boxes, offsets: NDArray[np.float32], scores: NDArray[np.float32]) -> Boxes:
    """Boxes with their corners moved by offsets in units of their sides."""
    sides = np.stack([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], axis=1)
    corners = boxes[:, :4] + offsets * np.tile(sides, 2)
    proper = (corners[:, 2] - corners[:, 0] >= 1) & (corners[:, 3] - corners[:, 1] >= 1)
    return np.concatenate([corners, scores[:, None]], axis=1)[proper]


def _squared(boxes: Boxes) -> Boxes:
    """Boxes extended to squares about their centres."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    half = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2
    return np.stack([x - half, y - half, x + half, y + half, boxes[:, 4]], axis=1)


def _visible_share(boxes: Boxes, width: int, height: int) -> NDArray[np.float64]:
    """Share of each box that lies in the picture."""
    whole = np.array([[0.0, 0.0, width, height]])
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    share: NDArray[np.float64] = _intersection(boxes, whole)[:, 0] / np.maximum(area, 1e-9)
    return share


def _intersection(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Area that each box of a shares with each of b. [n, 4+], [m, 4+] -> [n, m]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:4], b[None, :, 2:4])
    shared: NDArray[np.float64] = (high - low).clip(0).prod(axis=2)
    return shared


def suppress(boxes: Boxes, most: float, nested: float = 1.0) -> NDArray[np.intp]:
    """Non-maximum suppression.

    Indices by falling probability of the boxes that overlap no better one by more than ``most``
    (intersection over union), nor by more than the share ``nested`` of the smaller of the two.
    """
    order = np.argsort(-boxes[:, 4], kind="stable")
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        shared = _intersection(boxes[best : best + 1], boxes[order])[0]
        joint = area[best] + area[order] - shared
        order = order[(shared <= most * joint) & (shared <= nested * np.minimum(area[best], area[order]))]
    return np.array(kept, dtype=np.intp)
