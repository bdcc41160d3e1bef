"""What word vectors are called: by their files, by gensim-data, and by people."""

from __future__ import annotations

import re

_GENSIM = re.compile(
    r"glove-(wiki-gigaword|twitter)-\d+|word2vec-(google-news|ruscorpora)-300|fasttext-wiki-news-subwords-300"
    r"|conceptnet-numberbatch-17-06-300"
)
_GLOVE_6B = re.compile(r"glove-6b-(\d+)d")
_WIKI_GIGAWORD = re.compile(r"glove-wiki-gigaword-(\d+)")


def same_vectors(one: str, other: str) -> bool:
    """Whether two names are of the same vectors: case and separators do not count.

    GloVe 6B is the set that gensim-data calls "glove-wiki-gigaword".

    Examples
    --------
    >>> same_vectors("glove.840B.300d", "glove-840b-300d"), same_vectors("glove-6b-50d", "glove-6b-100d")
    (True, False)
    >>> same_vectors("glove-wiki-gigaword-50", "glove-6b-50d")
    True
    """
    return _plain(one) == _plain(other)


def gensim_name(name: str) -> str | None:
    """What gensim-data calls these vectors; None where it has none such.

    Examples
    --------
    >>> gensim_name("glove.6B.300d"), gensim_name("glove-twitter-25"), gensim_name("glove.840B.300d")
    ('glove-wiki-gigaword-300', 'glove-twitter-25', None)
    """
    plain = _plain(name)
    glove = _GLOVE_6B.fullmatch(plain)
    if glove:
        return f"glove-wiki-gigaword-{glove[1]}"
    return plain if _GENSIM.fullmatch(plain) else None


def _plain(name: str) -> str:
    plain = re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
    wiki = _WIKI_GIGAWORD.fullmatch(plain)
    return f"glove-6b-{wiki[1]}d" if wiki else plain
