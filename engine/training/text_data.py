"""Labelled sentences as rows of a table of word vectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.config import EMOTIONS, MAX_WORDS
from engine.errors import DataError

PUNCTUATION = ("!", "?", "...")


class Vectors(Protocol):
    """Where word vectors come from."""

    def vector(self, token: str) -> np.ndarray | None:
        """Vector [d] of a token, or None when it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One labelled sentence: corpus, tokens, and the emotions that were chosen for it."""

    corpus: str
    tokens: tuple[str, ...]
    emotions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSet:
    """Sentences as rows of a vector table.

    Attributes
    ----------
    rows : per sentence [words] int, rows of ``table``; at least one.
    labels : [n] int, -1 where a sentence has several emotions.
    soft : [n, 7] f32, each row a distribution.
    corpora : name of the corpus of each sentence.
    table : [m, d] f32, the vectors of all words that occur.
    punctuation : rows of ``table`` that are marks rather than words, which speech does not have.
    """

    rows: tuple[np.ndarray, ...]
    labels: np.ndarray
    soft: np.ndarray
    corpora: np.ndarray
    table: np.ndarray
    punctuation: frozenset[int]

    def __len__(self) -> int:
        return len(self.rows)


def read_sentences(path: Path, split: str) -> Iterable[Sentence]:
    """Sentences of one split of a TSV with the columns corpus, split, emotion, text.

    Raises
    ------
    DataError
        When the file is missing or has other columns.
    """
    from engine.features.text import tokenize

    if not path.is_file():
        raise DataError(
            f"no labelled sentences at {path}: give the folder that holds text/emotion_text.tsv with --data"
        )
    with path.open(encoding="utf-8") as file:
        if next(file).rstrip("\n").split("\t") != ["corpus", "split", "emotion", "text"]:
            raise DataError(f"{path} must have the columns corpus, split, emotion, text, separated by tabs")
        for line in file:
            corpus, of_split, emotions, text = line.rstrip("\n").split("\t", 3)
            known = tuple(name for name in emotions.split("|") if name in EMOTIONS)
            if of_split == split and known:
                yield Sentence(corpus=corpus, tokens=tuple(tokenize(text)), emotions=known)


def load_text(path: Path, split: str, vectors: Vectors) -> TextSet:
    """Sentences of a split that have at least one known word, at most 128 words of each."""
    row_of: dict[str, int | None] = {}
    table: list[np.ndarray] = []
    rows, soft, labels, corpora = [], [], [], []
    for sentence in read_sentences(path, split):
        for token in sentence.tokens:
            if token not in row_of:
                vector = vectors.vector(token)
                row_of[token] = None if vector is None else len(table)
                if vector is not None:
                    table.append(np.asarray(vector, dtype=np.float32))
        known = [row for token in sentence.tokens if (row := row_of[token]) is not None]
        if not known:
            continue
        index = [EMOTIONS.index(name) for name in sentence.emotions]
        rows.append(np.array(known[:MAX_WORDS]))
        soft.append(np.eye(len(EMOTIONS), dtype=np.float32)[index].mean(axis=0))
        labels.append(index[0] if len(index) == 1 else -1)
        corpora.append(sentence.corpus)
    return TextSet(
        rows=tuple(rows),
        labels=np.array(labels),
        soft=np.stack(soft),
        corpora=np.array(corpora),
        table=np.stack(table),
        punctuation=frozenset(row for mark in PUNCTUATION if (row := row_of.get(mark)) is not None),
    )
