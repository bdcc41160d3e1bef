"""A folder for results that is only left behind where something came into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.files import make_folder


@contextmanager
def making_folder(folder: Path, *, private: bool = False) -> Iterator[None]:
    """Make the folder with its parents; those that are new and empty go again where the block fails.

    Parameters
    ----------
    folder, private : as for `engine.files.make_folder`.

    Raises
    ------
    OutputError
        When it cannot be made or a file has its name.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        make_folder(folder, private=private)
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):  # not empty, or gone
                one.rmdir()
        raise
