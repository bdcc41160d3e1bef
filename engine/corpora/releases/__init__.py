"""Releases of corpora as users download them, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.corpora.releases import crema_d, iemocap, meld, ravdess
from engine.corpora.releases.release import Options, Release, Row, write_release

__all__ = ["READERS", "Options", "Reader", "Release", "Row", "write_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a release is read.

    Attributes
    ----------
    title : name and size of the corpus.
    read : makes its utterances from the folder that it was unpacked into.
    options : the entries of `Options` that it knows.
    """

    title: str
    read: Callable[[Path, Options], Release]
    options: tuple[str, ...] = ()


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "crema-d": Reader(title="CREMA-D (Cao et al. 2014)", read=crema_d.read, options=("text",)),
        "iemocap": Reader(title="IEMOCAP (Busso et al. 2008)", read=iemocap.read, options=("faces",)),
        "meld": Reader(title="MELD (Poria et al. 2019)", read=meld.read),
        "ravdess": Reader(
            title="RAVDESS (Livingstone & Russo 2018)", read=ravdess.read, options=("calm", "song", "text")
        ),
    }
)
