"""A recorded session, read back: complete, torn by a crash, or while it is still being recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine.annotations import Annotations, read_annotations
from engine.config import FUSIONS, SessionConfig
from engine.errors import DataError, SourceError
from engine.recall import REACH_S, Recall
from engine.saved.folder import ABOUT, SessionFolder
from engine.saved.journal import read_journal
from engine.saved.notes import notes_of, still_usable
from engine.saved.pieces import KeptOnDisk
from engine.saved.records import Saved, from_record
from engine.saved.scan import scan

if TYPE_CHECKING:
    from array import array

    from engine.asr.base import TranscriptUpdate
    from engine.components import Components
    from engine.config import Modality
    from engine.faults import Fault
    from engine.features.endpoint import SpeechEvent
    from engine.kept import Keeping
    from engine.moments import Moments
    from engine.saved.about import SessionAbout
    from engine.saved.journal import Journal
    from engine.saved.records import DeviceChange, PictureTimes, SoundRun
    from engine.stages import Chosen
    from engine.timeline import Timeline
    from engine.types import Prediction


class SavedSession:
    """What was recorded. Predictions, utterances and words are read at once, features when they are asked for.

    Memory grows with the predictions and words of the session, 15 MB for an hour; never with its features.

    Attributes
    ----------
    folder : where it is.
    about : what its session.json says.
    config : the settings of the session, without models, word vectors and devices: those are chosen by the user, never
        by a file.
    timeline : predictions, utterances and words.
    annotations : what was marked in it; ``annotations_problem`` why it cannot be read, "" where it can.
    faults, devices : what went wrong, and how the devices stood, in order of time.
    pictures, sounds : exact media times of the recording's pictures and sound.
    seen_s : those of the pictures in which the face was looked for.
    chosen : faces that somebody chose to be followed.
    media : the recording; None where it is missing.
    from_s, until_s : media time of beginning and end, in that of the session.
    complete : whether it ended properly; ``recording`` whether it is still being recorded.
    damaged, torn_at : records of the journal that are left out, and the position from which on it cannot be read.
    notes : sentences for the user: what is missing or damaged, and what can still be used.
    """

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the folder of a session; annotations that cannot be read are left out and noted.

        Raises
        ------
        DataError : it is none, its session.json or the beginning of its journal is damaged, or it was written by a
            newer version.
        """
        folder = SessionFolder(Path(path))
        try:
            folder = SessionFolder.open(folder.path)
            recording = folder.in_use
            about = folder.read_about()
            journal = read_journal(folder.journal_path)
            return cls(folder, about, journal, recording=recording)
        except DataError as error:
            raise DataError(f"{error}{still_usable(folder)}") from None

    def __init__(self, folder: SessionFolder, about: SessionAbout, journal: Journal, *, recording: bool) -> None:
        self.folder = folder.path
        self.about = about
        self.config: SessionConfig = _settings(about)
        self.recording = recording
        self.complete = about.complete
        self.from_s = about.from_s
        self._journal = journal
        found = self._found = scan(journal, about.from_s)
        self.timeline: Timeline = found.timeline
        self.devices: tuple[DeviceChange, ...] = tuple(found.devices)
        self.pictures: tuple[PictureTimes, ...] = tuple(found.pictures)
        self.sounds: tuple[SoundRun, ...] = tuple(found.sounds)
        self.seen_s: array[float] = found.seen_s
        self.chosen: tuple[Chosen, ...] = tuple(found.chosen)
        self.faults: tuple[Fault, ...] = tuple(found.faults or about.faults)
        self.damaged, self.torn_at = found.damaged, found.torn_at
        self.until_s = self._end_s()
        self._close_utterances()
        self.media = folder.media_path if folder.media_path.is_file() else None
        self._annotations, self.annotations_problem = _annotations(folder.annotations_path)
        self.notes: tuple[str, ...] = tuple(notes_of(self))

    @property
    def annotations(self) -> Annotations:
        """What was marked in it."""
        return self._annotations

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities; empty where nothing was predicted."""
        return self._found.labels or ()

    @property
    def annotations_path(self) -> Path:
        """Where its annotations are kept."""
        return SessionFolder(self.folder).annotations_path

    @property
    def media_from_s(self) -> float:
        """Media time of the session that is time 0 of the media file."""
        return self.from_s

    @property
    def moments(self) -> Moments:
        """Every point of the grid as it was recorded, whatever happens to the timeline."""
        return self._found.moments

    def recorded(self, at: int) -> Prediction | None:
        """The prediction at a point of the grid as it was recorded, None where there was none."""
        return self.moments.prediction(at)

    @property
    def events(self) -> Sequence[SpeechEvent]:
        """Starts and ends of utterances, in the order in which they were decided."""
        return self._found.index.events

    @property
    def updates(self) -> Sequence[TranscriptUpdate]:
        """Words in the order in which they came."""
        return self._found.index.updates

    def muted_at(self, pts_s: float) -> frozenset[Modality]:
        """What a point of the grid did without."""
        return self._found.muted.get(pts_s, frozenset())

    def require_media(self) -> Path:
        """The recording.

        Raises
        ------
        SourceError : there is none.
        """
        if self.media is None:
            raise SourceError(f"{self.folder} holds neither pictures nor sound: only its features can be replayed")
        return self.media

    def recall(self, components: Components) -> Recall:
        """The recorded features, from which any moment can be looked at again.

        Raises
        ------
        DataError : these components work with other features than those that were recorded.
        """
        self.require_features(components)
        return Recall(self.config, components.vectors, self.about.face_dim, keeping=self.kept())

    def kept(self) -> Keeping:
        """The recorded features, read as they are asked for."""
        # Predictions come a little later than their moment, so that the first are of before the beginning.
        reach_s = -math.inf if self.from_s <= 0 else self.from_s - REACH_S - _LATE_S
        return KeptOnDisk(self._journal, self._found.index, self.about.face_dim, reach_s)

    def require_features(self, components: Components) -> None:
        """Refuse components that work with other features than those that were recorded.

        Raises
        ------
        DataError : they do.
        """
        about = self.about
        if components.vectors.dim != about.vectors_dim or components.face_dim != about.face_dim:
            raise DataError(
                f"{self.folder} was recorded with faces as {about.face_dim} numbers ({about.face_encoder or 'none'}) "
                f"and words as {about.vectors_dim} ({about.vectors}); these models take {components.face_dim} and "
                f"{components.vectors.dim}. Name the models that it was recorded with, with --models or --model"
            )

    def records(self) -> Iterator[Saved | None]:
        """Everything that happened, in the order in which it did; None for a record that is damaged.

        Raises
        ------
        DataError : the journal cannot be read any more.
        """
        for position, record in self._journal.placed():
            if not position:
                continue
            try:
                found = None if record is None else from_record(record)
            except DataError:
                found = None
            if found is not None or record is None or record.get("kind") in _KINDS:
                yield found

    def _end_s(self) -> float:
        """As session.json says; of one that has not ended properly, its last point of the grid."""
        if self.about.complete and self.about.until_s is not None:
            return max(self.from_s, self.about.until_s)
        newest_s, _ = self.timeline.newest()
        reached_s = max(self._found.until_s.values(), default=self.from_s) if newest_s is None else newest_s
        return max(self.from_s, reached_s)

    def _close_utterances(self) -> None:
        """One that was going on when the recording ended has ended there."""
        if not self.recording:
            for one in self.timeline.utterances:
                if one.open:
                    self.timeline.end_utterance(one.index, max(one.end_s, self.until_s, one.start_s))


_LATE_S = 1.0
_MOST_S, _MOST_HZ = 60.0, 1000.0
_KINDS = ("report", "prediction", "fault", "device", "pictures", "sound")


def _settings(about: SessionAbout) -> SessionConfig:
    """What shapes windows and the grid. Names and paths in a file choose nothing that is loaded or downloaded."""
    try:
        config = about.config
    except DataError as error:
        raise DataError(f"{ABOUT} is damaged: {error}") from None
    numbers = (config.step_s, config.offset_s, config.sound_after_s, config.track_hz, config.live_step_s)
    plain = all(isinstance(one, int | float) and math.isfinite(one) for one in numbers)
    known = (
        isinstance(config.fusions, tuple)
        and set(config.fusions) <= set(FUSIONS)
        and config.window in ("utterance", "sliding")
        and config.asr in ("auto", "vosk", "whisper", "none")
        and isinstance(config.wait_for_words, bool)
    )
    if not (plain and known and 0 <= config.sound_after_s <= _MOST_S and 0 < config.track_hz <= _MOST_HZ):
        raise DataError(f"the settings in {ABOUT} are damaged, or are none")
    return replace(config, asr_model=None, word_vectors=None, model_dir=None, models=(), device="auto")


def _annotations(path: Path) -> tuple[Annotations, str]:
    """What was marked, and why that cannot be read, "" where it can."""
    try:
        return read_annotations(path), ""
    except DataError as error:
        return Annotations(), str(error)
