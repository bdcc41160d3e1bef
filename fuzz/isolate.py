"""One case in a process of its own, with bounds on memory and time: whatever a codec does, it ends that case alone."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import signal
import sys
import traceback
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from engine.errors import AttuneError
from fuzz.target import Target

Outcome = Literal["fine", "refused", "unexpected", "crash", "hang", "memory"]

SPARE_BYTES = 1 << 30
"""Address space beyond the bound: what is reserved and never touched costs nothing."""

_REPORT, _TRACE = "report.json", "trace.txt"
_WALL_FACTOR = 6
"""On a busy machine a second of the processor may take that long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a case.

    Attributes
    ----------
    outcome : "fine" and "refused" (by an AttuneError) are as they should be.
    message : the error, in one line.
    where : place of the error in the code, which tells findings apart.
    trace : all that is known of it.
    peak_bytes : memory that it took at most, beyond what the process began with.
    """

    outcome: Outcome
    message: str = ""
    where: str = ""
    trace: str = ""
    peak_bytes: int = 0

    @property
    def finding(self) -> bool:
        """Whether it is a defect."""
        return self.outcome not in ("fine", "refused")


def begin(target: Target, files: Path, results: Path) -> int:
    """Run a case in a child process; returns its process id, for `end`."""
    results.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _bounded(target, files, results)
        status = 0
    finally:
        os._exit(status)


def end(target: Target, status: int, results: Path) -> Verdict:
    """What came of a case whose process has ended with a status as `os.wait` gives it."""
    trace = _read(results / _TRACE)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL):
            return Verdict(
                outcome="hang", message=f"still busy after {target.cpu_s} s", where=_deepest(trace), trace=trace
            )
        return Verdict(outcome="crash", message=signal.Signals(number).name, where=_deepest(trace), trace=trace)
    try:
        verdict = Verdict(**json.loads((results / _REPORT).read_text()))
    except (OSError, ValueError):
        return Verdict(outcome="crash", message=f"exit status {os.waitstatus_to_exitcode(status)}", trace=trace)
    return verdict


def _bounded(target: Target, files: Path, results: Path) -> None:
    trace = (results / _TRACE).open("w")
    os.dup2(trace.fileno(), 1)
    os.dup2(trace.fileno(), 2)
    faulthandler.enable(trace)
    for busy in (signal.SIGXCPU, signal.SIGALRM):
        faulthandler.register(busy, trace, chain=True)
    warnings.simplefilter("ignore")
    os.environ["ATTUNE_CACHE"] = str(results / "cache")
    os.chdir(files)
    virtual, peak = _memory()
    resource.setrlimit(resource.RLIMIT_AS, (virtual + target.room_bytes + SPARE_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (target.cpu_s, target.cpu_s + 2))
    signal.alarm(target.cpu_s * _WALL_FACTOR)
    verdict = _verdict(target, files)
    used = max(_memory()[1] - peak, 0)
    if used > target.room_bytes and not verdict.finding:
        verdict = Verdict(outcome="memory", message=f"took {used >> 20} MiB", where="memory", trace=verdict.message)
    kept = asdict(verdict) | {"peak_bytes": used}
    (results / _REPORT).write_text(json.dumps(kept))


def _verdict(target: Target, files: Path) -> Verdict:
    try:
        target.run(files)
    except AttuneError as error:
        return Verdict(outcome="refused", message=f"{type(error).__name__}: {error}")
    except MemoryError:
        return Verdict(
            outcome="memory", message="MemoryError", where=_here(sys.exc_info()[2]), trace=traceback.format_exc()
        )
    except BaseException as error:
        return Verdict(
            outcome="unexpected",
            message=f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode(),
            where=f"{type(error).__name__} {_here(error.__traceback__)}",
            trace=traceback.format_exc().encode("utf-8", "replace").decode(),
        )
    return Verdict(outcome="fine")


def _memory() -> tuple[int, int]:
    """Address space of this process, and the most memory it has had."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmSize"].split()[0]) << 10, int(fields["VmHWM"].split()[0]) << 10


def _here(trace: object) -> str:
    """The innermost place in Attune's own code."""
    own = [one for one in traceback.extract_tb(trace) if "/engine/" in one.filename or "/demo/" in one.filename]  # type: ignore[arg-type]
    return f"{Path(own[-1].filename).name}:{own[-1].name}" if own else "outside"


def _deepest(trace: str) -> str:
    """The innermost line of a fault handler's text that is in Attune's own code."""
    lines = [one for one in trace.splitlines() if "/engine/" in one or "/demo/" in one]
    return lines[0].strip() if lines else "unknown"


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")[-20_000:]
    except OSError:
        return ""
