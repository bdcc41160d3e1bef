"""Opens the window from the command line, or says in one line why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from demo.cli.guard import FAILED, complain
from demo.cli.options import Interface
from engine.errors import OutputError
from engine.runtime.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from demo.app import Start
    from demo.shown import Shown
    from engine.config import SessionConfig
    from engine.output.outputs import Outputs


def opens_window(ui: Interface) -> bool:
    """Whether to show things in the window. Where it was not asked for by name, one line says why it cannot be.

    Raises
    ------
    typer.Exit
        With status 1 when the window was asked for by name and cannot open.
    """
    if ui is Interface.TERMINAL:
        return False
    from demo.display import why_no_window

    reason = why_no_window()
    if reason is None:
        return True
    if ui is Interface.WINDOW:
        because = reason.removesuffix(": showing it in the terminal").removesuffix(". Showing it in the terminal")
        complain(f"no window can open here: {because}")
        raise typer.Exit(FAILED)
    typer.echo(reason, err=True)
    return False


def run(start: Start, config: SessionConfig, trace: Trace = NO_TRACE, outputs: Outputs | None = None) -> None:
    """Show the window until it is closed.

    Raises
    ------
    OutputError
        When a recording could not be made, or not to its end, or marks could not be saved.
    typer.Exit
        With status 1, when something was out for the rest of the session that was shown last.
    """
    from demo.app import run_window
    from demo.cli.faults import require_whole, tell_faults
    from demo.session_bridge import SessionBridge

    ended: list[Shown] = []
    status = run_window(lambda: SessionBridge(config, trace, outputs), start, last=lambda shown: ended.append(shown))
    faults = [one for shown in ended if not shown.replayed for one in shown.faults]
    if status:
        raise typer.Exit(status)
    tell_faults(faults, lambda text: typer.echo(text, err=True))
    unrecorded = [one.text for one in faults if one.part == "recording"]
    if start.record is not None:  # where it could not even begin
        unrecorded += [one.text for shown in ended for one in shown.troubles if one.where == "recording"]
    unsaved = [shown.marks.problem for shown in ended if shown.marks.problem]
    if unrecorded or unsaved:
        raise OutputError((unrecorded + unsaved)[0])
    require_whole(faults)


def open_empty_window(help_text: Callable[[], str]) -> None:
    """Open the window with nothing in it; where none can open, show the help."""
    from demo.app import Start
    from engine.config import SessionConfig

    if opens_window(Interface.AUTO):
        run(Start(), SessionConfig())
    else:
        typer.echo(help_text())
