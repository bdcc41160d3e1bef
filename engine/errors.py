"""The errors that Attune raises on purpose. Each message says what to do next."""

from __future__ import annotations


class AttuneError(Exception):
    """Base of all errors that are meant for the user: shown as one line, never as a traceback."""


class SourceError(AttuneError, OSError):
    """A recording or device cannot be opened, read or decoded."""

    __str__ = Exception.__str__


class AssetError(AttuneError, FileNotFoundError):
    """A model, word vectors or another data part is missing."""

    __str__ = Exception.__str__


class CheckpointError(AttuneError, ValueError):
    """A checkpoint is damaged or does not fit the features that run."""


class DataError(AttuneError, ValueError):
    """A manifest, a label or training data is not as expected."""


class OutputError(AttuneError, OSError):
    """A result cannot be written where it was asked for."""

    __str__ = Exception.__str__


class StageError(AttuneError, RuntimeError):
    """A stage of a session failed or did not stop in time."""
