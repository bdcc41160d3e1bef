"""The options of ``play`` and ``live`` for other programs, and what they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from rich.console import Console

from demo.cli.options import given_path
from demo.terminal.console import PipedConsole

if TYPE_CHECKING:
    from engine.output.outputs import Output, Outputs

STANDARD_OUTPUT = "-"
_PANEL = "Output for other programs"


def _named(text: str | None) -> str | None:
    if text is not None:
        given_path(text)
    return text


JsonlOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--jsonl",
        callback=_named,
        metavar="FILE|-",
        help="Write what is found as lines of JSON into a new file, or with - to the standard output.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]
WebSocketOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--websocket",
        help="Let programs of this machine that know the token read it over a WebSocket.",
        rich_help_panel=_PANEL,
    ),
]
PortOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=0,
        max=65535,
        help="Port of the WebSocket on 127.0.0.1; 8765 if not given, 0 for a free one.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]
TokenOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--token",
        metavar="TOKEN",
        envvar="ATTUNE_TOKEN",
        help="What programs have to know for the WebSocket; if not given one is made and shown.",
        rich_help_panel=_PANEL,
        show_default=False,
        show_envvar=True,
    ),
]
OriginOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        metavar="ORIGIN",
        help="Let a page of this origin read the WebSocket, such as http://localhost:8000; may be given several times.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]
LslOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--lsl",
        help="Send it over the Lab Streaming Layer, to every machine of the local network that asks (needs pylsl).",
        rich_help_panel=_PANEL,
    ),
]
LslNameOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--lsl-name",
        metavar="NAME",
        help="Name of the LSL stream; Attune if not given.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """What was asked for; nothing by default. The attributes are those of the options."""

    jsonl: str | None = None
    websocket: bool = False
    port: int | None = None
    token: str | None = None
    origins: tuple[str, ...] = ()
    lsl: bool = False
    lsl_name: str | None = None

    @property
    def takes_stdout(self) -> bool:
        """Whether the standard output holds JSON, so that all else has to go elsewhere."""
        return self.jsonl == STANDARD_OUTPUT

    def view(self) -> Console:
        """Where the terminal's view goes: nowhere beside lines of JSON, whose reader has the terminal."""
        return Console(quiet=True, force_terminal=False) if self.takes_stdout else PipedConsole()

    def console(self) -> Console:
        """Where all else goes."""
        return Console(stderr=self.takes_stdout)


def output_options(
    *,
    jsonl: str | None,
    websocket: bool,
    port: int | None,
    token: str | None,
    origins: list[str] | None,
    lsl: bool,
    lsl_name: str | None,
    trace: Path | None = None,
) -> OutputOptions:
    """The options of a command.

    Raises
    ------
    typer.BadParameter : one of them says nothing without another one.
    OutputError : the lines of JSON would go to the file of the trace.
    """
    if trace is not None and jsonl is not None and jsonl != STANDARD_OUTPUT:
        from engine.replaceable import require_two_files

        require_two_files(Path(jsonl), trace, "--jsonl and --trace")
    if not websocket and (port is not None or origins):
        raise typer.BadParameter("says nothing without --websocket", param_hint="--port" if origins is None else None)
    if lsl_name is not None and not (lsl and lsl_name.strip()):
        raise typer.BadParameter("give a name, together with --lsl", param_hint="--lsl-name")
    return OutputOptions(
        jsonl=jsonl,
        websocket=websocket,
        port=port,
        token=token,
        origins=tuple(origins or ()),
        lsl=lsl,
        lsl_name=lsl_name,
    )


@contextmanager
def opened(options: OutputOptions) -> Iterator[Outputs]:
    """Open what was asked for, say where it can be read, close it at the end, and say what went wrong with it.

    Raises
    ------
    OutputError : something cannot be opened.
    typer.Exit : with status 1, when an output had failed and nothing else has.
    """
    from demo.cli.guard import FAILED, complain
    from engine.output.outputs import Outputs

    with ExitStack() as stack:
        every: list[Output] = []
        for one in _each(options):
            stack.callback(one.close, 0.1)  # where a later one cannot be opened
            every.append(one)
        with Outputs(every) as outputs:
            for text in outputs.where:
                typer.echo(text, err=True)
            try:
                yield outputs
            finally:
                outputs.close()
                for text in outputs.problems:
                    complain(text)
    if outputs.problems:
        raise typer.Exit(FAILED)


def _each(options: OutputOptions) -> Iterator[Output]:
    if options.jsonl is not None:
        from engine.output.jsonl import JsonLines

        yield JsonLines(None if options.takes_stdout else Path(options.jsonl))
    if options.websocket:
        from engine.output.door import checked_origin, checked_token, new_token
        from engine.output.websocket import PORT, WebSocketOutput

        yield WebSocketOutput(
            new_token() if options.token is None else checked_token(options.token),
            port=PORT if options.port is None else options.port,
            origins=[checked_origin(one) for one in options.origins],
            show_token=options.token is None,
        )
    if options.lsl:
        from engine.output.lsl import NAME, LabStreams

        yield LabStreams(options.lsl_name or NAME)
