"""Follow one face through the pictures of a video."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.device import CPU, Device, DeviceError
from engine.features.face_crop import Picture, crop_face, face_scale
from engine.features.face_detect import Boxes, FaceDetector
from engine.features.face_identity import MOST_PRICE, Row, Track, assign, centre, looks_of
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
_TINY = 1e-6


Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

_Seen = tuple[Row, Picture]
"""A detected box [5] and the crop of it."""


class FaceTracker:
    """Follow one face: the largest at first, and then the same person until lost for over a second.

    The face is searched for around its last box, and in the whole picture where that fails, where
    another person is near, and every two seconds. All known faces are told apart by position, size
    and looks, so nobody takes over from the one that is followed. The result depends only on
    pictures and their times.

    Parameters
    ----------
    device : where the networks of the detector run.

    Raises
    ------
    AssetError : a network is missing or damaged.
    """

    def __init__(self, device: Device = CPU) -> None:
        self._detector = FaceDetector(device)
        self.reset()

    def reset(self) -> None:
        """Forget everything; what follows is as with a new tracker."""
        self._followed: Track | None = None
        self._others: list[Track] = []
        self._identity = -1
        self._now_s = -np.inf
        self._scanned: list[Row] = []

    @property
    def failure(self) -> DeviceError | None:
        """What the device has failed with, so that the networks run on the processor; None while it works."""
        return self._detector.failure

    @property
    def others(self) -> tuple[Box, ...]:
        """Boxes of the faces that are not followed, as of the last search of the whole picture."""
        followed = self._followed
        away = [box for box in self._scanned if followed is None or not followed.is_at(box)]
        return tuple((float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in (box[:4] for box in away))

    def switch(self, frame: VideoFrame, x: float, y: float) -> bool:
        """Follow the face at a point from this picture on, as a new identity.

        Parameters
        ----------
        frame : the picture that `track` gets next.
        x, y : a point in or near the face, in pixels.

        Returns
        -------
        False, and nothing changes, where no face is within one face size of the point, or that one is followed already.
        """
        boxes = self._scan(frame.rgb)
        away = [float(np.abs(centre(box) - (x, y)).max()) / face_scale(box) for box in boxes]
        if not away or min(away) > 1.0:
            return False
        wanted = int(np.argmin(away))
        tracks = [Track(box[:4], looks_of(crop_face(frame.rgb, box)), frame.pts_s) for box in boxes]
        if self._followed is not None:
            followed = self._followed
            prices = [followed.price(one.box, one.looks) for one in tracks]
            if int(np.argmin(prices)) == wanted and prices[wanted] <= MOST_PRICE:
                return False
        self._followed = tracks.pop(wanted)
        self._others = tracks
        self._identity += 1
        return True

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
        box, crop = found
        height, width = frame.rgb.shape[:2]
        x0, y0, x1, y1 = (float(v) for v in box[:4].clip(0, [width, height, width, height]))
        return Face(
            pts_s=frame.pts_s,
            identity=self._identity,
            box=(x0, y0, x1, y1),
            score=float(box[4]),
            crop=crop,
        )

    def _forget(self, before_s: float) -> None:
        """Drop the faces that have not been seen for too long."""
        if self._now_s < before_s:
            self._followed, self._others = None, []
        oldest = self._now_s - LOST_S - _TINY
        if self._followed is not None and self._followed.seen_s < oldest:
            self._followed = None
        self._others = [other for other in self._others if other.seen_s >= oldest]

    def _begin(self, rgb: Picture) -> _Seen | None:
        """Follow the largest face, as a new identity."""
        seen = [(box, crop_face(rgb, box)) for box in self._scan(rgb)]
        self._others = [Track(box[:4], looks_of(crop), self._now_s) for box, crop in seen]
        if not seen:
            return None
        largest = int(np.argmax([face_scale(box) for box, _ in seen]))
        self._followed = self._others.pop(largest)
        self._identity += 1
        return seen[largest]

    def _continue(self, rgb: Picture, followed: Track, before_s: float) -> _Seen | None:
        """Find the followed face again: in its region first, unless there is reason to look everywhere."""
        lost = followed.seen_s < before_s
        # By media time, not since the last search: then a run from elsewhere soon finds the very same boxes.
        scan_due = (self._now_s + _TINY) // SCAN_PERIOD_S > (before_s + _TINY) // SCAN_PERIOD_S
        ways = [self._search, self._scan]
        if lost or scan_due or self._is_crowded(followed):
            ways.reverse()
        for look in ways:
            seen = [(box, crop_face(rgb, box)) for box in look(rgb)]
            mine = self._recognise(seen, followed)
            if mine is not None:
                return seen[mine]
        return None

    def _recognise(self, seen: Sequence[_Seen], followed: Track) -> int | None:
        """Tell who is who, take in where everybody is now, and say which one is the followed face."""
        faces = [(box, looks_of(crop)) for box, crop in seen]
        tracks = [followed, *self._others]
        pairs = assign([[track.price(*face) for face in faces] for track in tracks])
        for j, (box, looks) in enumerate(faces):
            if j in pairs:
                tracks[pairs[j]].move(box[:4], looks, self._now_s)
            else:
                self._others.append(Track(box[:4], looks, self._now_s))
        return next((j for j, track in pairs.items() if track == 0), None)

    def _is_crowded(self, followed: Track) -> bool:
        here = centre(followed.box)
        near = _CROWDED * face_scale(followed.box)
        return any(np.hypot(*(centre(other.box) - here)) < near for other in self._others)

    def _search(self, rgb: Picture) -> Boxes:
        """Faces like the followed one, near where it should be now."""
        assert self._followed is not None
        size = face_scale(self._followed.box)
        x, y = centre(self._followed.box)
        half = size * _REGION / 2
        region = (round(x - half), round(y - half), round(x + half), round(y + half))
        return _credible(self._detector.detect(rgb, 0.7 * size, 1.1 * size, region), rgb)

    def _scan(self, rgb: Picture) -> Boxes:
        """Faces in the whole picture."""
        side = min(rgb.shape[:2])
        boxes = _credible(self._detector.detect(rgb, max(side * _LEAST_SHARE, _LEAST_FACE), side), rgb)
        self._scanned = list(boxes)
        return boxes


def _credible(boxes: Boxes, rgb: Picture) -> Boxes:
    """The boxes that are probable, and sufficiently within the picture."""
    height, width = rgb.shape[:2]
    inside = boxes[:, :4].clip(0, [width, height, width, height])
    visible = (inside[:, 2:] - inside[:, :2]).prod(axis=1)
    whole = (boxes[:, 2:4] - boxes[:, :2]).prod(axis=1)
    kept: Boxes = boxes[(boxes[:, 4] >= LEAST_SCORE) & (visible > _LEAST_VISIBLE * whole)]
    return kept
