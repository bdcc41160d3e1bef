"""Does whole recordings, one after another, in any process: the models are loaded once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.config import SessionConfig
from engine.errors import AttuneError, DataError, SourceError
from engine.pools.worker import Hopeless

if TYPE_CHECKING:
    from engine.components import Components

_TELL_EVERY_S = 0.5

Share: TypeAlias = float | None
"""How much of a recording is done, 0..1; None where that cannot be known."""

Files: TypeAlias = Mapping[str, bytes] | None
"""Content of the result files by name; None where those that are there are still right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A recording to analyse (a `engine.pools.events.Job`).

    Attributes
    ----------
    path : the recording.
    folder : where its results go; only who began the task writes there.
    origin : from what the results that are there were made; where that is still so, there is nothing to do.
    device : set by what does the task.
    host : the machine of a cluster that does it.
    """

    path: Path
    folder: Path
    origin: Mapping[str, Any] | None = field(default=None, repr=False)
    device: str = "auto"
    host: str | None = None

    @property
    def key(self) -> str:
        """Tells it from others."""
        return str(self.path)

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.path.name

    def on(self, device: str) -> Task:
        """The same task on a device."""
        return replace(self, device=device)

    def at(self, host: str) -> Task:
        """The same task, on a machine of a cluster.

        Raises
        ------
        DataError
            When the machine does not see the recording.
        """
        if not self.path.exists():
            raise DataError(
                f"machine {host} does not see the recording {self.path}: recordings must be at the same place on "
                "every machine of the cluster"
            )
        return replace(self, host=host)


class Analyzer:
    """Analyses recordings; loads the models with the first one and keeps them. Can be pickled.

    Parameters
    ----------
    config : settings of the sessions, as summaries will have them.
    threads : whether each recording gets a thread for each stage. Where every core has a recording of its own, one
        thread is better: no stage waits for another or for Python's lock.
    places : the same settings with paths that hold wherever the work is done, see `located`.
    """

    def __init__(self, config: SessionConfig, threads: bool, places: SessionConfig | None = None) -> None:
        self._config = config
        self._threads = threads
        self._places = places or config
        self._components: tuple[str, Components] | None = None

    def __call__(self, task: Task, tell: Callable[[Share], None]) -> Files:
        """Analyse a recording; ``tell`` is called now and then.

        Raises
        ------
        SourceError
            When it cannot be read.
        Hopeless
            When the models cannot be loaded.
        """
        from engine.analysis.recording import analyze_source
        from engine.analysis.results import render
        from engine.analysis.summary import origin
        from engine.sources.media_file import MediaFile

        components = self._load(task)
        with closing(MediaFile(task.path, frame_hz=self._config.track_hz)) as source:
            checksum = _checksum(task.path)
            if task.origin is not None and origin(components, self._config, checksum) == task.origin:
                return None
            done = analyze_source(
                source,
                components,
                self._config,
                _Progress(tell, source.info.duration_s),
                threads=self._threads,
                content_sha256=checksum,
            )
        return render(done)

    def __reduce__(self) -> tuple[type[Analyzer], tuple[object, ...]]:
        return Analyzer, (self._config, self._threads, self._places)

    def close(self) -> None:
        """Let go of the models; safe to call again."""
        held, self._components = self._components, None
        if held is not None:
            held[1].close()

    def _load(self, task: Task) -> Components:
        from engine.components import load_components

        if self._components is None or self._components[0] != task.device:
            self.close()
            if self._threads:  # a core has time while the recogniser loads; importing takes longer than drawing
                Thread(target=import_module, args=("matplotlib.figure",), name="import").start()
            try:
                # With one thread every core has a recording of its own: another process would only add to it.
                components = load_components(replace(self._places, device=task.device), own_process=self._threads)
                self._components = task.device, components
            except AttuneError as error:
                raise Hopeless(error if task.host is None else _said_by(task.host, error)) from error
        return self._components[1]


def located(config: SessionConfig) -> SessionConfig:
    """The same settings, with every path in them absolute, as other machines need them; names of models stay."""

    def absolute(path: str) -> str:
        return os.path.abspath(os.path.expanduser(path))

    def absolute_or_name(text: str | None) -> str | None:
        return absolute(text) if text and os.path.exists(os.path.expanduser(text)) else text

    return replace(
        config,
        asr_model=absolute_or_name(config.asr_model),
        word_vectors=absolute_or_name(config.word_vectors),
        model_dir=config.model_dir and absolute(config.model_dir),
        models=tuple(absolute(one) for one in config.models),
    )


def _said_by(host: str, error: AttuneError) -> AttuneError:
    return type(error)(f"machine {host}: {error}")


class _Progress:
    """Tells the share that is done, at most every half second."""

    def __init__(self, tell: Callable[[Share], None], length_s: float | None) -> None:
        self._tell = tell
        self._length_s = length_s
        self._told_s = time.monotonic()
        tell(0.0 if length_s else None)

    def __call__(self, pts_s: float) -> None:
        now_s = time.monotonic()
        if self._length_s and now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._tell(min(pts_s / self._length_s, 1.0))


def _checksum(path: Path) -> str:
    from engine.corpora.contents import read_content

    try:
        return read_content(path).sha256
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
