"""Which file holds the annotations of a media file."""

from __future__ import annotations

import os
from pathlib import Path

from engine.annotations import beside
from engine.assets import assets_folder
from engine.files import make_folder

_SAMPLE = "sample.mp4"


def annotations_of(recording: Path) -> Path:
    """Where the annotations of a media file are kept: beside it, those of the sample among the data of the user.

    The folder of the program may belong to somebody else, and is replaced by the next version.

    >>> annotations_of(Path("talks/monday.mp4")).as_posix()
    'talks/monday.mp4.annotations.json'
    """
    if os.path.realpath(recording) == os.path.realpath(assets_folder() / _SAMPLE):
        return _of_sample()
    return beside(recording)


def prepare(annotations: Path) -> None:
    """Make the folder that the annotations of the sample are kept in; any other is there, or was deleted.

    Raises
    ------
    OutputError : it cannot be made.
    """
    if annotations == _of_sample():
        make_folder(annotations.parent, private=True)


def _of_sample() -> Path:
    from platformdirs import user_data_path

    return beside(user_data_path("attune", appauthor=False) / _SAMPLE)
