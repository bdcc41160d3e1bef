"""``attune devices``: a table of the cameras, microphones and speakers that can be chosen."""

from __future__ import annotations

from typing import get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.errors import SourceError
from engine.sources.device import DeviceInfo, DeviceKind
from engine.sources.discovery import list_devices

_NONE = {
    "camera": "none found: connect one, or play a recording in its place with --camera file:PATH",
    "microphone": "none found: connect one, or play a recording in its place with --microphone file:PATH",
    "speaker": "none found: recordings are played without sound",
}


def print_devices(console: Console | None = None) -> None:
    """Print every device with the number and name to choose it by; what is missing is said where it would be."""
    console = console or Console()
    if not console.is_terminal:
        console.width = max(console.width, 160)  # a log or pipe has room for whole lines
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("device", no_wrap=True)
    table.add_column("number", justify="right", no_wrap=True)
    table.add_column("name")
    table.add_column("details", style="dim")
    for kind in get_args(DeviceKind):
        for row in _rows(kind):
            table.add_row(*row)
    console.print(table)
    console.print(
        Text("\nChoose one by its number or a part of its name: attune live --camera 0 --microphone usb", style="dim"),
        soft_wrap=True,
    )


def _rows(kind: DeviceKind) -> list[tuple[Text, ...]]:
    try:
        found: tuple[DeviceInfo, ...] = list_devices(kind)
    except SourceError as error:
        return [(Text(kind), Text(""), Text(str(error), style="yellow"), Text(""))]
    if not found:
        return [(Text(kind), Text(""), Text(_NONE[kind], style="yellow"), Text(""))]
    return [
        (
            Text(kind),
            Text(str(one.index)),
            Text(one.name, style="green" if one.default else ""),
            Text(", ".join(part for part in (one.detail, "default" if one.default else "") if part)),
        )
        for one in found
    ]
