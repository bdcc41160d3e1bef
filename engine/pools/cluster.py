"""Jobs done by the machines of a Ray cluster. Results come back to this process, which alone writes them."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Generic

from engine.errors import DataError
from engine.pools.connection import connected
from engine.pools.events import Event, Execute, Failed, Finished, J, N, R, Started, Told
from engine.pools.local import AGAIN
from engine.pools.worker import Failure, News, attempt, one_thread
from engine.version import __version__

log = logging.getLogger(__name__)

DEVICES = ("auto", "cpu", "cuda")

_RETRIES = 3
"""How often a job is begun again after its machine was lost."""

_TURN_S = 0.5
_ANSWER_S = 10.0


def attune_version() -> str:
    """Version of Attune on the machine that is asked."""
    return __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What else a cluster must know of the jobs.

    Attributes
    ----------
    version : names the version of the code that does them, a function of a module; machines that give another answer
        are refused.
    sharing : how many jobs share a GPU.
    again : what a user can do about a job that died.
    """

    version: Callable[[], str] = attune_version
    sharing: int = 1
    again: str = AGAIN


TERMS = Terms()


@contextmanager
def ray_pool(
    execute: Execute[J, N, R], address: str, device: str, jobs: int | None, terms: Terms = TERMS
) -> Iterator[RayPool[J, N, R]]:
    """A pool of the machines of a cluster, connected for as long as the context lasts.

    Parameters
    ----------
    execute : does a job; must be importable on every machine.
    address : "auto" for the cluster of this machine, or HOST:PORT.
    device : "auto" (GPUs if the cluster has any), "cpu" or "cuda".
    jobs : most jobs at the same time, None for as many as the cluster has cores, or room on its GPUs.
    terms : what else there is to know.

    Raises
    ------
    AssetError
        When Ray is not installed.
    OutputError
        When there is no cluster at the address.
    DataError
        When the cluster has no such device.
    """
    if device not in DEVICES:
        raise DataError(f"--device {device}: on a cluster choose auto, cpu or cuda")
    with connected(address) as ray:
        yield RayPool(ray, execute, _device(ray, device), jobs, terms)


class RayPool(Generic[J, N, R]):
    """Jobs as Ray tasks, no more at a time than the cluster has room for. Made by `ray_pool`."""

    def __init__(self, ray: Any, execute: Execute[J, N, R], device: str, jobs: int | None, terms: Terms) -> None:
        self._ray = ray
        self._kept = _Kept(secrets.token_hex(8), execute)
        self._device = device
        self._most = jobs
        self._terms = terms
        gpus = 1 / terms.sharing if device == "cuda" else 0
        self._task = ray.remote(_do).options(num_cpus=1, num_gpus=gpus, max_retries=_RETRIES)
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=True
        )
        self._board = ray.remote(_Board).options(num_cpus=0, scheduling_strategy=here).remote()

    @property
    def parallel(self) -> int:
        """How many jobs the cluster has room for."""
        kind, each = ("GPU", self._terms.sharing) if self._device == "cuda" else ("CPU", 1)
        places = int(self._ray.cluster_resources().get(kind, 0)) * each
        return max(1, min(places, self._most or places))

    def run(self, jobs: Iterable[J]) -> Generator[Event[J, N, R], None, None]:
        """Do jobs; closing the iterator ends all tasks."""
        waiting, flying = iter(jobs), dict[Any, J]()
        begun: set[str] = set()
        try:
            while True:
                for job in islice(waiting, max(0, self.parallel - len(flying))):
                    flying[self._submit(job)] = job
                if not flying:
                    return
                ready, _ = self._ray.wait(list(flying), timeout=_TURN_S)
                yield from self._news({job.key: job for job in flying.values()}, begun)
                for ref in ready:
                    job = flying.pop(ref)
                    if job.key not in begun:  # it was over before the news came
                        yield Started(job, "cluster")
                    yield self._result(ref, job)
        finally:
            for ref in flying:
                self._ray.cancel(ref, force=True)

    def _submit(self, job: J) -> Any:
        version = self._terms.version
        return self._task.remote(self._kept, job.on(self._device), self._board, version, version())

    def _news(self, jobs: dict[str, J], begun: set[str]) -> Iterator[Event[J, N, R]]:
        """What the jobs have told of themselves since the last time."""
        try:
            told = self._ray.get(self._board.take.remote(), timeout=_ANSWER_S)
        except self._ray.exceptions.RayError as error:  # its machine is busy or lost; the jobs go on without it
            log.debug("no news from the cluster: %s", error)
            return
        for key, news in told:
            if key not in jobs:
                continue
            if isinstance(news, News):
                if key not in begun:  # the news of its beginning was lost
                    begun.add(key)
                    yield Started(jobs[key], "cluster")
                yield Told(jobs[key], news.value)
            else:
                begun.add(key)
                yield Started(jobs[key], news)

    def _result(self, ref: Any, job: J) -> Event[J, N, R]:
        try:
            answer: R | Failure = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            return Failed(job, f"the cluster could not do it: {reason[-1]}. {self._terms.again}")
        if isinstance(answer, Failure):
            return Failed(job, answer.message, answer.fatal, answer.trace)
        return Finished(job, answer)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What does the jobs, the same object for all tasks of a process, so that it can keep its data open."""

    token: str
    execute: Execute[Any, Any, Any] = field(compare=False)


class _Board:
    """Where jobs tell of themselves."""

    def __init__(self) -> None:
        self._news: list[tuple[str, str | News[Any]]] = []

    def tell(self, key: str, news: str | News[Any]) -> None:
        """Keep news of a job: the machine where it has begun, or what it tells."""
        self._news.append((key, news))

    def take(self) -> list[tuple[str, str | News[Any]]]:
        """All news since the last time."""
        news, self._news = self._news, []
        return news


def _do(kept: _Kept, job: J, board: Any, version: Callable[[], str], wanted: str) -> object:
    """Do a job on a machine of the cluster."""
    one_thread()
    host = socket.gethostname()
    if version() != wanted:
        return _refusal(
            DataError(f"machine {host} has Attune {version()}, this one {wanted}: install the same version there")
        )
    try:
        job = job.at(host)
    except DataError as error:
        return _refusal(error)
    board.tell.remote(job.key, host)
    return attempt(_first(kept).execute, job, lambda news: board.tell.remote(job.key, News(news)))


@lru_cache(maxsize=1)
def _first(kept: _Kept) -> _Kept:
    """The first of those with the same token that this process was given."""
    return kept


def _refusal(error: DataError) -> Failure:
    return Failure(str(error), error)


def _device(ray: Any, wanted: str) -> str:
    """The device of all jobs."""
    resources = ray.cluster_resources()
    if wanted == "cuda" and not resources.get("GPU"):
        raise DataError("--device cuda: no machine of the cluster has a GPU. Use --device cpu")
    device = "cuda" if wanted != "cpu" and resources.get("GPU") else "cpu"
    if device == "cpu" and not resources.get("CPU"):
        raise DataError("the machines of the cluster offer no processor cores: start them with --num-cpus")
    return device
