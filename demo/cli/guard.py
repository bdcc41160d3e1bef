"""Errors as a user should meet them: one line on stderr and an exit status, no traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from engine.errors import AttuneError

if TYPE_CHECKING:
    from rich.console import Console

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

_OF_THE_OUTPUT = (errno.ENOSPC, errno.EIO, errno.EBADF)
"""What printing meets: a full disk, a terminal that is closed. Files of our own have messages of their own."""


def debugging() -> bool:
    """Whether tracebacks are wanted (``--debug`` sets the same variable)."""
    return os.environ.get("ATTUNE_DEBUG", "") not in {"", "0"}


@contextmanager
def guard() -> Iterator[None]:
    """Turn what goes wrong inside into a message and an exit status."""
    try:
        yield
    except AttuneError as error:
        if debugging():
            raise
        complain(str(error))
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader of our output has gone, as in `attune play FILE | head`
        print_no_more()
        raise typer.Exit(FAILED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except MemoryError:
        complain("there is not enough memory: close other programs or use a shorter recording")
        raise typer.Exit(FAILED) from None
    except Exception as error:
        if debugging() or _is_usage_error(error):
            raise
        if isinstance(error, OSError) and error.errno in _OF_THE_OUTPUT:
            print_no_more()
            complain(f"what this command prints cannot be written: {error.strerror}. Send it elsewhere")
        else:
            complain(unexpected(error))
        raise typer.Exit(FAILED) from None


def print_no_more() -> None:
    """Let what is printed, and what waits to be, go nowhere: nobody takes it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_usage_error(error: Exception) -> bool:
    return hasattr(error, "exit_code") and hasattr(error, "format_message")


def complain(message: str, console: Console | None = None) -> None:
    """One message in red on stderr (without colour where there is none)."""
    from rich.console import Console
    from rich.text import Text

    text = Text("error: ", style="bold red").append(Text(message, style="not bold red"))
    (console or Console(stderr=True)).print(text, soft_wrap=True)


def unexpected(error: Exception) -> str:
    """What to say about an error that nobody meant a user to meet."""
    return (
        f"unexpected {type(error).__name__}: {error}\n"
        "This is a fault of Attune. To see where, put --debug before the command or set ATTUNE_DEBUG=1."
    )


def wrong_usage(message: str) -> typer.Exit:
    """Complain about how a command was called; raise what this returns."""
    complain(message)
    return typer.Exit(WRONG_USAGE)
