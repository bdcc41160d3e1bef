"""Which devices jobs are spread over."""

from __future__ import annotations

from pathlib import Path

from engine.errors import DataError
from engine.machine import usable_cores


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
        return ("cpu",) * (jobs or usable_cores())
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


def gpu_count() -> int:
    """GPUs that PyTorch can use."""
    from engine.device import cuda_cards

    if not cuda_cards():  # asked without PyTorch, which takes seconds to import
        return 0
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def room(each_bytes: int) -> int:
    """How many processes of a size fit into the memory that is free, also within a container's limit; at least one."""
    import psutil

    free = int(psutil.virtual_memory().available)
    limit = _container_free()
    return max(1, (free if limit is None else min(free, limit)) // each_bytes)


def _container_free(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Bytes that a container may still use; None where there is no limit. Files in memory count as free."""
    try:
        limit, used = (int((folder / name).read_text(encoding="ascii")) for name in ("memory.max", "memory.current"))
        kept = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines())
        return max(0, limit - used + int(kept["inactive_file"]) + int(kept["active_file"]))
    except (OSError, ValueError, KeyError):  # no such files, or the limit is "max"
        return None
