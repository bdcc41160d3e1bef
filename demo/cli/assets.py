"""``attune assets``: a table of models and data parts, and fetching one."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.assets import Asset, Status, assets_folder, list_assets
from engine.errors import AssetError

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


def get_asset(name: str) -> str:
    """Let the library that owns an asset download it, unless it is here; returns where it is.

    Raises
    ------
    AssetError
        When there is no such asset, or it cannot be had.
    """
    if name == "resnet101":
        from engine.features.face_resnet import ResNet101Encoder

        ResNet101Encoder()
        return "the face encoder resnet101 is here"
    if name.startswith("vosk-model"):
        from engine.asr.vosk_download import download_vosk_model

        return f"{name} is in {download_vosk_model(name)}: give it with --asr-model"
    from engine.features.vector_names import gensim_name
    from engine.features.word_vectors import load_word_vectors

    if gensim_name(name) != name:
        raise AssetError(f"there is nothing to download that is called {name}: see attune assets list")
    vectors = load_word_vectors(name)
    return f"{len(vectors)} word vectors {name} are here: give them with --word-vectors {name}"


def _size(asset: Asset) -> str:
    if asset.size_bytes is None:
        return ""
    if asset.size_bytes < 100_000:
        return f"{asset.size_bytes / 1e3:.1f} kB"
    return f"{asset.size_bytes / 1e6:.1f} MB"
