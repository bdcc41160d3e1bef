"""The machine that something runs on, and the software that it runs with."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a measurement should say of the machine that it was made on.

    Attributes
    ----------
    system : operating system and its release.
    processor : what it calls itself.
    cores : logical ones of the machine; usable_cores : those that this process may use.
    memory_bytes : of the machine.
    graphics : names of the graphics processors that take part.
    """

    system: str
    processor: str
    cores: int
    usable_cores: int
    memory_bytes: int
    graphics: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """In one line.

        Examples
        --------
        >>> Machine(system="Linux 6", processor="EPYC", cores=4, usable_cores=2, memory_bytes=8_000_000_000).title
        'EPYC, 2 of 4 cores, 8.0 GB, Linux 6'
        """
        cores = (
            f"{self.cores} cores" if self.usable_cores == self.cores else f"{self.usable_cores} of {self.cores} cores"
        )
        return ", ".join((self.processor, *self.graphics, cores, f"{self.memory_bytes / 1e9:.1f} GB", self.system))


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def this_machine(device: str = "cpu") -> Machine:
    """The machine that this process runs on; with the card that a ``device`` such as "cuda:0" stands for."""
    import psutil

    cores = psutil.cpu_count(logical=True) or os.cpu_count() or 1
    return Machine(
        system=f"{platform.system()} {platform.release()}",
        processor=device_name("cpu"),
        cores=cores,
        usable_cores=usable_cores(),
        memory_bytes=psutil.virtual_memory().total,
        graphics=() if device == "cpu" else (device_name(device),),
    )


def device_name(device: str) -> str:
    """What the device calls itself."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.get_device_name(device)
    if device == "mps":
        return "Apple graphics processor"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine() or "processor"


def peak_memory_bytes() -> int:
    """Largest resident memory of this process so far."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if platform.system() == "Darwin" else int(peak) * 1024


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of those of the packages that are installed."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
