"""Progress bars on stderr: none where it is not a terminal, so that logs stay short."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn


def progress_bar(*, counted: bool = False) -> Progress:
    """A bar with the name of the task; with counts where items are counted, else with a percentage."""
    console = Console(stderr=True)
    amount: ProgressColumn = MofNCompleteColumn() if counted else TextColumn("{task.percentage:>3.0f}%")
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        amount,
        TimeRemainingColumn(compact=True),
        console=console,
        transient=False,
        disable=not console.is_terminal,
    )
