"""Follow one face through the pictures of a video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.features.face_crop import Picture, crop_face, face_scale
from engine.features.face_detect import Boxes, FaceDetector
from engine.types import Face, VideoFrame

LOST_S = 1.0
"""A face that is not seen for longer than this is no longer followed."""

SCAN_PERIOD_S = 2.0
"""Media time between two searches of the whole picture while a face is followed."""

LEAST_SCORE = 0.9
"""Detections below this probability are ignored."""

_LEAST_SHARE = 1 / 8
"""Smallest face that is searched for, as a share of the shorter side of the picture (60 px of 480)."""

_LEAST_FACE = 20.0
"""Smallest face in pixels; the networks know nothing smaller."""

_REGION = 2.2
"""Side of the region around the last box that is searched, in face sizes."""

_CROWDED = 3.0
"""Distance of another person, in face sizes, below which the whole picture is searched every time."""

_LEAST_VISIBLE = 0.3
_MOST_SIZE_CHANGE = 0.6
_REACH = 1.5
_MOST_PRICE = 1.2
_LOOKS_WEIGHT = 1.5
_LOOKS_SIZE = 8
"""Side of the grey pictures by which faces are told apart: coarse, so that an expression changes little."""

_TINY = 1e-6


Row = NDArray[np.float64]


@dataclass(slots=True)
class _Track:
    """A face as last seen: its box [4], what it looks like [64], and when it was seen."""

    box: Row
    looks: Row
    seen_s: float

    def move(self, box: Row, looks: Row, pts_s: float) -> None:
        """Take in where the face is now, and by halves what it looks like."""
        mixed = self.looks + looks
        self.box, self.looks, self.seen_s = box, mixed / max(float(np.linalg.norm(mixed)), _TINY), pts_s

    def price(self, box: Row, looks: Row) -> float:
        """How unlikely it is that this face is there now.

        The sum of the distance in face sizes, the logarithm of the change of size, and the
        dissimilarity (one minus the correlation of small pictures) with its weight.
        """
        here, size = face_scale(self.box), face_scale(box)
        distance = float(np.hypot(*(_centre(box) - _centre(self.box)))) / max(here, size)
        change = abs(float(np.log(size / here)))
        if distance > _REACH or change > _MOST_SIZE_CHANGE:
            return float("inf")
        return distance + change + _LOOKS_WEIGHT * (1 - float(looks @ self.looks))


class FaceTracker:
    """Follow one face: the largest at first, and then the same person until lost for over a second.

    The face is searched for around its last box, and in the whole picture where that fails, where
    another person is near, and every two seconds. All known faces are told apart by position, size
    and looks, so nobody takes over from the one that is followed. The result depends only on
    pictures and their times.
    """

    def __init__(self) -> None:
        self._detector = FaceDetector()
        self.reset()

    def reset(self) -> None:
        """Forget everything; what follows is as with a new tracker."""
        self._followed: _Track | None = None
        self._others: list[_Track] = []
        self._identity = -1
        self._now_s = -np.inf
        self._scanned_s = -np.inf

    def track(self, frame: VideoFrame) -> Face | None:
        """Find the followed face in the next picture.

        Parameters
        ----------
        frame : a picture of any size, later than the one before. Going back in time ends an identity.

        Returns
        -------
        Its box within the picture and its crop [112, 112, 3], or None where it is not seen.
        """
        before_s, self._now_s = self._now_s, frame.pts_s
        self._forget(before_s)
        if self._followed is None:
            found = self._begin(frame.rgb)
        else:
            found = self._continue(frame.rgb, self._followed, before_s)
        if found is None:
            return None
        height, width = frame.rgb.shape[:2]
        x0, y0, x1, y1 = (float(v) for v in found[:4].clip(0, [width, height, width, height]))
        return Face(
            pts_s=frame.pts_s,
            identity=self._identity,
            box=(x0, y0, x1, y1),
            score=float(found[4]),
            crop=crop_face(frame.rgb, found),
        )

    def _forget(self, before_s: float) -> None:
        """Drop the faces that have not been seen for too long."""
        if self._now_s < before_s:
            self._followed, self._others, self._scanned_s = None, [], -np.inf
        oldest = self._now_s - LOST_S - _TINY
        if self._followed is not None and self._followed.seen_s < oldest:
            self._followed = None
        self._others = [other for other in self._others if other.seen_s >= oldest]

    def _begin(self, rgb: Picture) -> Row | None:
        """Follow the largest face, as a new identity."""
        boxes = self._scan(rgb)
        self._others = [_Track(box[:4], _looks(rgb, box), self._now_s) for box in boxes]
        if not len(boxes):
            return None
        largest = int(np.argmax([face_scale(box) for box in boxes]))
        self._followed = self._others.pop(largest)
        self._identity += 1
        found: Row = boxes[largest]
        return found

    def _continue(self, rgb: Picture, followed: _Track, before_s: float) -> Row | None:
        """Find the followed face again: in its region first, unless there is reason to look everywhere."""
        lost = followed.seen_s < before_s
        scan_due = self._now_s - self._scanned_s >= SCAN_PERIOD_S - _TINY
        looks = [self._search, self._scan]
        if lost or scan_due or self._is_crowded(followed):
            looks.reverse()
        for look in looks:
            boxes = look(rgb)
            mine = self._recognise(rgb, boxes, followed)
            if mine is not None:
                found: Row = boxes[mine]
                return found
        return None

    def _recognise(self, rgb: Picture, boxes: Boxes, followed: _Track) -> int | None:
        """Tell who is who, take in where everybody is now, and say which box shows the followed face."""
        looks = [_looks(rgb, box) for box in boxes]
        tracks = [followed, *self._others]
        pairs = _assign([[track.price(*one) for one in zip(boxes, looks, strict=True)] for track in tracks])
        for j, box in enumerate(boxes):
            if j in pairs:
                tracks[pairs[j]].move(box[:4], looks[j], self._now_s)
            else:
                self._others.append(_Track(box[:4], looks[j], self._now_s))
        return next((j for j, track in pairs.items() if track == 0), None)

    def _is_crowded(self, followed: _Track) -> bool:
        here = _centre(followed.box)
        near = _CROWDED * face_scale(followed.box)
        return any(np.hypot(*(_centre(other.box) - here)) < near for other in self._others)

    def _search(self, rgb: Picture) -> Boxes:
        """Faces like the followed one, near where it should be now."""
        assert self._followed is not None
        size = face_scale(self._followed.box)
        x, y = _centre(self._followed.box)
        half = size * _REGION / 2
        region = (round(x - half), round(y - half), round(x + half), round(y + half))
        return _credible(self._detector.detect(rgb, 0.7 * size, 1.1 * size, region), rgb)

    def _scan(self, rgb: Picture) -> Boxes:
        """Faces in the whole picture."""
        self._scanned_s = self._now_s
        side = min(rgb.shape[:2])
        return _credible(self._detector.detect(rgb, max(side * _LEAST_SHARE, _LEAST_FACE), side), rgb)


def _centre(box: Row) -> Row:
    centre: Row = (box[:2] + box[2:4]) / 2
    return centre


def _credible(boxes: Boxes, rgb: Picture) -> Boxes:
    """The boxes that are probable, and sufficiently within the picture."""
    height, width = rgb.shape[:2]
    inside = boxes[:, :4].clip(0, [width, height, width, height])
    visible = (inside[:, 2:] - inside[:, :2]).prod(axis=1)
    whole = (boxes[:, 2:4] - boxes[:, :2]).prod(axis=1)
    kept: Boxes = boxes[(boxes[:, 4] >= LEAST_SCORE) & (visible > _LEAST_VISIBLE * whole)]
    return kept


def _looks(rgb: Picture, box: Row) -> Row:
    """A small grey picture of a face, of zero mean and unit length. [64]."""
    small = crop_face(rgb, box, _LOOKS_SIZE).mean(axis=2).ravel()
    small -= small.mean()
    looks: Row = small / max(float(np.linalg.norm(small)), _TINY)
    return looks


def _assign(prices: list[list[float]]) -> dict[int, int]:
    """Match columns to rows: the cheapest pairs first, each row and column once, none too expensive.

    >>> _assign([[0.1, 0.4], [0.2, 9.0]])
    {0: 0}
    """
    pairs: dict[int, int] = {}
    for price, i, j in sorted((price, i, j) for i, row in enumerate(prices) for j, price in enumerate(row)):
        if price <= _MOST_PRICE and j not in pairs and i not in pairs.values():
            pairs[j] = i
    return pairs
