"""Words to the tokens that word vectors were trained on."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "`": "'", "\u2010": "-", "\u2011": "-"}
)

_TITLES = "mr|mrs|ms|dr|prof|st|jr|sr|vs"

_TOKEN = re.compile(
    rf"""
      \b(?:[a-z]\.){{2,}}(?:[a-z]\b)?             # u.s. and p.m.
    | \b(?:{_TITLES})\.(?=\s*[^\W\d_])           # mr. before a name
    | (?<!\w)'(?:\d0s|em|cause|til|s|re|ve|ll|d|m)\b | (?<!\w)'n'   # '90s, 'em, and endings that stand alone
    | \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?(?![^\W\d_])   # 20, 1,000, 3.5, 10:30, 1st, 1990s
    | [^\W_]+(?:[-'&][^\W_]+)*                   # words, with - ' & inside
    | \.{{3}} | [!?](?![!?])                       # marks that carry feeling, a run of them once
    """,
    re.VERBOSE | re.IGNORECASE,
)

_NOT = re.compile(r"(.+)(n't)", re.IGNORECASE)
_ENDING = re.compile(r"(.+)('(?:s|re|ve|ll|d|m))", re.IGNORECASE)
_WHOLE = frozenset({"o'clock", "ma'am", "c'mon", "d'you", "rock'n'roll"})


def tokenize(text: str, *, lower: bool = True, split_contractions: bool = True) -> list[str]:
    """Split ``text`` as the Stanford tokenizer did for GloVe 6B.

    Of the punctuation only "!", "?" and "..." are kept, which carry feeling and have vectors.

    Contractions are split before their ending, words with a hyphen and numbers stay whole,
    typographic apostrophes count as plain ones, and everything is lower case. Vectors of another
    vocabulary can have contractions whole and upper case kept.

    Source of the rules: Penn Treebank tokenisation as in the Stanford tokenizer; which forms stay
    whole ("cannot", "gonna", "o'clock", "1990s") was looked up in the vocabulary of GloVe 6B.

    >>> tokenize("Don't worry, it's Mr. Smith's well-known dog!")
    ['do', "n't", 'worry', 'it', "'s", 'mr.', 'smith', "'s", 'well-known', 'dog', '!']
    >>> tokenize("I can't; we're in the U.S. at 10:30 p.m.")
    ['i', 'ca', "n't", 'we', "'re", 'in', 'the', 'u.s.', 'at', '10:30', 'p.m.']
    >>> tokenize("Don't!", split_contractions=False, lower=False)
    ["Don't", '!']
    """
    clean = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    tokens = [match.group() for match in _TOKEN.finditer(clean.lower() if lower else clean)]
    if not split_contractions:
        return tokens
    return [part for token in tokens for part in _split(token)]


def _split(token: str) -> list[str]:
    """A word and its endings, from the first to the last.

    >>> _split("should've"), _split("shouldn't've"), _split("o'clock")
    (['should', "'ve"], ['should', "n't", "'ve"], ["o'clock"])
    """
    if "'" not in token or token.lower() in _WHOLE:
        return [token]
    match = _NOT.fullmatch(token) or _ENDING.fullmatch(token)
    if match is None:
        return [token]
    return [*_split(match.group(1)), match.group(2)]
