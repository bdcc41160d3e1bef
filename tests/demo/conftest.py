"""The language of the window in tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def chinese(qapp: Any) -> Iterator[None]:
    """Chinese while a test runs."""
    from demo.shell.language import Language

    language = Language(qapp, "zh")
    yield
    language.choose("en")
