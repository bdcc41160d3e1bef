"""What a pool is given and what it tells: jobs, and events as things happen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeAlias, TypeVar

from engine.errors import AttuneError


class Job(Protocol):
    """Something to do, in another process or on another machine; it is pickled.

    Attributes
    ----------
    key : tells it from the other jobs of a pool.
    name : what it is called in messages.
    """

    @property
    def key(self) -> str: ...  # noqa: D102

    @property
    def name(self) -> str: ...  # noqa: D102

    def on(self, device: str) -> Self:
        """The same job for a device: "cpu", "cuda", "cuda:1" or "mps"."""

    def at(self, host: str) -> Self:
        """The job as another machine of a cluster, called ``host``, can do it; called there.

        Raises
        ------
        DataError
            When that machine does not see what the job needs.
        """


J = TypeVar("J", bound=Job)
N = TypeVar("N")
R = TypeVar("R")
J_co = TypeVar("J_co", bound=Job, covariant=True)
N_co = TypeVar("N_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)

Execute: TypeAlias = Callable[[J, Callable[[N], None]], R]
"""Does a job, telling news on the way (an epoch, a share done); can be pickled, and serves one job after another."""


@dataclass(frozen=True, slots=True)
class Started(Generic[J_co]):
    """A job has begun. ``place`` names the device or machine."""

    job: J_co
    place: str


@dataclass(frozen=True, slots=True)
class Told(Generic[J_co, N_co]):
    """A job has told of itself."""

    job: J_co
    news: N_co


@dataclass(frozen=True, slots=True)
class Finished(Generic[J_co, R_co]):
    """A job is done."""

    job: J_co
    result: R_co


@dataclass(frozen=True, slots=True)
class Failed(Generic[J_co]):
    """A job failed, for a reason that the message tells.

    Attributes
    ----------
    fatal : the error where no other job can succeed either.
    trace : the traceback of an error that nobody expected.
    """

    job: J_co
    message: str
    fatal: AttuneError | None = None
    trace: str = ""


Event: TypeAlias = Started[J] | Told[J, N] | Finished[J, R] | Failed[J]


class Pool(Protocol[J, N_co, R_co]):
    """Does jobs, on one machine or many."""

    @property
    def parallel(self) -> int:
        """How many jobs it does at the same time."""

    def run(self, jobs: Iterable[J]) -> Generator[Event[J, N_co, R_co], None, None]:
        """Do jobs, each taken from ``jobs`` just before it begins, and tell of them as things happen.

        Each job ends with one `Finished` or `Failed`. Closing the iterator stops everything that it has begun.
        """
