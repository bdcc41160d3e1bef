"""Models are loaded once per command, while a spinner says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from engine.runtime.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from engine.components import Components
    from engine.config import SessionConfig


@contextmanager
def loaded(
    config: SessionConfig, *, audio: bool = True, video: bool = True, trace: Trace = NO_TRACE
) -> Iterator[Components]:
    """Load the models, those for sound and pictures only where wanted, and close what they hold at the end.

    ``trace`` is told what happens in the sessions that use them.
    """
    messages = Console(stderr=True)
    with messages.status("loading models") if messages.is_terminal else _nothing():
        from engine.components import load_components

        components = load_components(config, audio=audio, video=video)
        components.trace = trace
    with components:
        yield components


@contextmanager
def _nothing() -> Iterator[None]:
    yield
