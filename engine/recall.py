"""What the model stage was given, so that any moment of a session can be looked at again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.config import SessionConfig
from engine.features.endpoint import LONGEST_S
from engine.features.window import FACE_SPAN_S, ONSET_S, WindowBuilder
from engine.keep import PIECE, from_jpeg, keep
from engine.kept import Keeping, Kept, KeptFace, KeptReport, SoundPicture
from engine.stages import Report, Seen
from engine.types import FeatureBlock, UtteranceWindow

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.endpoint import SpeechEvent
    from engine.features.window import WordEmbedding

__all__ = ["PIECE", "REACH_S", "Recall", "SoundPicture", "feed"]

REACH_S = LONGEST_S + FACE_SPAN_S + ONSET_S
"""How far back something can lie that shapes a window: the longest utterance, and faces before its start."""

_SEEN_HOLDS_S = 0.35


class Recall:
    """Builds the window of any moment from the reports of a session, bit for bit as it was.

    One thread adds, any thread reads.

    Parameters
    ----------
    config, vectors, face_dim : as for the `WindowBuilder` of the session.
    keep_s : how many seconds of media time are kept in memory; None keeps everything.
    keeping : where the reports are, for a session that was recorded; then nothing is added.
    """

    def __init__(
        self,
        config: SessionConfig,
        vectors: WordEmbedding,
        face_dim: int,
        *,
        keep_s: float | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        self._new_builder: Callable[[], WindowBuilder] = lambda: WindowBuilder(config, vectors, face_dim)
        self._memory = Kept(None if keep_s is None else max(keep_s, REACH_S))
        self._keeping = self._memory if keeping is None else keeping

    @property
    def from_s(self) -> float:
        """Media time before which moments are not kept."""
        return self._keeping.from_s

    def add(self, report: Report) -> None:
        """Take what a stage has reported to the model."""
        self._memory.add(keep(report))

    def window_at(self, t: float) -> tuple[UtteranceWindow, int | None]:
        """What the model saw at media time ``t``, with nothing muted, and the utterance that was open then.

        Raises
        ------
        ValueError : that is forgotten.
        """
        if t - REACH_S < self.from_s:
            raise ValueError(f"what happened at {t:.1f} s is not kept any more")
        builder = self._new_builder()
        given = self._keeping.given(t - REACH_S, t)
        features = (given.audio,) if len(given.audio.times_s) else ()
        _give(builder, given.faces, features, given.events, given.updates)
        return builder.window_at(t)

    def seen_at(self, t: float) -> Seen | None:
        """Where faces are at a media time: the followed one between the two pictures around it, where both have it.

        None where no picture was looked at within the last third of a second.
        """
        around = self._keeping.seen(t - 1.0, t + 1.0)
        after = bisect_right(around, t, key=lambda one: one.pts_s)
        near = around[max(0, after - 1) : after + 1] if after else []
        if not near or t - near[0].pts_s > _SEEN_HOLDS_S:
            return None
        one, other = near[0], near[-1]
        if one.box is None or other.box is None or not 0 < other.pts_s - one.pts_s <= _SEEN_HOLDS_S:
            return one
        share = (t - one.pts_s) / (other.pts_s - one.pts_s)
        x0, y0, x1, y1 = ((1 - share) * a + share * b for a, b in zip(one.box, other.box, strict=True))
        return replace(one, pts_s=t, box=(x0, y0, x1, y1))

    def sound(self, start_s: float, end_s: float) -> SoundPicture:
        """The sound between two media times, for drawing."""
        return self._keeping.sound(start_s, end_s)

    def news(self, after_s: float, until_s: float) -> tuple[tuple[SpeechEvent, ...], tuple[TranscriptUpdate, ...]]:
        """The speech events and words that became known after one media time and until another."""
        given = self._keeping.given(after_s, until_s)
        events = tuple(one for one in given.events if one.known_s > after_s)
        return events, tuple(one for one in given.updates if one.pts_s > after_s)

    def crops(self, start_s: float, end_s: float, most: int) -> list[tuple[float, NDArray[np.uint8]]]:
        """The newest faces between two media times: times and pictures [size, size, 3] u8, oldest first."""
        faces = [one for one in self._keeping.faces(start_s, end_s) if one.jpeg is not None][-most:]
        pictures = [(one.pts_s, from_jpeg(one.jpeg)) for one in faces if one.jpeg is not None]
        return [(pts_s, rgb) for pts_s, rgb in pictures if rgb is not None]


def feed(builder: WindowBuilder, report: KeptReport) -> None:
    """Give a builder what a recorded report holds, as the session did."""
    _give(builder, report.faces, report.features, report.events, report.updates)


def _give(
    builder: WindowBuilder,
    faces: Iterable[KeptFace],
    features: Iterable[FeatureBlock],
    events: Iterable[SpeechEvent],
    updates: Iterable[TranscriptUpdate],
) -> None:
    for face in faces:
        builder.add_face(face.pts_s, face.embedding, face.identity)
    for block in features:
        builder.add_audio(block)
    for event in events:
        builder.add_speech(event)
    for update in updates:
        builder.add_transcript(update)
