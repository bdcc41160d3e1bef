"""What a recorded session says of itself in its session.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from engine.config import SessionConfig
from engine.errors import DataError
from engine.faults import Fault
from engine.saved.fields import Fields

FORMAT, VERSION = "attune session", 1

_LONGEST_S = 46 * 86_400.0
"""No session is longer: see `engine.export.findings.LONGEST_S`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAbout:
    """How a session was recorded, and with what.

    Attributes
    ----------
    began_at : UTC, ISO 8601, of the beginning of the recording; nothing else of it depends on the time of day.
    from_s, until_s : media time of its beginning and end; None as long as it has not ended properly.
    complete : whether it has ended properly.
    settings : the fields of the session's `SessionConfig`.
    models : `Predictor.info`: names, checksums, where they ran.
    face_encoder, face_dim, vectors, vectors_dim, recognizer : the other parts by name; None where there was none.
    picture_size : width and height of the camera's pictures at the beginning; the recording's are even.
    sound_rate_hz : of the recording.
    devices : kind, name, nominal_hz, width, height of camera and microphone, as at the beginning, or at the end where
        it has ended.
    versions, machine : of the software and of the machine.
    dropped : pictures that are not in the recording because the disk or the machine was too slow.
    bytes_written : size of recording and journal at the end.
    problem : why it ended early, "" where it did not.
    faults : what went wrong in the session.
    """

    began_at: str
    from_s: float = 0.0
    until_s: float | None = None
    complete: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Any] = field(default_factory=dict)
    face_encoder: str | None = None
    face_dim: int = 0
    vectors: str | None = None
    vectors_dim: int = 0
    recognizer: str | None = None
    picture_size: tuple[int, int] | None = None
    sound_rate_hz: int | None = None
    devices: tuple[Mapping[str, Any], ...] = ()
    versions: Mapping[str, Any] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)
    dropped: int = 0
    bytes_written: int = 0
    problem: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def config(self) -> SessionConfig:
        """The settings of the session.

        Raises
        ------
        DataError : they are none.
        """
        given: dict[str, Any] = {
            one.name: _setting(one.name, self.settings[one.name], one.default)
            for one in fields(SessionConfig)
            if one.name in self.settings
        }
        try:
            return SessionConfig(**given)
        except ValueError as error:
            raise DataError(f"the settings of the session are damaged: {error}") from None

    def to_json(self) -> dict[str, Any]:
        """What session.json holds."""
        return {"format": FORMAT, "version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, content: object, path: Path) -> Self:
        """Read what session.json holds; ``path`` is for messages.

        Raises
        ------
        DataError : it is damaged, something else, or was written by a newer version.
        """
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise DataError(f"{path} does not describe a session of Attune")
        if content.get("version") != VERSION:
            raise DataError(f"{path} was written by a newer Attune: update Attune to read it")
        try:
            return cls._read(Fields(content))
        except (DataError, TypeError, ValueError) as error:
            raise DataError(f"{path} is damaged ({error}). What was recorded is beside it") from None

    @classmethod
    def _read(cls, given: Fields) -> Self:
        from_s, until_s = given.number("from_s"), given.optional_number("until_s")
        if from_s < 0 or (until_s is not None and not from_s <= until_s <= from_s + _LONGEST_S):
            raise DataError(f"it lasts from {from_s} s to {until_s} s")
        size = given.integers("picture_size") if given.given("picture_size") else None
        if size is not None and len(size) != 2:
            raise DataError("picture_size is no width and height")
        return cls(
            began_at=given.text("began_at"),
            from_s=from_s,
            until_s=until_s,
            complete=given.flag("complete"),
            settings=given.map("settings").plain,
            models=given.map("models").plain,
            face_encoder=given.optional_text("face_encoder"),
            face_dim=given.integer("face_dim"),
            vectors=given.optional_text("vectors"),
            vectors_dim=given.integer("vectors_dim"),
            recognizer=given.optional_text("recognizer"),
            picture_size=None if size is None else (size[0], size[1]),
            sound_rate_hz=given.integer("sound_rate_hz", least=1) if given.given("sound_rate_hz") else None,
            devices=tuple(one.plain for one in given.maps("devices")),
            versions=given.map("versions").plain,
            machine=given.map("machine").plain,
            dropped=given.integer("dropped"),
            bytes_written=given.integer("bytes_written"),
            problem=given.text("problem"),
            faults=tuple(
                Fault(
                    pts_s=one.number("pts_s"),
                    part=one.text("part"),
                    text=one.text("text"),
                    lasting=one.flag("lasting"),
                )
                for one in given.maps("faults")
            ),
        )


def _setting(name: str, value: object, default: object) -> object:
    """A setting from JSON, of the kind of its default."""
    if isinstance(default, tuple):
        fits = isinstance(value, list) and len(value) < 100 and all(isinstance(one, str) for one in value)
        value = tuple(value) if fits and isinstance(value, list) else value
    elif isinstance(default, float):
        fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    elif isinstance(default, bool):
        fits = isinstance(value, bool)
    else:  # names and paths; those that are None by default may be that
        fits = isinstance(value, str) or (value is None and default is None)
    if not fits:
        raise DataError(f"the settings of the session are damaged: {name} is {str(value)[:60]!r}")
    return value
