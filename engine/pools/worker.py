"""A process that does jobs, one after another, for the process that began it, and never outlives it."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic

from engine.errors import AttuneError, OutputError
from engine.pools.events import Execute, J, N, N_co, R, R_co
from engine.runtime.processes import stay_with_parent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News(Generic[N_co]):
    """What a job tells on the way."""

    value: N_co


@dataclass(frozen=True, slots=True)
class Done(Generic[R_co]):
    """A job is done."""

    result: R_co


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed; ``fatal`` is the error where no other can succeed, ``trace`` a traceback nobody expected."""

    message: str
    fatal: AttuneError | None = None
    trace: str = ""


class Hopeless(Exception):
    """Raised while a job is done when no other job can succeed either, for the same reason."""

    def __init__(self, reason: AttuneError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def serve(connection: Connection, execute: Execute[Any, Any, Any], device: str) -> None:
    """Do the jobs that come through the connection, until it is closed."""
    stay_with_parent()
    one_thread()

    def tell(news: object) -> None:
        connection.send(News(news))

    while True:
        try:
            job = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = attempt(execute, job.on(device), tell)
            connection.send(answer if isinstance(answer, Failure) else Done(answer))
        except OSError:  # nobody is there any more
            return


def one_thread() -> None:
    """Let the libraries below PyTorch use one thread, so that results don't depend on how many cores are free.

    Takes effect where they have not been loaded yet.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is repeatable with it alone


def attempt(execute: Execute[J, N, R], job: J, tell: Callable[[N], None]) -> R | Failure:
    """Do a job; what goes wrong comes back as a `Failure`."""
    try:
        return execute(job, tell)
    except Hopeless as error:
        return Failure(str(error), error.reason)
    except OutputError as error:  # its progress cannot be written, so that of no other can
        return Failure(str(error), error)
    except AttuneError as error:
        return Failure(str(error))
    except MemoryError:
        return Failure("there is not enough memory: use fewer --jobs")
    except Exception as error:
        log.debug("%s failed", job.name, exc_info=True)
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        return Failure(f"{type(error).__name__}: {error} ({where})", trace=traceback.format_exc())
