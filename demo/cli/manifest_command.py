"""The command ``attune manifest`` and its options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from demo.cli.options import FusionChoice, ModelDirOption, session_config

OWN, CORPUS = "What you have labelled", "Corpora"


class Calm(StrEnum):
    """What becomes of the label calm."""

    OWN = "own"
    NEUTRAL = "neutral"


def manifest(
    source: Annotated[
        str,
        typer.Argument(
            metavar="session|CORPUS",
            help="session: spans that you have labelled. Or a corpus: ravdess, crema-d, meld, iemocap.",
            show_default=False,
        ),
    ],
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="PLACE...",
            help="Session folders, recordings with annotations beside them, or folders of such; of a corpus, where it "
            "was unpacked.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="CSV", help="The manifest to write.", show_default=False)],
    speaker: Annotated[
        str | None,
        typer.Option(
            "--speaker", metavar="NAME", help="Who speaks in all of them.", show_default=False, rich_help_panel=OWN
        ),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option(
            "--words",
            metavar="DIR",
            help="Results of attune analyze, for the words of recordings; sessions have their own.",
            show_default=False,
            rich_help_panel=OWN,
        ),
    ] = None,
    all_labels: Annotated[
        bool,
        typer.Option(
            "--all-labels", help="Labels that the models do not know too, for attune train.", rich_help_panel=OWN
        ),
    ] = False,
    models: ModelDirOption = None,
    calm: Annotated[
        Calm,
        typer.Option("--calm", help="RAVDESS: keep calm as its own label, or as neutral.", rich_help_panel=CORPUS),
    ] = Calm.OWN,
    song: Annotated[bool, typer.Option("--song", help="RAVDESS: sung utterances too.", rich_help_panel=CORPUS)] = False,
    faces: Annotated[
        bool, typer.Option("--faces", help="IEMOCAP: faces too, cut from the films.", rich_help_panel=CORPUS)
    ] = False,
    text: Annotated[
        bool,
        typer.Option("--text", help="RAVDESS, CREMA-D: the few fixed sentences as words.", rich_help_panel=CORPUS),
    ] = False,
) -> None:
    """List labelled items for train and evaluate: spans of your own recordings, or the utterances of a corpus.

    Every span that has a label becomes an item: picture and sound of the
    recording between its ends, and the words that were said there.

    [bold]Examples[/bold]

    attune manifest session SESSION talk.mp4 --out mine.csv

    attune manifest ravdess RAVDESS --out ravdess.csv
    """
    from demo.cli.guard import wrong_usage
    from demo.cli.manifest_session import SESSION
    from engine.corpora.releases.release import BEGINS
    from engine.replaceable import require_replaceable

    require_replaceable(out, BEGINS)
    if source.lower() == SESSION:
        for name, given in (("calm", calm is not Calm.OWN), ("song", song), ("faces", faces), ("text", text)):
            if given:
                raise wrong_usage(f"--{name} says nothing about sessions: leave it out")
        from demo.cli.evaluate import known_labels
        from demo.cli.manifest_session import write_session_manifest

        classes = None if all_labels else known_labels(session_config(fusion=FusionChoice.BOTH, model_dir=models))
        write_session_manifest(places, out, classes=classes, speaker=speaker, words=words)
        return
    of_sessions = {"speaker": speaker, "words": words, "all-labels": all_labels or None, "models": models}
    for name, value in of_sessions.items():
        if value is not None:
            raise wrong_usage(f"--{name} is for sessions: leave it out")
    if len(places) != 1:
        raise wrong_usage(f"{source} lies in one folder: give that, not {len(places)} places")
    from demo.cli.manifest import write_manifest

    write_manifest(source, places[0], out, calm=calm.value, song=song, faces=faces, text=text)
