"""What a pipeline is made of: stages, how they are wired, and the clock that runs through them."""

from __future__ import annotations

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


@dataclass(eq=False, kw_only=True)
class Node:
    """A stage with its input channel and those that take what it gives; without any, it is what the run yields.

    ``live`` input drops its oldest item instead of making the source wait.
    """

    stage: Stage
    targets: tuple[Node, ...] = ()
    capacity: int = 64
    live: bool = False
    inputs: int = 1

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
