"""Word vectors: GloVe's and word2vec's text, word2vec's binary form, plain or with gzip; and the cache of them."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Sequence
from pathlib import Path

from fuzz.formats import mutate_json, mutate_npy
from fuzz.mutations import NUMBERS_64, mutate_bytes
from fuzz.target import Target, importing


def _mutate(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the header or a row; or the bytes."""
    if rng.random() < 0.5:
        return mutate_bytes(rng, data, others)
    first, line_end, rest = data.partition(b"\n")
    header = f"{rng.choice(NUMBERS_64)} {rng.choice((1, 3, 4, 300, 4096, 99999))}".encode()
    kind = rng.random()
    if kind < 0.4:
        return header + line_end + rest
    if kind < 0.6:
        return header + b"\n" + data
    if kind < 0.8:
        return (
            first + line_end + rest.replace(b" ", rng.choice((b"  ", b"\t", b" nan ", b" 1e999 ", b"\0", b"\xff ")), 1)
        )
    return first + line_end + b"word" + b" 0.1" * rng.choice((1, 5000, 100_000)) + b"\n" + rest


def _mutate_gzip(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change what is packed; or the packed bytes; or pack far more than anybody can keep."""
    kind = rng.random()
    if kind < 0.3:
        return mutate_bytes(rng, data, others)
    if kind < 0.36:
        return _bomb(rng.choice((b"\0", b"a", b"a 1\n", b" ", b"a 0.5 0.5 0.5\n")), 1 << 26)
    return gzip.compress(_mutate(rng, gzip.decompress(data)), 1, mtime=0)


def _bomb(piece: bytes, size: int) -> bytes:
    """A gzip file of ``size`` bytes of one piece."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    block = piece * ((1 << 20) // len(piece))
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def _run(folder: Path) -> None:
    from engine.features.word_vectors import load_word_vectors
    from engine.types import Word

    path = next(one for one in folder.iterdir() if one.name.startswith("vectors"))
    for _ in range(2):  # from the file, and from the cache
        vectors = load_word_vectors(str(path))
        vectors.embed([Word(text="the cat, isn't", start_s=0.0, end_s=1.0, confidence=1.0, final=True)])


def _run_cache(folder: Path) -> None:
    import numpy as np

    from engine.features import vector_cache

    found = vector_cache._load(folder)
    if found is not None:
        words, matrix = found
        words.row("the")
        np.array(matrix[:3])


VECTORS = Target(
    name="vectors",
    run=_run,
    prepare=importing("engine.features.word_vectors"),
    mutate={".txt": _mutate, ".bin": _mutate, ".gz": _mutate_gzip},
    cpu_s=60,
)
CACHE = Target(
    name="vector-cache",
    run=_run_cache,
    prepare=importing("engine.features.word_vectors"),
    mutate={".json": mutate_json, ".npy": mutate_npy},
)
