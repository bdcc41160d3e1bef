"""A live session with what the window needs beside it: the newest picture, and the last minutes to look at again."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from engine.config import Modality, SessionConfig
from engine.recall import Recall
from engine.session import Session

if TYPE_CHECKING:
    from engine.components import Components
    from engine.sources.live import LiveSource
    from engine.timeline import Timeline
    from engine.types import VideoFrame

KEEP_S = 120.0
"""How far back moments can be looked at again: 6 MB of sound, 1.3 MB of faces."""

STALE_S = 2.0
"""Without a new prediction for longer than this, what is shown no longer holds."""


class LiveRun:
    """Runs a session over camera and microphone until it is closed.

    Parameters
    ----------
    source : not iterated yet; closed with this.
    components, config : as for a `Session`; in use until `close` has returned.
    """

    def __init__(self, source: LiveSource, components: Components, config: SessionConfig) -> None:
        self.source = source
        self.recall = Recall(config, components.vectors, components.face_dim, keep_s=KEEP_S)
        self.session = Session(source, components, config, record=self.recall.add)
        self._step_s = config.step_s
        self.session.start()

    @property
    def timeline(self) -> Timeline:
        """What has been found."""
        return self.session.timeline

    @property
    def position_s(self) -> float:
        """Media time now."""
        return self.source.position_s

    @property
    def stale(self) -> bool:
        """Whether predictions have stopped coming, since devices or computing have stopped."""
        newest_s, _ = self.timeline.newest()
        return self.finished or self.position_s - (newest_s or 0.0) > STALE_S + self._step_s

    @property
    def finished(self) -> bool:
        """Whether the devices, virtual ones, have ended and everything has been predicted."""
        return self.session.finished

    def picture(self) -> VideoFrame | None:
        """The newest picture of the camera."""
        newest = self.source.picture.at()
        return None if newest is None else newest[1]

    def mute(self, modalities: Collection[Modality]) -> None:
        """Leave modalities out of what is predicted from now on."""
        self.session.mute(modalities)

    def follow(self, x: float, y: float) -> None:
        """Follow the face at a point of the picture."""
        self.session.follow(x, y)

    def close(self) -> None:
        """Stop the session and release the devices; again is harmless.

        Raises
        ------
        AttuneError : the first error of the session.
        """
        try:
            self.session.stop()
        finally:
            self.source.close()
