"""How long Attune takes to start, as a fresh process."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from demo.bench.child import module_command, running, window_environment
from engine.bench.bench import BenchSettings
from engine.bench.rows import Bar, Row
from engine.bench.spread import Spread
from engine.errors import StageError

_PATIENCE_S = 120.0
_PREDICTION = re.compile(r"\d+:\d\d\S* .*\d%")


class StartStage:
    """From calling the command until it shows something. A first run, which warms the disk's cache, does not count."""

    name = "start"
    about = "start of the command and of the window, as fresh processes"
    _runs = 5

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure.

        Raises
        ------
        StageError : the command fails.
        """
        runs = settings.runs(self._runs)
        command = settings.command
        help_s = _repeated(lambda: [_until_over([*command, "--help"])], runs)
        yield Row(what="attune --help, whole", ours=help_s[0])
        play = [*command, "play", "--sample", "--ui", "terminal", "--device", str(settings.device)]
        begun, predicted = _repeated(lambda: _until_lines(play, (re.compile(r"\S"), _PREDICTION)), runs)
        yield Row(what="attune play --sample, until it plays (models loaded)", ours=begun)
        note = (
            "predictions are shown at their time in the recording; where the output is read by a program, every second"
        )
        bar = Bar(of="p50", at_most=5.0)
        yield Row(
            what="attune play --sample, until the first prediction is shown", ours=predicted, bar=bar, notes=(note,)
        )
        environment, where = window_environment()
        window = module_command("demo.bench.window_start", str(settings.device))
        marks = (re.compile("painted"), re.compile("answered"))
        painted, answered = _repeated(lambda: _until_lines(window, marks, environment), runs)
        yield Row(what="window painted", ours=painted, notes=(where,))
        yield Row(
            what="play --sample in the window, until the first prediction is shown", ours=answered, notes=(where,)
        )


def _repeated(once: Callable[[], Sequence[float]], runs: int) -> list[Spread]:
    """Each of the times of several runs, after one that does not count."""
    once()
    found = [once() for _ in range(runs)]
    return [Spread(wall_s=tuple(one)) for one in zip(*found, strict=True)]


def _until_over(command: Sequence[str], patience_s: float = _PATIENCE_S) -> float:
    began_s = time.perf_counter()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience_s)
    except subprocess.TimeoutExpired:
        raise StageError(f"{_quoted(command)} did not end within {patience_s:g} s: try it by hand") from None
    taken_s = time.perf_counter() - began_s
    if done.returncode:
        raise _failed(command, done.stderr)
    return taken_s


def _until_lines(
    command: Sequence[str],
    wanted: Sequence[re.Pattern[str]],
    environment: dict[str, str] | None = None,
    patience_s: float = _PATIENCE_S,
) -> list[float]:
    """Time from the start of a command until each of these lines has appeared, one after the other."""
    found: list[float] = []
    began_s = time.perf_counter()
    with running(command, environment) as process, _ended_after(process, patience_s) as too_long:
        for line in process.stdout or ():
            while len(found) < len(wanted) and wanted[len(found)].match(line):
                found.append(time.perf_counter() - began_s)
            if len(found) == len(wanted):
                return found
        if not too_long.is_set():
            raise _failed(command, process.stderr.read() if process.stderr is not None else "")
    raise StageError(f"{_quoted(command)} showed no prediction within {patience_s:g} s: try it by hand")


@contextmanager
def _ended_after(process: subprocess.Popen[str], patience_s: float) -> Iterator[threading.Event]:
    """Kill a process that takes longer: then reading what it says ends. Yields whether that has happened."""
    too_long = threading.Event()

    def end() -> None:
        too_long.set()
        process.kill()

    timer = threading.Timer(patience_s, end)
    timer.start()
    try:
        yield too_long
    finally:
        timer.cancel()
        timer.join()


def _failed(command: Sequence[str], said: str) -> StageError:
    last = said.strip().splitlines()[-1:] or ["it said nothing"]
    return StageError(f"{_quoted(command)} failed ({last[0]}): try it by hand")


def _quoted(command: Sequence[str]) -> str:
    return f"`{' '.join(command[-4:])}`"


STAGE = StartStage()
