"""What a pipeline is made of: stages, how they are wired, and the clock that runs through them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.errors import AttuneError, StageError
from engine.runtime.channel import Channel


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock of a source: everything before ``pts_s`` has been delivered."""

    pts_s: float


class Stage(Protocol):
    """One step of work. ``name`` is what errors, threads and latencies are called by."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def process(self, item: Any) -> Sequence[Any]:
        """Take one item (or `Tick`); return what it brings."""

    def finish(self) -> Sequence[Any]:
        """Nothing more will come: return what is left."""


class StageHung(StageError):
    """A stage has been busy with one thing for too long; its thread cannot be ended."""

    def __init__(self, name: str, after_s: float) -> None:
        super().__init__(f"the {name} stage has not come back for {after_s:g} s: close other programs, and start again")


@dataclass(frozen=True, slots=True)
class Rescued:
    """How a run goes on after a stage has failed.

    Attributes
    ----------
    stage : works from now on: the same one, or another in its place.
    outputs : are handed on in place of what the failed one would have made of its item.
    """

    stage: Stage
    outputs: Sequence[Any]


class Rescue(Protocol):
    """Decides how a run goes on after a stage has failed."""

    def __call__(self, stage: Stage, item: Any, error: Exception) -> Rescued | None:
        """Say what goes on.

        Parameters
        ----------
        stage : what failed; after a `StageHung` some thread is still in it, so that it must not be touched.
        item : what it was given; None at the end, when what goes on has to give what was left.
        error : what it raised.

        Returns
        -------
        None where nothing can go on without the stage.
        """


def no_rescue(stage: Stage, item: Any, error: Exception) -> Rescued | None:
    """Let every failure end the run."""
    return None


@dataclass(eq=False, kw_only=True)
class Node:
    """A stage with its input channel and those that take what it gives; without any, it is what the run yields.

    ``live`` input drops its oldest item instead of making the source wait. A stage that is busy with one item for
    longer than ``patience_s`` hangs.
    """

    stage: Stage
    targets: tuple[Node, ...] = ()
    capacity: int = 64
    live: bool = False
    inputs: int = 1
    patience_s: float = math.inf

    def __post_init__(self) -> None:
        self.channel: Channel[Any] = Channel(self.capacity, drop_oldest=self.live, writers=self.inputs)


def as_attune_error(name: str, error: BaseException) -> AttuneError:
    """An AttuneError as it is; anything else as a StageError that names the stage."""
    if isinstance(error, AttuneError):
        return error
    return StageError(
        f"the {name} stage failed with {type(error).__name__}: {error}. This is a defect of Attune: "
        "please report it with the recording that caused it"
    )


def close_iterator(items: Iterator[Any]) -> None:
    """Let go of what a generator holds, now."""
    close = getattr(items, "close", None)
    if close is not None:
        close()
