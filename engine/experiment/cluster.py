"""Jobs done by the machines of a Ray cluster. Results come back to this process, which alone writes them."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from engine.errors import AssetError, DataError, OutputError
from engine.experiment.events import EpochDone, Event, Failed, Finished, Started
from engine.experiment.jobs import Execute, Job, RunResult
from engine.experiment.worker import Failure, attempt, one_thread
from engine.metrics import Epoch
from engine.version import __version__

log = logging.getLogger(__name__)

DEVICES = ("auto", "cpu", "cuda")

_RETRIES = 3
"""How often a run is begun again after its machine was lost."""

_TURN_S = 0.5
_CONNECT_S = 5.0
_ANSWER_S = 10.0


@contextmanager
def ray_pool(execute: Execute, address: str, device: str, jobs: int | None) -> Iterator[RayPool]:
    """A pool of the machines of a cluster, connected for as long as the context lasts.

    Parameters
    ----------
    execute : does a job; must be importable on every machine.
    address : "auto" for the cluster of this machine, or HOST:PORT.
    device : "auto" (GPUs if the cluster has any), "cpu" or "cuda".
    jobs : most runs at the same time, None for as many as the cluster has cores, or GPUs.

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
    ray = _connect(address)
    try:
        yield RayPool(ray, execute, _device(ray, device), jobs)
    finally:
        ray.shutdown()


class RayPool:
    """Runs as Ray tasks, no more at a time than the cluster has room for. Made by `ray_pool`."""

    def __init__(self, ray: Any, execute: Execute, device: str, jobs: int | None) -> None:
        self._ray = ray
        self._kept = _Kept(secrets.token_hex(8), execute)
        self._device = device
        self._most = jobs
        gpus = 1 if device == "cuda" else 0
        self._task = ray.remote(_do).options(num_cpus=1, num_gpus=gpus, max_retries=_RETRIES)
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=True
        )
        self._board = ray.remote(_Board).options(num_cpus=0, scheduling_strategy=here).remote()

    @property
    def parallel(self) -> int:
        """How many runs the cluster has room for."""
        places = int(self._ray.cluster_resources().get("GPU" if self._device == "cuda" else "CPU", 0))
        return max(1, min(places, self._most or places))

    def run(self, jobs: Iterable[Job]) -> Generator[Event, None, None]:
        """Do jobs; closing the iterator ends all tasks."""
        waiting, flying = iter(jobs), dict[Any, Job]()
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

    def _submit(self, job: Job) -> Any:
        return self._task.remote(self._kept, replace(job, device=self._device), self._board, _code_version())

    def _news(self, jobs: dict[str, Job], begun: set[str]) -> Iterator[Event]:
        """What the runs have told of themselves since the last time."""
        try:
            told = self._ray.get(self._board.take.remote(), timeout=_ANSWER_S)
        except self._ray.exceptions.RayError as error:  # its machine is busy or lost; the runs go on without it
            log.debug("no news from the cluster: %s", error)
            return
        for key, news in told:
            if key not in jobs:
                continue
            if isinstance(news, Epoch):
                yield EpochDone(jobs[key], news)
            else:
                begun.add(key)
                yield Started(jobs[key], news)

    def _result(self, ref: Any, job: Job) -> Event:
        try:
            answer: RunResult | Failure = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            return Failed(
                job, f"the cluster could not do it: {reason[-1]}. Run the same command again to try once more"
            )
        if isinstance(answer, Failure):
            return Failed(job, answer.message, answer.fatal)
        return Finished(job, answer)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What does the jobs, the same object for all tasks of a process, so that it can keep its data open."""

    token: str
    execute: Execute = field(compare=False)


class _Board:
    """Where runs tell of themselves."""

    def __init__(self) -> None:
        self._news: list[tuple[str, str | Epoch]] = []

    def tell(self, key: str, news: str | Epoch) -> None:
        """Keep news of a run: where it has begun, or an epoch."""
        self._news.append((key, news))

    def take(self) -> list[tuple[str, str | Epoch]]:
        """All news since the last time."""
        news, self._news = self._news, []
        return news


def _do(kept: _Kept, job: Job, board: Any, version: str) -> RunResult | Failure:
    """Do a job on a machine of the cluster."""
    one_thread()
    host = socket.gethostname()
    if version != _code_version():
        return _refusal(
            f"machine {host} has Attune {_code_version()}, this one {version}: install the same version there"
        )
    if not job.source.path.exists():
        return _refusal(
            f"machine {host} does not see the data at {job.source.path}: they must be at the same place on every "
            "machine of the cluster"
        )
    board.tell.remote(job.key, host)
    if job.progress is not None and not job.progress.parent.is_dir():  # the results are not on a shared disk
        job = replace(job, progress=None)
    return attempt(_first(kept).execute, job, lambda epoch: board.tell.remote(job.key, epoch))


@lru_cache(maxsize=1)
def _first(kept: _Kept) -> _Kept:
    """The first of those with the same token that this process was given."""
    return kept


def _refusal(message: str) -> Failure:
    return Failure(message, DataError(message))


def _code_version() -> str:
    from engine.training.trainer import TRAINER_VERSION

    return f"{__version__} (training {TRAINER_VERSION})"


def _connect(address: str) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is sent anywhere
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else Ray warns about what it will do one day
    try:
        import ray
    except ImportError:
        raise AssetError("--ray needs Ray, which is not installed: pip install 'attune[cluster]'") from None
    import ray.util.scheduling_strategies

    place = "on this machine" if address == "auto" else f"at {address}"
    nothing = OutputError(
        f"there is no Ray cluster {place}: begin one with `ray start --head --disable-usage-stats` and let this "
        "machine and the others join it with `ray start --address HOST:PORT`"
    )
    host, _, port = address.rpartition(":")
    if address != "auto":
        if not host or not port.isdecimal():
            raise DataError(f"--ray {address}: give 'auto' or HOST:PORT")
        try:
            socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()
        except (OSError, OverflowError):
            raise nothing from None
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        log.debug("cannot join %s", address, exc_info=True)
        nothing.add_note(str(error))
        raise nothing from error
    return ray


def _device(ray: Any, wanted: str) -> str:
    """The device of all runs."""
    resources = ray.cluster_resources()
    if wanted == "cuda" and not resources.get("GPU"):
        raise DataError("--device cuda: no machine of the cluster has a GPU. Use --device cpu")
    device = "cuda" if wanted != "cpu" and resources.get("GPU") else "cpu"
    if device == "cpu" and not resources.get("CPU"):
        raise DataError("the machines of the cluster offer no processor cores: start them with --num-cpus")
    return device
