"""``attune verify``: whether a recorded session is whole, and its predictions can be made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demo.cli.options import DeviceOption, ModelDirOption, ModelOption, WordVectorsOption

_BEGINS = (b'{\n "format": "attune verification"',)
"""What the file of the figures begins with."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from engine.config import SessionConfig
    from engine.saved.session import SavedSession
    from engine.saved.verification import Comparison, Verification


def verify(
    session: Annotated[
        Path, typer.Argument(metavar="SESSION", help="Folder of a recorded session.", show_default=False)
    ],
    media: Annotated[bool, typer.Option("--media/--no-media", help="Also analyse its pictures and sound anew.")] = True,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="File for the figures.", show_default=False)
    ] = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
) -> None:
    """Check that a recorded session is whole, and that what was predicted can be made again.

    From the recorded features every prediction must be the same, bit for bit,
    where it runs on the machine and the software that it was recorded with.
    From the pictures and the sound it must be the same within a tolerance,
    since pictures are compressed. Words that came late in the session are
    used when they came; beside that everything is recognised anew.

    The exit status is 0 only when everything holds.

    [bold]Examples[/bold]

    attune verify sessions/monday

    attune verify sessions/monday --no-media --json monday.json
    """
    if models and model:
        raise typer.BadParameter("name single models, or a folder with --models, not both", param_hint="--model")
    from rich.console import Console

    from demo.cli.guard import FAILED
    from demo.cli.loading import loaded
    from engine.replaceable import require_replaceable
    from engine.saved.session import SavedSession
    from engine.saved.verify import verify as verified

    if json_file is not None:
        require_replaceable(json_file, _BEGINS)
    saved = SavedSession.open(session)
    config = settings(saved, models, model, word_vectors, device)
    with loaded(config, audio=media, video=media) as components, _progress() as progress:
        found = verified(saved, components, media=media, progress=progress)
    if json_file is not None:
        _write(json_file, found)
    show(found, Console())
    if not found.holds:
        raise typer.Exit(FAILED)


def settings(
    saved: SavedSession, models: Path | None, model: list[str] | None, word_vectors: str | None, device: str
) -> SessionConfig:
    """The settings of a session with the models that the user names; else those that come with Attune."""
    return replace(
        saved.config,
        model_dir=str(models) if models else None,
        models=tuple(model or ()),
        word_vectors=word_vectors,
        device=device,
    )


def show(found: Verification, console: Console) -> None:
    """Print what was found."""

    def line(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    line(f"{found.session}: {found.seconds:.1f} s")
    for file in found.files:
        line(f"  {file.name:<16}  {file.state}{': ' if file.text else ''}{file.text}")
    for text in found.notes:
        line(f"note: {text}")
    if found.features is not None:
        one = found.features
        line(f"From the recorded features: {_count(one.moments)}, {one.same} equal bit for bit{_largest(one)}.")
        _print_worst(one, console)
    if found.media is not None:
        _show_media(found.media, line)
        _print_worst(found.media, console)
    problems = [*found.problems, *(text for one in (found.features, found.media) if one for text in one.problems)]
    for text in problems:
        line(f"problem: {text}", "red")
    line("Everything holds." if found.holds else "It does not hold.", "green" if found.holds else "bold red")


def _show_media(one: Comparison, line: Callable[[str], None]) -> None:
    from engine.saved.tolerance import TOLERANCE

    left_out = f"; {_count(one.left_out)} at its ends left out" if one.left_out else ""
    line(
        f"From the recording: {_count(one.moments)}, median difference {one.median:.3f}, "
        f"95 % within {one.most_of:.3f}, largest {one.largest:.3f}; "
        f"the most probable class is the same in {one.same_top:.0%}{left_out}."
    )
    allowed = TOLERANCE
    line(
        f"  allowed: median difference {allowed.median:g}, {allowed.share * 100:g} % within {allowed.most:g}, the same "
        f"class in {allowed.same_top:.0%}; of the sound's features within {allowed.mfcc:g}, a median similarity of "
        f"faces of {allowed.similarity:g}, {allowed.missing:.0%} missing"
    )
    figures = one.figures
    if not figures:
        return
    line(
        f"  sound: {figures['mfcc_frames']} frames, 95 % of their features within {figures['mfcc_most']:.2g}, "
        f"{figures['mfcc_missing']:.1%} missing"
    )
    line(
        f"  face: {figures['faces']} pictures, similarity {figures['similarity_median']:.4f} in the median, "
        f"{figures['similarity_least']:.4f} at least, {figures['faces_missing']:.1%} missing"
    )
    if figures["words_agreement"] is not None:
        line(f"  words: {figures['words_agreement']:.0%} are the same when they are recognised anew")


def _print_worst(one: Comparison, console: Console) -> None:
    """The moments that differ most, as a table."""
    if not one.worst:
        return
    from rich.table import Table

    from demo.terminal.state import clock

    table = Table(box=None, padding=(0, 2), title_justify="left", title="moments that differ most")
    for name in ("time", "difference", "recorded", "made again"):
        table.add_column(name, justify="right" if name == "difference" else "left")
    for each in one.worst[:8]:
        table.add_row(clock(each.pts_s), f"{each.difference:.4f}", each.recorded, each.again)
    console.print(table)


def _largest(one: Comparison) -> str:
    return "" if one.same == one.moments else f"; the largest difference is {one.largest:.2g}"


def _count(moments: int) -> str:
    return "1 moment" if moments == 1 else f"{moments} moments"


def _write(path: Path, found: Verification) -> None:
    from engine.files import write_atomically

    text = json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, lambda draft: draft.write_text(text, encoding="utf-8"))


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Tells how far it is, where somebody looks."""
    from rich.console import Console

    messages = Console(stderr=True)
    if not messages.is_terminal:
        yield lambda what, share: None
        return
    what_of = {"features": "from the recorded features", "media": "from the recording"}
    with messages.status("checking") as status:
        yield lambda what, share: status.update(f"checking {what_of.get(what, what)}: {share:.0%}")
