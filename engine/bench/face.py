"""Finding and following a face, picture by picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from engine.bench.bench import Bench, BenchSettings, BenchStage
from engine.bench.media import pictures
from engine.bench.rows import Bar, Row
from engine.bench.turns import Effort
from engine.config import SessionConfig
from engine.errors import SourceError
from engine.types import Face, VideoFrame

_QUICK_S = 5.0
_SAME = 0.8
"""Overlap (intersection over union) from which on two boxes count as the same."""


class FaceBench(Bench):
    """The tracker over the pictures of a recording, in turns with MTCNN on each of them."""

    what = "face found and followed, one picture of 640x480 (mean, at 6 Hz)"
    against = "facenet-pytorch MTCNN, defaults, each picture"
    bar = Bar(of="ratio", at_least=4.0)
    ratio_of = "mean"  # a search of the whole picture, every two seconds, takes several times as long

    def __init__(self, settings: BenchSettings) -> None:
        self._settings = settings
        self._ours, self._theirs = count(), count()
        self._found: dict[int, Face | None] = {}
        self._expected: dict[int, NDArray[np.float64] | None] = {}

    def prepare(self) -> None:
        """Read the pictures, and load both."""
        from engine.bench.mtcnn import DefaultMtcnn
        from engine.features.face import FaceTracker

        seconds = _QUICK_S if self._settings.quick else None
        rate_hz = SessionConfig().track_hz
        self._pictures = pictures(self._settings.recording, rate_hz, seconds)
        self._length_s = self._pictures[-1].pts_s + 1 / rate_hz
        self._tracker = FaceTracker(self._settings.device)
        self._mtcnn = DefaultMtcnn(str(self._settings.device))

    def effort(self, settings: BenchSettings) -> Effort:
        """Every picture once, unless something else is asked for."""
        if settings.rounds is None and settings.seconds is None:
            return Effort(rounds=len(self._pictures))
        return super().effort(settings)

    def ours(self) -> object:
        """Follow the face into the next picture."""
        index = next(self._ours)
        self._found[index] = self._tracker.track(self._picture(index))
        return self._found[index]

    def baseline(self) -> object:
        """Search the next picture."""
        index = next(self._theirs)
        self._expected[index] = self._mtcnn.detect(self._picture(index).rgb)
        return self._expected[index]

    def findings(self) -> Sequence[Row]:
        """How often both agree, where MTCNN finds a face."""
        overlaps = [
            0.0 if (face := self._found.get(index)) is None else overlap(np.array(face.box), box)
            for index, box in self._expected.items()
            if box is not None
        ]
        if not overlaps:
            raise SourceError(f"no face is found in {self._settings.recording}: choose another recording")
        agreed = 100 * float(np.mean(np.array(overlaps) >= _SAME))
        about = (
            f"boxes: of {len(overlaps)} pictures in which MTCNN finds a face; median overlap {np.median(overlaps):.3f}"
        )
        bar = Bar(of="value", at_least=95.0)
        return [
            Row(what=f"pictures with the same box (IoU >= {_SAME})", unit="%", value=agreed, bar=bar, notes=(about,))
        ]

    def _picture(self, index: int) -> VideoFrame:
        """A picture, over and over; time goes on."""
        turn, place = divmod(index, len(self._pictures))
        one = self._pictures[place]
        return one if turn == 0 else replace(one, pts_s=one.pts_s + turn * self._length_s)


def overlap(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Intersection over union of two boxes [4].

    Examples
    --------
    >>> overlap(np.array([0.0, 0.0, 2.0, 2.0]), np.array([1.0, 0.0, 3.0, 2.0]))
    0.3333333333333333
    """
    shared = (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).clip(0).prod()
    return float(shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared))


def _benches(settings: BenchSettings) -> Sequence[Bench]:
    return [FaceBench(settings)]


STAGE = BenchStage(name="face", about="a face found and followed, against MTCNN on each picture", benches=_benches)
