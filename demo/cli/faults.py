"""What went wrong in a session that went on, at its end: one line a fault, and the exit status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from demo.cli.guard import FAILED

if TYPE_CHECKING:
    from engine.faults import Fault

_TOLD_ELSEWHERE = ("recording", "output")
"""Parts whose own endings say what went wrong with them."""


def tell_faults(faults: Sequence[Fault], say: Callable[[str], None]) -> None:
    """Say each fault in a line."""
    from demo.terminal.finish import fault_lines

    for line in fault_lines(one for one in faults if one.part not in _TOLD_ELSEWHERE):
        say(line)


def require_whole(faults: Sequence[Fault]) -> None:
    """Let the command fail where something was out for the rest of the session.

    Raises
    ------
    typer.Exit
        With status 1.
    """
    if any(one.lasting for one in faults):
        raise typer.Exit(FAILED)
