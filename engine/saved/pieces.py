"""The recorded reports of a session, read from its journal as far as they are needed."""

from __future__ import annotations

import math
import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.config import AUDIO_DIM
from engine.errors import DataError
from engine.kept import Given, KeptFace, KeptReport, SoundPicture
from engine.saved.frames import Frames, cut, forward, inside, within
from engine.saved.records import from_record
from engine.stages import Seen
from engine.types import FeatureBlock

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.endpoint import SpeechEvent
    from engine.saved.journal import Journal

PIECE_S = 8.0
"""Media time that is read at once."""

_PIECES_KEPT = 40
_RECORDS = 64
_MARGIN_S = 2.0
"""What a report holds is at most so far from the time up to which it reports: it has passed hearing, but no words."""

_MOST_BYTES = 64 << 20
"""Nobody records more in 8 s and what lies around them: 45 reports a second of 2 kB, and faces of 12."""


@dataclass(slots=True)
class _Run:
    """Reports one after another in the journal: positions of the first and last, and from when to when they report."""

    position: int
    last: int
    low_s: float = math.inf
    high_s: float = -math.inf
    count: int = 0


class JournalIndex:
    """Where in the journal the reports of a media time are; the words and utterances themselves, which are few."""

    def __init__(self) -> None:
        self.runs: list[_Run] = []
        self.events: list[SpeechEvent] = []
        self.updates: list[TranscriptUpdate] = []
        self._until_s: float = 0.0

    def note(self, position: int, until_s: float) -> None:
        """Take the next report, which reports until a time."""
        if not self.runs or self.runs[-1].count >= _RECORDS:
            self.runs.append(_Run(position, position))
        if math.isfinite(until_s):
            self._until_s = until_s
        run = self.runs[-1]
        run.low_s, run.high_s = min(run.low_s, self._until_s), max(run.high_s, until_s)
        run.count += 1
        run.last = position

    def around(self, start_s: float, end_s: float) -> Iterator[tuple[int, int]]:
        """Positions of the first and last of reports that may hold something of a time."""
        for run in self.runs:
            if run.low_s - _MARGIN_S <= end_s and run.high_s + _MARGIN_S >= start_s:
                yield run.position, run.last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    audio: Frames
    envelope: Frames
    voice: Frames
    faces: Sequence[KeptFace]
    seen: Sequence[Seen]


@dataclass(slots=True)
class _Pieces:
    """Parts of pieces in the making."""

    audio: list[Frames] = field(default_factory=list)
    envelope: list[Frames] = field(default_factory=list)
    voice: list[Frames] = field(default_factory=list)
    faces: list[KeptFace] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)


class KeptOnDisk:
    """Implements `engine.kept.Keeping` over a journal; the last minutes that were asked for stay in memory.

    Reports that are damaged, and what goes back in time, are left out.

    Parameters
    ----------
    journal, index : of the session.
    face_dim : length of an embedding; faces of another are left out.
    from_s : media time before which nothing is there; minus infinity where it was recorded from its beginning.
    """

    def __init__(self, journal: Journal, index: JournalIndex, face_dim: int, from_s: float) -> None:
        self._journal = journal
        self._index = index
        self._face_dim = face_dim
        self._from_s = from_s
        self._known_s = np.array([one.known_s for one in index.events], np.float64)
        self._arrived_s = np.array([one.pts_s for one in index.updates], np.float64)
        self._lock = threading.Lock()
        self._pieces: OrderedDict[int, _Piece] = OrderedDict()

    @property
    def from_s(self) -> float:
        """What happened before is not there."""
        return self._from_s

    def given(self, start_s: float, end_s: float) -> Given:
        """What shaped windows."""
        pieces = self._around(start_s, end_s)
        times_s, values = cut([one.audio for one in pieces], start_s, end_s, AUDIO_DIM)
        events = np.flatnonzero((self._known_s >= start_s) & (self._known_s <= end_s))
        updates = np.flatnonzero((self._arrived_s >= start_s) & (self._arrived_s <= end_s))
        return Given(
            audio=FeatureBlock(stream="audio", times_s=times_s, values=values),
            faces=within((face for one in pieces for face in one.faces), start_s, end_s),
            events=[self._index.events[at] for at in events],
            updates=[self._index.updates[at] for at in updates],
        )

    def faces(self, start_s: float, end_s: float) -> list[KeptFace]:
        """Face samples in order of time."""
        return within((face for one in self._around(start_s, end_s) for face in one.faces), start_s, end_s)

    def seen(self, start_s: float, end_s: float) -> list[Seen]:
        """Where faces were in each picture, in order of time."""
        every = [seen for one in self._around(start_s, end_s) for seen in one.seen]
        low = bisect_left(every, start_s, key=lambda one: one.pts_s)
        return every[low : bisect_right(every, end_s, key=lambda one: one.pts_s)]

    def sound(self, start_s: float, end_s: float) -> SoundPicture:
        """The sound, for drawing."""
        pieces = self._around(start_s, end_s)
        return SoundPicture.of(
            cut([one.envelope for one in pieces], start_s, end_s, 2),
            cut([one.audio for one in pieces], start_s, end_s, AUDIO_DIM),
            cut([one.voice for one in pieces], start_s, end_s, 1),
        )

    def _around(self, start_s: float, end_s: float) -> list[_Piece]:
        """The pieces that hold a time; at most as many as are kept, the newest."""
        if not (math.isfinite(start_s) and math.isfinite(end_s)):
            raise ValueError(f"a stretch of media time is finite, got {start_s} to {end_s}")
        last = math.floor(end_s / PIECE_S)
        first = max(math.floor(start_s / PIECE_S), last - _PIECES_KEPT + 1)
        with self._lock:
            return [self._piece(number) for number in range(first, last + 1)]

    def _piece(self, number: int) -> _Piece:
        piece = self._pieces.get(number)
        if piece is None:
            piece = self._pieces[number] = self._read(number * PIECE_S, (number + 1) * PIECE_S)
            if len(self._pieces) > _PIECES_KEPT:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return piece

    def _read(self, start_s: float, end_s: float) -> _Piece:
        parts = _Pieces()
        for report in self._reports(start_s, end_s):
            parts.audio += [(one.times_s, one.values) for one in report.features]
            parts.envelope.append((report.envelope_s, report.envelope))
            parts.voice.append((report.voice_s, report.voice))
            parts.faces += [one for one in report.faces if self._fits(one)]
            parts.seen += () if report.seen is None else (report.seen,)
        return _Piece(
            audio=inside(parts.audio, start_s, end_s, AUDIO_DIM),
            envelope=inside(parts.envelope, start_s, end_s, 2),
            voice=inside(parts.voice, start_s, end_s, 1),
            faces=forward([one for one in parts.faces if start_s <= one.pts_s < end_s]),
            seen=forward([one for one in parts.seen if start_s <= one.pts_s < end_s]),
        )

    def _fits(self, face: KeptFace) -> bool:
        return face.embedding is None or len(face.embedding) == self._face_dim

    def _reports(self, start_s: float, end_s: float) -> Iterator[KeptReport]:
        room = _MOST_BYTES
        for first, last in self._index.around(start_s, end_s):
            for position, record in self._journal.placed(first):
                room -= position - first
                first = position
                report = None if record is None else _report(record)
                if report is not None:
                    yield report
                if position >= last or room <= 0:
                    break


def _report(record: Mapping[str, Any]) -> KeptReport | None:
    """The report of a record, None for what is damaged or another."""
    if record.get("kind") != "report":
        return None
    try:
        found = from_record(record)
    except DataError:
        return None
    return found if isinstance(found, KeptReport) else None
