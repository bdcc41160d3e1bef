"""A process that does jobs, one after another, for the process that began it, and never outlives it."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import AttuneError, OutputError
from engine.runtime.processes import stay_with_parent

if TYPE_CHECKING:
    from engine.experiment.jobs import Execute, Job, RunResult
    from engine.metrics import Epoch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed; ``fatal`` is the error where no other job can succeed, as on a full disk."""

    message: str
    fatal: AttuneError | None = None


Answer: TypeAlias = "Epoch | RunResult | Failure"


def serve(connection: Connection, execute: Execute, device: str) -> None:
    """Do the jobs that come through the connection, until it is closed."""
    stay_with_parent()
    one_thread()
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(attempt(execute, replace(job, device=device), connection.send))
        except OSError:  # nobody is there any more
            return


def one_thread() -> None:
    """Let the libraries below PyTorch use one thread, so that results don't depend on how many cores are free.

    Takes effect where they have not been loaded yet.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is repeatable with it alone


def attempt(execute: Execute, job: Job, on_epoch: Callable[[Epoch], None]) -> RunResult | Failure:
    """Do a job; what goes wrong comes back as a `Failure`."""
    try:
        return execute(job, on_epoch)
    except OutputError as error:  # its progress cannot be written, so no other run's can
        return Failure(str(error), error)
    except AttuneError as error:
        return Failure(str(error))
    except MemoryError:
        return Failure("there is not enough memory: use fewer --jobs")
    except Exception as error:
        log.debug("%s failed", job.name, exc_info=True)
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        return Failure(f"{type(error).__name__}: {error} ({where})")
