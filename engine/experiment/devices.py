"""Which devices the runs of an experiment are spread over."""

from __future__ import annotations

import os

from engine.errors import DataError


def choose_devices(wanted: str, jobs: int | None) -> tuple[str, ...]:
    """The device of each worker process.

    Parameters
    ----------
    wanted : "auto" (every GPU, else the processor), "cpu", "cuda" (every GPU) or one GPU such as "cuda:1".
    jobs : number of workers, None for one a core or one a GPU.

    Raises
    ------
    DataError
        When there is no such device.
    """
    gpus = gpu_count() if wanted != "cpu" else 0
    if wanted == "cpu" or (wanted == "auto" and gpus == 0):
        return ("cpu",) * (jobs or cores())
    if gpus == 0:
        raise DataError(f"--device {wanted}: PyTorch finds no GPU on this machine. Use --device cpu")
    if wanted in ("auto", "cuda"):
        names = [f"cuda:{index}" for index in range(gpus)]
    else:
        kind, _, number = wanted.partition(":")
        names = [wanted] if kind == "cuda" and number.isdecimal() and int(number) < gpus else []
    if not names:
        raise DataError(f"--device {wanted}: choose auto, cpu, cuda, or one of cuda:0 to cuda:{gpus - 1}")
    return tuple(names[index % len(names)] for index in range(jobs or len(names)))


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gpu_count() -> int:
    """GPUs that PyTorch can use."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0
