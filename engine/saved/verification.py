"""What was found when a recorded session was checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """How a file of the session is: "complete", "torn" (cut off at its end), "damaged" or "missing", and where."""

    name: str
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A moment that is another one when it is made again."""

    pts_s: float
    difference: float
    recorded: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Predictions made again, beside those that were recorded.

    Attributes
    ----------
    holds : whether they are as they must be.
    moments, same : how many, and how many of them bit for bit.
    missing : of those, where only one of both has a prediction.
    median, most_of, largest : of the differences of a moment's probabilities; ``most_of`` is the 95 % quantile.
    same_top : share of the moments with the same most probable class.
    left_out : moments that cannot be made again, since their window reaches beyond what was recorded.
    worst : those that differ most.
    problems : why it does not hold, sentences.
    figures : of features and words, where they were made anew.
    """

    holds: bool
    moments: int
    same: int
    missing: int = 0
    median: float = 0.0
    most_of: float = 0.0
    largest: float = 0.0
    same_top: float = 1.0
    left_out: int = 0
    worst: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found.

    Attributes
    ----------
    session : its folder.
    seconds : how long it is.
    files : each with its state.
    notes : for the user; ``problems`` say why it does not hold.
    features, media : from the recorded features, and from the recording; None where that was not looked at.
    """

    session: str
    seconds: float
    files: tuple[FileState, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    features: Comparison | None
    media: Comparison | None

    @property
    def holds(self) -> bool:
        """Whether everything that was looked at is as it must be."""
        return not self.problems and all(one is None or one.holds for one in (self.features, self.media))

    def to_json(self) -> dict[str, Any]:
        """For a file."""
        return {"format": "attune verification", "version": 1, "holds": self.holds, **asdict(self)}
