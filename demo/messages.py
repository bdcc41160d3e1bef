"""What the engine says, in the language of the user.

The engine speaks English and knows no Qt. Its sentences stand in ``demo/sentences`` as templates, which are recognised
in what it says and filled in anew in their translation: ``{0}``, ``{1}`` with what stood there, and those with a name,
such as ``{why}``, with its translation where it is a sentence of the engine itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication

from demo.sentences import devices, faults, models, parts, recognisers, recordings, sessions

SENTENCES = tuple(
    str(one) for table in (devices, faults, models, recognisers, recordings, sessions) for one in table.TEXTS
)
PARTS = tuple(str(one) for one in parts.TEXTS)

_PLACE = re.compile(r"\{(\w+)\}")
_KEPT = 512

Found = tuple[str, dict[str, str]]
"""A template, and what stands at its places."""


def said(text: str) -> str:
    """Translate what the engine says; what it has no sentence for stays as it is.

    Examples
    --------
    >>> said("clip.mp4 does not exist: check the spelling and the folder.")  # without a translator
    'clip.mp4 does not exist: check the spelling and the folder.'
    """
    return _translated(text, within=False)


@lru_cache(maxsize=_KEPT)
def understood(text: str, *, within: bool = False) -> Found | None:
    """The template that a text was made of; ``within`` another one also the mere parts of sentences."""
    for template, pattern in _patterns(within):
        match = pattern.fullmatch(text)
        if match is not None:
            return template, {name[1:]: part for name, part in match.groupdict().items()}
    return None


def _translated(text: str, *, within: bool) -> str:
    found = understood(text, within=within)
    if found is None and within:  # a sentence that stands within another one may begin with a capital and have an end
        found = understood(text[:1].lower() + text[1:].removesuffix("."), within=True)
    if found is None:
        return text
    template, filled = found
    wanted = QCoreApplication.translate("messages", template)
    text = _PLACE.sub(lambda place: _filled(place[1], filled), wanted)
    return text.replace("。。", "。")  # where a whole sentence stands before the end of another one


def _filled(name: str, filled: dict[str, str]) -> str:
    part = filled[name]
    if name.isdecimal():
        return part
    lines = (line.partition(line.strip()) if line.strip() else (line, "", "") for line in part.split("\n"))
    return "\n".join(before + _translated(line, within=True) + after for before, line, after in lines)


@cache
def _patterns(within: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates with their patterns; those that say most come first, since they fit the fewest texts."""
    templates = SENTENCES + PARTS if within else SENTENCES
    return tuple((one, _pattern(one)) for one in sorted(templates, key=_said_by, reverse=True))


def _said_by(template: str) -> int:
    return len(_PLACE.sub("", template))


def _pattern(template: str) -> re.Pattern[str]:
    pieces: Iterable[str] = _PLACE.split(template)
    parts = (f"(?P<_{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    return re.compile("".join(parts), re.DOTALL)
