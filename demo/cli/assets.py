"""``attune assets list``: a table of models and data parts."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.assets import Asset, Status, assets_folder, list_assets

_STYLES: dict[Status, str] = {
    "bundled": "green",
    "from a dependency": "green",
    "downloaded": "green",
    "downloadable": "yellow",
    "missing": "bold red",
}


def print_assets(console: Console | None = None) -> None:
    """Print every asset, then the folder of the bundled ones."""
    console = console or Console()
    if not console.is_terminal:
        console.width = max(console.width, 160)  # a log or pipe has room for whole lines
    parts = list_assets()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("what", "for", "status"):
        table.add_column(heading)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("licence")
    table.add_column("from")
    for one in parts:
        table.add_row(
            Text(one.name),
            Text(one.purpose),
            Text(one.status, style=_STYLES[one.status]),
            _size(one),
            Text(one.licence),
            Text(one.origin),
        )
    console.print(table)
    console.print(Text(f"\nbundled files: {assets_folder()}", style="dim"), soft_wrap=True)
    missing = [one.name for one in parts if one.status == "missing"]
    if missing:
        console.print(
            Text(f"missing: {', '.join(missing)}. Install Attune again to restore them.", style="red"), soft_wrap=True
        )


def _size(asset: Asset) -> str:
    if asset.size_bytes is None:
        return ""
    if asset.size_bytes < 100_000:
        return f"{asset.size_bytes / 1e3:.1f} kB"
    return f"{asset.size_bytes / 1e6:.1f} MB"
