"""How far predictions that are made anew from a recording may be from those that were recorded, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOOSEST = 1e-3
"""From the same features, on another processor or with another version of a library, probabilities may differ by this:
sums are taken in another order there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """What must hold for predictions from the recording.

    The sound is FLAC of 24 bits, so features of it are equal within rounding. Pictures are H.264: a face is found a
    pixel or two from where it was, and its embedding is a little another one. Predictions from few faces, at the
    beginning of an utterance, feel that most; where two classes are about equally probable, their order may change.

    Attributes
    ----------
    share : of the moments have probabilities within ``most``.
    most, median : largest difference of a probability at a moment.
    same_top : share of the moments with the same most probable class, at least.
    mfcc : difference of the coefficients of 95 % of the frames, at most; they reach from -700 to 300, and near digital
        silence the logarithm makes much of the last bit.
    missing : share of frames and faces that only one of both has, at most.
    similarity : median of the cosine between the embeddings of a face, at least.
    """

    share: float = 0.95
    most: float = 0.2
    median: float = 0.1
    same_top: float = 0.9
    mfcc: float = 0.1
    missing: float = 0.05
    similarity: float = 0.98


TOLERANCE = Tolerance()


def within(
    differences: NDArray[np.float64], same_top: float, figures: Mapping[str, Any], allowed: Tolerance = TOLERANCE
) -> list[str]:
    """Why predictions and features are not within tolerance: sentences, none where they are.

    Parameters
    ----------
    differences : [n] largest difference of a probability, of each moment.
    same_top : share of the moments with the same most probable class.
    figures : of the features, see `engine.saved.reanalysis.Reanalysis.figures`.
    """
    problems = []
    if len(differences):
        most, median = float(np.quantile(differences, allowed.share)), float(np.median(differences))
        if most > allowed.most:
            problems.append(
                f"{allowed.share:.0%} of the moments should be within {allowed.most}, and are within {most:.2g}."
            )
        if median > allowed.median:
            problems.append(f"The median difference should be at most {allowed.median}, and is {median:.2g}.")
        if same_top < allowed.same_top:
            problems.append(
                f"{allowed.same_top:.0%} of the moments should have the same most probable class; {same_top:.0%} have."
            )
    for name, wanted in (("mfcc_missing", "frames of sound"), ("faces_missing", "faces")):
        if figures.get(name, 0.0) > allowed.missing:
            problems.append(
                f"{figures[name]:.0%} of the {wanted} were found only once, of the recording or of the session."
            )
    if figures.get("mfcc_most", 0.0) > allowed.mfcc:
        problems.append(f"The sound is another one: its features differ by {figures['mfcc_most']:.2g}.")
    if figures.get("similarity_median", 1.0) < allowed.similarity:
        problems.append(f"The faces are other ones: their similarity is {figures['similarity_median']:.3f}.")
    return problems
