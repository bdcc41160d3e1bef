"""How the analysis of recordings goes: a line for each that ends, and in a terminal a bar for each under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from rich.progress import TaskID

from demo.cli.guard import complain, debugging
from demo.cli.progress import progress_bar
from demo.terminal.finish import fault_lines
from engine.faults import Fault

if TYPE_CHECKING:
    from engine.analysis.analyzer import Share, Task


class Lines:
    """Hears of the recordings (an `engine.analysis.batch.Listener`).

    Parameters
    ----------
    count : how many there are.

    Attributes
    ----------
    ended : how many are done or were done before.
    media_s : length of those that were done now.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.ended = 0
        self.media_s = 0.0
        self._over = 0
        self._bar = progress_bar()
        self._overall = self._bar.add_task(f"{count} recordings", total=count) if count > 1 else None
        self._active: dict[str, TaskID] = {}
        self._shares: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self._active.values():  # those that were stopped
            self._bar.remove_task(bar)
        self._bar.stop()

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def started(self, task: Task, place: str) -> None:
        """A recording has begun; the models may have to be loaded first."""
        if task.key not in self._active:  # else its machine was lost, and another one begins again
            self._active[task.key] = self._bar.add_task(f"{task.name} (loading models)", total=None)

    def progress(self, task: Task, share: Share) -> None:
        """So much of a recording is done."""
        shown = {"total": None} if share is None else {"total": 1.0, "completed": share}
        self._bar.update(self._active[task.key], description=task.name, **shown)
        self._shares[task.key] = share or 0.0
        self._count()

    def finished(self, task: Task, summary: Mapping[str, Any]) -> None:
        """A recording is done."""
        self.ended += 1
        self.media_s += summary["durations"]["recording_s"]
        self._end(task)
        self.say(_line(task, summary))

    def unchanged(self, task: Task) -> None:
        """The results of a recording were there, and are still right."""
        self.ended += 1
        self._end(task)

    def failed(self, task: Task, message: str, trace: str) -> None:
        """A recording could not be analysed."""
        self._end(task)
        text = message if str(task.path) in message else f"{task.path}: {message}"
        if trace and not debugging():
            text += "\nThis is a fault of Attune. To see where, put --debug before the command or set ATTUNE_DEBUG=1."
        elif trace:
            self.say(trace)
        complain(text, self._bar.console)

    def _end(self, task: Task) -> None:
        self._over += 1
        self._shares.pop(task.key, None)
        self._bar.remove_task(self._active.pop(task.key))
        self._count()

    def _count(self) -> None:
        if self._overall is not None:
            self._bar.update(
                self._overall,
                description=f"{self._over} of {self.count} recordings",
                completed=self._over + sum(self._shares.values()),
            )


def _line(task: Task, summary: Mapping[str, Any]) -> str:
    """What was found in a recording, in a line, and the remarks on it."""
    length_s, took_s = summary["durations"]["recording_s"], summary["durations"]["analysis_s"]
    emotions = sorted(summary["share_of_time"].items(), key=lambda one: -one[1])[:2]
    mostly = ", ".join(f"{name} {share:.0%}" for name, share in emotions if share) or _nothing(summary)
    pace = f"{length_s / took_s:.1f}x real time" if took_s else ""
    notes = "".join(f"\n  note: {one}" for one in summary["recording"]["notes"])
    notes += "".join(f"\n  {one}" for one in fault_lines(Fault(**one) for one in summary.get("faults", ())))
    words = summary["counts"]["words"]
    return f"{task.path.name}: {length_s:.1f} s, {words} words, {mostly} -> {task.folder} ({pace}){notes}"


def _nothing(summary: Mapping[str, Any]) -> str:
    return "nothing was seen or heard" if summary["counts"]["moments"] else "too short for a prediction"
