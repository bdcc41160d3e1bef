"""What the user should know of what was tried, until the next thing is tried."""

from __future__ import annotations

import logging

from demo.shown import Trouble
from engine.errors import AttuneError

_log = logging.getLogger(__name__)


class Problems:
    """One of the models, and one of what is open. Any thread tells them."""

    def __init__(self) -> None:
        self._models: Trouble | None = None
        self._opened: Trouble | None = None

    @property
    def every(self) -> tuple[Trouble, ...]:
        """Those that there are."""
        return tuple(one for one in (self._models, self._opened) if one is not None)

    @property
    def with_models(self) -> bool:
        """Whether the models could not be loaded."""
        return self._models is not None

    def models_failed(self, text: str) -> None:
        """The models cannot be loaded."""
        self._models = Trouble(where="models", text=text, fatal=True)

    def forget_models(self) -> None:
        """They are being loaded again."""
        self._models = None

    def complain(self, where: str, text: str) -> None:
        """Something cannot be opened or go on."""
        self._opened = Trouble(where=where, text=text, fatal=True)

    def forget(self) -> None:
        """Something else is opened, or nothing."""
        self._opened = None

    def tell(self, error: Exception) -> None:
        """Whatever was raised, once."""
        text = str(error) if isinstance(error, AttuneError) else f"Unexpected {type(error).__name__}: {error}"
        if self._opened is None or self._opened.text != text:
            _log.error("the bridge met an error", exc_info=error)
            self.complain("session", text)
