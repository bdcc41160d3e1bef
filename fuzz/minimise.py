"""Makes a case that fails smaller, as long as it fails in the same place."""

from __future__ import annotations

from collections.abc import Iterator

from fuzz.campaign import play
from fuzz.formats import Files
from fuzz.target import Target

_MOST_TRIES = 400


def minimise(target: Target, files: Files, like: Files) -> Files:
    """Undo what is not needed: files that may be as in ``like``, the sample, and pieces that may be missing.

    A case that does not fail is returned as it is.
    """
    wanted = _place(target, files)
    if wanted is None:
        return files
    tries = 0
    smaller = True
    while smaller and tries < _MOST_TRIES:
        smaller = False
        for candidate in _smaller(files, like):
            tries += 1
            if tries > _MOST_TRIES:
                break
            if _place(target, candidate) == wanted:
                files, smaller = candidate, True
                break
    return files


def _place(target: Target, files: Files) -> str | None:
    """Where a case fails, or None where it does not."""
    return next(iter(play(target, [("try", files)]).findings), None)


def _smaller(files: Files, like: Files) -> Iterator[Files]:
    for name, data in files.items():
        if name in like and data != like[name]:
            yield {**files, name: like[name]}
    for name, data in files.items():
        if data == like.get(name):
            continue
        size = len(data) // 2
        while size >= 1 and size >= len(data) // 64:
            for at in range(0, len(data), size):
                yield {**files, name: data[:at] + data[at + size :]}
            size //= 2
