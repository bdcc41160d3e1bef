"""The files of an analysed recording: made in memory, so that another process or machine can write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.analysis.plot import draw_timeline
from engine.analysis.summary import ORIGIN, summary
from engine.analysis.tables import csv_bytes, prediction_rows, utterance_rows, word_rows
from engine.errors import OutputError
from engine.files import alone_in, output_error, replacing, sweep
from engine.new_folder import making_folder
from engine.replaceable import require_other_file

if TYPE_CHECKING:
    from engine.analysis.recording import Analysis

SUMMARY = "summary.json"
RESULTS = ("predictions.csv", "words.csv", "utterances.csv", "timeline.png", SUMMARY)
"""Files of a recording, in the order in which they are written: where the last one is there, all are."""

_MOST_SUMMARY = 16 << 20
"""Bytes; a summary has some thousand."""


def render(analysis: Analysis) -> dict[str, bytes]:
    """The content of every file of `RESULTS`: the same bytes for the same analysis, but for the time it took."""
    timeline = analysis.timeline
    source = analysis.recognizer[0] if analysis.recognizer else ""
    predictions = prediction_rows(
        timeline.predictions, analysis.fusions, analysis.labels, faces="video" in analysis.modalities
    )
    picture = draw_timeline(
        timeline,
        title=analysis.name,
        duration_s=analysis.duration_s,
        step_s=analysis.config.step_s,
        labels=analysis.labels,
        modalities=analysis.modalities,
    )
    return {
        "predictions.csv": csv_bytes(predictions),
        "words.csv": csv_bytes(word_rows(timeline.words, source)),
        "utterances.csv": csv_bytes(utterance_rows(timeline.utterances, analysis.labels)),
        "timeline.png": picture,
        SUMMARY: (json.dumps(summary(analysis), indent=2, ensure_ascii=False) + "\n").encode(),
    }


def require_other_place(folder: Path, recording: Path) -> None:
    """See that the results of a recording would not take its own place, before anything is made or removed.

    Raises
    ------
    OutputError
        When one of them would.
    """
    for name in RESULTS:
        require_other_file(folder / name, recording)


def write_results(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a recording.

    Every file appears whole or not at all; files that were there before are replaced. The summary goes first and comes
    last, and two processes take turns, so that no other files ever lie beside it than those it was made with.

    Raises
    ------
    OutputError
        When the folder cannot be made or a file cannot be written; a folder that was new and is empty then goes again.
    """
    try:
        with making_folder(folder), alone_in(folder):
            _write(files, folder)
    except OutputError:
        raise
    except OSError as error:
        raise output_error(folder, error) from error


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    sweep(folder)
    if not (folder / SUMMARY).is_dir():  # as `replacing` will say
        try:
            (folder / SUMMARY).unlink(missing_ok=True)
        except OSError as error:
            raise output_error(folder / SUMMARY, error) from error
    for name in RESULTS:
        with replacing(folder / name) as path:
            path.write_bytes(files[name])


def read_origin(folder: Path) -> dict[str, Any] | None:
    """From what the results in a folder were made, see `engine.analysis.summary.origin`; None where any is missing.

    Results that lack something, because a part failed for good, are to be made again: None as well.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        if all((folder / name).is_file() for name in RESULTS):
            with (folder / SUMMARY).open("rb") as file:
                found = json.loads(file.read(_MOST_SUMMARY))
            origin = {name: found[name] for name in ORIGIN}
            if not any(one["lasting"] for one in found.get("faults", ())):
                return origin
    return None
