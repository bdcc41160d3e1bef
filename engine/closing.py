"""What holds something open until it is closed, and is closed at the end of a ``with``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from engine.errors import AttuneError


class Closing(ABC):
    """Closed at the end of a ``with``, also by an error.

    A failure to close while another error is on its way is let go: it often has the same cause, as a full disk, and
    the first one says what happened.
    """

    __slots__ = ()

    @abstractmethod
    def close(self) -> None:
        """Give back what is held; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except AttuneError:
            if error is None:
                raise
