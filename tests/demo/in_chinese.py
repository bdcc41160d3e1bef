"""What the engine answers to mistakes, and whether it is told in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.errors import AttuneError

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
"""Three words of English in a row."""


def complaint(of: Callable[[], object]) -> str:
    """What the engine answers to a mistake."""
    with pytest.raises(AttuneError) as caught:
        of()
    return str(caught.value)


def require_chinese(text: str, *names: str) -> None:
    """No English is left but what stands in ``names``, which are all there."""
    from demo.messages import said

    translated = said(text)
    assert CHINESE.search(translated), text
    for name in names:
        assert name in translated
        translated = translated.replace(name, "")
    assert not WORDS.search(translated), translated
