"""How the features of a recording that is analysed anew differ from those that the models had been given."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from engine.config import AUDIO_HOP_S

if TYPE_CHECKING:
    from engine.kept import Keeping
    from engine.stages import FaceSample, Report
    from engine.types import FeatureBlock, FloatArray

_HALF_HOP_S = AUDIO_HOP_S / 2
_COEFFICIENTS = 40


class FeatureComparison:
    """Compares reports with what was kept of the session.

    Parameters
    ----------
    keeping : what was kept.
    from_s : media time before which nothing is compared.

    Attributes
    ----------
    mfcc : largest difference among the 40 coefficients, of each frame.
    mfcc_missing : frames that were recorded or made anew, but not both.
    similarity : cosine of the two embeddings of each face.
    faces_missing : pictures in which a face was found only once.
    faces : pictures in which it was looked for both times.
    """

    def __init__(self, keeping: Keeping, from_s: float) -> None:
        self.mfcc, self.mfcc_missing = array("f"), 0
        self.similarity, self.faces_missing, self.faces = array("f"), 0, 0
        self._keeping = keeping
        self._from_s = from_s

    def take(self, report: Report) -> None:
        """Compare what a report holds."""
        for heard in report.heard:
            for block in heard.features:
                self._take_mfcc(block)
        for sample in report.samples:
            self._take_face(sample)

    def figures(self) -> dict[str, float]:
        """Shares of what is missing, and how far apart the rest is."""
        mfcc, similarity = np.array(self.mfcc), np.array(self.similarity)
        frames = len(mfcc) + self.mfcc_missing
        return {
            "mfcc_frames": frames,
            "mfcc_missing": self.mfcc_missing / max(1, frames),
            "mfcc_median": float(np.median(mfcc)) if len(mfcc) else 0.0,
            "mfcc_most": float(np.quantile(mfcc, 0.95)) if len(mfcc) else 0.0,
            "mfcc_largest": float(mfcc.max(initial=0.0)),
            "faces": self.faces,
            "faces_missing": self.faces_missing / max(1, self.faces),
            "similarity_median": float(np.median(similarity)) if len(similarity) else 1.0,
            "similarity_least": float(similarity.min(initial=1.0)),
        }

    def _take_mfcc(self, block: FeatureBlock) -> None:
        times_s = block.times_s
        if not len(times_s) or times_s[0] < self._from_s:
            return
        then = self._keeping.given(float(times_s[0]) - _HALF_HOP_S, float(times_s[-1]) + _HALF_HOP_S).audio
        if not len(then.times_s):
            self.mfcc_missing += len(times_s)
            return
        at = np.abs(then.times_s[None] - times_s[:, None]).argmin(axis=1)
        near = np.abs(then.times_s[at] - times_s) < _HALF_HOP_S
        gaps = np.abs(then.values[at] - block.values)[near, :_COEFFICIENTS].max(axis=1, initial=0.0)
        self.mfcc.extend(gaps.tolist())
        self.mfcc_missing += int(np.count_nonzero(~near))

    def _take_face(self, sample: FaceSample) -> None:
        if sample.pts_s < self._from_s:
            return
        then = self._keeping.faces(sample.pts_s, sample.pts_s)
        if not then:
            return
        self.faces += 1
        if then[0].embedding is None or sample.embedding is None:
            self.faces_missing += (then[0].embedding is None) != (sample.embedding is None)
            return
        self.similarity.append(_cosine(then[0].embedding, sample.embedding))


def _cosine(one: FloatArray, other: FloatArray) -> float:
    norms = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    return float(one @ other) / norms if norms > 0 else 0.0
