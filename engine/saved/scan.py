"""One look over a journal: what was found in the session, and where its reports are."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field, replace
from sys import intern
from typing import TYPE_CHECKING, Any

from engine.errors import DataError
from engine.faults import Fault
from engine.kept import KeptReport
from engine.moments import Moments
from engine.saved.pieces import JournalIndex
from engine.saved.records import DeviceChange, PictureTimes, SavedPrediction, SoundRun, from_record
from engine.timeline import Timeline
from engine.types import Prediction

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.config import Modality
    from engine.features.endpoint import SpeechEvent
    from engine.saved.journal import Journal
    from engine.stages import Chosen


_STAGES = frozenset({"face", "hearing", "transcription", "model", "total"})


@dataclass(slots=True, kw_only=True)
class Scan:
    """What a journal holds.

    Attributes
    ----------
    timeline : predictions, utterances and words.
    moments : the predictions as they were recorded, whatever happens to the timeline.
    index : where the reports are.
    seen_s : exact media times of the pictures in which the face was looked for.
    chosen : faces that somebody chose.
    faults, devices, pictures, sounds : in order.
    muted : what points of the grid did without, where they did.
    until_s : media time per stage up to which it has reported.
    damaged : records that are left out.
    torn_at : position in the file from which on it cannot be read, None for its end.
    labels : the classes; None without any prediction.
    """

    timeline: Timeline = field(default_factory=Timeline)
    moments: Moments = field(default_factory=Moments)
    index: JournalIndex = field(default_factory=JournalIndex)
    seen_s: array[float] = field(default_factory=lambda: array("d"))
    chosen: list[Chosen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    devices: list[DeviceChange] = field(default_factory=list)
    pictures: list[PictureTimes] = field(default_factory=list)
    sounds: list[SoundRun] = field(default_factory=list)
    muted: dict[float, frozenset[Modality]] = field(default_factory=dict)
    until_s: dict[str, float] = field(default_factory=dict)
    damaged: int = 0
    torn_at: int | None = None
    labels: tuple[str, ...] | None = None


def scan(journal: Journal, from_s: float) -> Scan:
    """Read a journal to its end, or to where it is torn.

    Parameters
    ----------
    journal : of the session.
    from_s : media time from which on it was recorded; utterances that had ended before are left out.

    Raises
    ------
    DataError : the file cannot be read any more.
    """
    scanner = _Scanner(from_s)
    for position, record in journal.placed():
        if position:
            scanner.take(position, record)
    scanner.found.torn_at = journal.torn_at
    return scanner.found


class _Scanner:
    def __init__(self, from_s: float) -> None:
        self.found = Scan()
        self._from_s = from_s
        self._newest_s = -math.inf
        self._known: set[int] = set()
        self._skipped: dict[int, float] = {}
        self._earlier: dict[int, TranscriptUpdate] = {}
        self._muted: dict[frozenset[Modality], frozenset[Modality]] = {}

    def take(self, position: int, record: dict[str, Any] | None) -> None:
        try:
            taken = record is not None and self._take(position, record)
        except DataError:
            taken = False
        self.found.damaged += not taken

    def _take(self, position: int, record: dict[str, Any]) -> bool:
        if record.get("kind") == "report":
            return self._report(position, record)
        found = from_record(record)
        match found:
            case SavedPrediction():
                return self._prediction(found)
            case Fault():
                self.found.faults.append(found)
            case DeviceChange():
                self.found.devices.append(found)
            case PictureTimes():
                self.found.pictures.append(found)
            case SoundRun():
                self.found.sounds.append(found)
            case _:
                pass  # of a kind that a later version has added
        return True

    def _report(self, position: int, record: dict[str, Any]) -> bool:
        """Note where it is. Only what the timeline shows of it is read: most reports hold nothing but frames."""
        stage, until_s = record.get("stage"), record.get("until_s")
        if not isinstance(stage, str) or not isinstance(until_s, float) or math.isnan(until_s):
            return False
        if not self._look(record.get("seen")):
            return False
        if record.get("events") or record.get("updates") or record.get("chosen"):
            report = from_record(record)
            if isinstance(report, KeptReport):
                self._follow(report)
                self.found.chosen += () if report.chosen is None else (report.chosen,)
        self.found.index.note(position, until_s)
        if math.isfinite(until_s):
            name = intern(stage)
            self.found.until_s[name] = max(until_s, self.found.until_s.get(name, -math.inf))
        return True

    def _look(self, seen: Any) -> bool:
        """Note the time of a picture; False where the record is damaged."""
        if seen is None:
            return True
        pts_s = seen[0] if isinstance(seen, list) and seen else None
        if not isinstance(pts_s, float) or not math.isfinite(pts_s):
            return False
        self.found.seen_s.append(pts_s)
        return True

    def _follow(self, report: KeptReport) -> None:
        self.found.index.events += report.events
        self.found.index.updates += report.updates
        for event in report.events:
            self._event(event)
        for update in report.updates:
            if update.utterance in self._known:
                self._say(update)
            elif update.utterance in self._skipped:
                self._earlier[update.utterance] = update

    def _event(self, event: SpeechEvent) -> None:
        """Utterances from before the recording are shown only where they reach into it."""
        timeline, number = self.found.timeline, event.utterance
        if event.kind == "start":
            if number not in self._known and event.known_s < self._from_s:
                self._skipped[number] = event.pts_s
            elif number not in self._known:
                self._start(number, event.pts_s)
        elif event.pts_s > self._from_s and number in self._skipped:
            self._start(number, self._skipped.pop(number))
            timeline.end_utterance(number, event.pts_s)
        elif number in self._known:
            timeline.end_utterance(number, event.pts_s)

    def _start(self, number: int, start_s: float) -> None:
        self._known.add(number)
        self.found.timeline.start_utterance(number, start_s)
        said = self._earlier.pop(number, None)
        if said is not None:
            self._say(said)

    def _say(self, update: TranscriptUpdate) -> None:
        words, final = update.words, update.final
        self.found.timeline.set_words(update.utterance, words, final=final, missing=update.missing)

    def _prediction(self, saved: SavedPrediction) -> bool:
        if saved.pts_s <= self._newest_s:
            return False
        prediction = saved.prediction
        if prediction is not None:
            labels = self.found.labels = self.found.labels or prediction.labels
            if any(one.labels != labels for one in prediction.outcomes.values()):
                return False
            number = prediction.utterance
            if number is not None and number not in self._known:
                self._start(number, self._skipped.pop(number, prediction.window_start_s))
            prediction = self._small(prediction, labels)
            if number is not None:
                self.found.timeline.extend_utterance(number, saved.pts_s)
        self._newest_s = saved.pts_s
        if saved.muted:
            self.found.muted[saved.pts_s] = self._muted.setdefault(saved.muted, saved.muted)
        self.found.timeline.add(saved.pts_s, prediction)
        self.found.moments.append(saved.pts_s, prediction)
        return True

    def _small(self, prediction: Prediction, labels: tuple[str, ...]) -> Prediction:
        """With what is the same in all predictions kept once."""
        return replace(
            prediction,
            outcomes={fusion: replace(one, labels=labels) for fusion, one in prediction.outcomes.items()},
            muted=self._muted.setdefault(prediction.muted, prediction.muted),
            latency_s={intern(name): value for name, value in prediction.latency_s.items() if name in _STAGES},
        )
