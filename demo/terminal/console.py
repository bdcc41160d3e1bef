"""Where the terminal's view is printed."""

from __future__ import annotations

from rich.console import Console


class PipedConsole(Console):
    """Leaves it to the caller what becomes of a session that nobody sees any more; Rich would end the process."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError that it is called for."""
        raise
