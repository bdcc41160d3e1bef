"""Loads the models in a thread, and tells how far it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from demo.shown import LoadStep, Step
from engine.components import PARTS
from engine.config import SessionConfig
from engine.errors import AttuneError

if TYPE_CHECKING:
    from engine.components import Components

_log = logging.getLogger(__name__)


class ModelLoader:
    """Loads once.

    Parameters
    ----------
    config : says which models.
    loaded, failed : one of them is called in the loading thread at the end, unless loading was given up.
    """

    def __init__(
        self, config: SessionConfig, loaded: Callable[[Components], None], failed: Callable[[str], None]
    ) -> None:
        self._config = config
        self._loaded = loaded
        self._failed = failed
        self._steps = {name: LoadStep(name=name, step="waiting") for name in PARTS}
        self._begun_s = 0.0
        self._part: str | None = None
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-loader")
        self._thread.start()

    @property
    def steps(self) -> tuple[LoadStep, ...]:
        """How far each part is."""
        return tuple(self._steps.values())

    def close(self, timeout_s: float) -> bool:
        """Give up after the part that is being loaded. False when that takes longer."""
        self._given_up.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            from engine.components import load_components

            components = load_components(self._config, begin=self._begin)
        except _GivenUp:
            return
        except Exception as error:  # whatever it is, the window goes on and says it
            _log.debug("loading failed", exc_info=error)
            self._end_part("failed")
            self._failed(
                str(error) if isinstance(error, AttuneError) else f"Unexpected {type(error).__name__}: {error}"
            )
            return
        self._end_part("done")
        if self._given_up.is_set():  # nobody is there to take them
            components.close()
            return
        self._loaded(components)

    def _begin(self, part: str) -> None:
        if self._given_up.is_set():
            raise _GivenUp
        self._end_part("done")
        self._part, self._begun_s = part, time.monotonic()
        self._steps[part] = LoadStep(name=part, step="working")

    def _end_part(self, step: Step) -> None:
        if self._part is not None:
            seconds = time.monotonic() - self._begun_s
            self._steps[self._part] = LoadStep(name=self._part, step=step, seconds=seconds)


class _GivenUp(Exception):
    """The window was closed meanwhile."""
