"""What the journal of a session holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.config import Modality
from engine.faults import Fault
from engine.kept import KeptReport
from engine.sources.device import DeviceState
from engine.types import Prediction, TimeArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPrediction:
    """A point of the grid, and what was predicted there without attention maps; None where there was nothing.

    ``muted`` are the modalities that were left out, also where nothing else was there.
    """

    pts_s: float
    prediction: Prediction | None
    muted: frozenset[Modality] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange:
    """How a device stood from a media time on."""

    pts_s: float
    state: DeviceState


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTimes:
    """Exact media times of pictures in the recording: number ``first``, counted from 0, and those after it, [n] f64."""

    first: int
    times_s: TimeArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRun:
    """Where sound without a gap begins.

    Attributes
    ----------
    pts_s : exact media time of its first sample.
    sample : number of that sample among all of the recording.
    rate_hz : of the recording.
    source_hz : of the microphone; where it is another one, the sound was resampled.
    """

    pts_s: float
    sample: int
    rate_hz: int
    source_hz: int


Saved: TypeAlias = KeptReport | SavedPrediction | Fault | DeviceChange | PictureTimes | SoundRun
