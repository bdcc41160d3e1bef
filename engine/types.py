"""What flows through Attune: small, frozen, time-stamped values.

Time is media time of the session in seconds (``pts_s``). ``captured_s`` is ``time.monotonic()`` at
the instant the data arrived and serves only to measure latency. Arrays are read-only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import EMOTIONS, MODALITIES, Fusion, Modality

Array = NDArray[np.generic]
FloatArray = NDArray[np.float32]
TimeArray = NDArray[np.float64]


class _Value:
    """Read-only arrays and a repr that shows shapes instead of numbers."""

    __slots__: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray) and value.flags.writeable:
                view = value.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)
        self._check()

    def _check(self) -> None:
        """Raise ValueError when the parts do not fit together."""

    def __repr__(self) -> str:
        parts = (f"{name}={_brief(getattr(self, name))}" for name in self.__slots__)
        return f"{type(self).__name__}({', '.join(parts)})"


def _brief(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, float):
        return f"{value:.3f}"
    return repr(value)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VideoFrame(_Value):
    """One picture. ``rgb`` is [height, width, 3] u8, upright."""

    seq: int
    pts_s: float
    captured_s: float
    rgb: NDArray[np.uint8]

    def _check(self) -> None:
        if not (self.rgb.dtype == np.uint8 and self.rgb.ndim == 3 and self.rgb.shape[2] == 3):
            raise ValueError(f"a picture is [height, width, 3] u8, got {_brief(self.rgb)}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AudioBlock(_Value):
    """Consecutive mono samples in -1..1; ``pts_s`` is the time of the first one.

    ``gap`` says that samples are missing just before this block, so state carried over from the
    block before must be dropped.
    """

    seq: int
    pts_s: float
    captured_s: float
    rate_hz: int
    samples: FloatArray
    gap: bool = False

    def _check(self) -> None:
        if self.rate_hz <= 0:
            raise ValueError(f"the sample rate must be positive, got {self.rate_hz}")
        if not (self.samples.dtype == np.float32 and self.samples.ndim == 1):
            raise ValueError(f"audio samples are [n] f32, got {_brief(self.samples)}")

    @property
    def end_s(self) -> float:
        """Time just after the last sample."""
        return self.pts_s + len(self.samples) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FeatureBlock(_Value):
    """Consecutive feature frames of one stream.

    Attributes
    ----------
    stream : "audio" or "video".
    times_s : [n] media time of each frame (centre of the frame for audio).
    values : [n, d] f32.
    """

    stream: Modality
    times_s: TimeArray
    values: FloatArray

    def _check(self) -> None:
        if not (self.values.ndim == 2 and self.times_s.shape == self.values.shape[:1]):
            raise ValueError(f"feature frames are times [n] and values [n, d], got {self!r}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Word:
    """A recognised word with media times and a confidence in 0..1; not final while it may change."""

    text: str
    start_s: float
    end_s: float
    confidence: float
    final: bool

    def __repr__(self) -> str:
        return f"Word({self.text!r}, {self.start_s:.2f}-{self.end_s:.2f}, {'final' if self.final else 'partial'})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Face(_Value):
    """The followed face in one picture.

    Attributes
    ----------
    pts_s : media time of the picture.
    identity : stays the same while the same person is followed.
    box : x0, y0, x1, y1 in pixels of the picture.
    score : detection probability.
    crop : [size, size, 3] u8, the face with the margin that the encoder was trained with.
    """

    pts_s: float
    identity: int
    box: tuple[float, float, float, float]
    score: float
    crop: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class UtteranceWindow(_Value):
    """What the model sees at one moment: the frames of each stream, unpadded.

    Attributes
    ----------
    start_s, end_s : media time covered.
    audio : [Ta, 120] f32, at most 1000 frames; audio_times_s : [Ta].
    video : [Tv, Dv] f32, at most 32 faces; video_times_s : [Tv].
    text : [Tt, Dt] f32, at most 128 word vectors; text_times_s : [Tt] middle of each word.
    words : the Tt words that have a vector, aligned with ``text``.
    skipped_words : how many words of the window have no vector.

    A stream with no frame is absent; the model has learned what that means.
    """

    start_s: float
    end_s: float
    audio: FloatArray
    audio_times_s: TimeArray
    video: FloatArray
    video_times_s: TimeArray
    text: FloatArray
    text_times_s: TimeArray
    words: tuple[Word, ...] = ()
    skipped_words: int = 0

    def _check(self) -> None:
        for name in MODALITIES:
            values, times = self.stream(name), self.times(name)
            if not (values.ndim == 2 and times.shape == values.shape[:1]):
                got = f"{_brief(values)} and {_brief(times)}"
                raise ValueError(f"{name} of a window is values [t, d] and times [t], got {got}")
        if len(self.words) != len(self.text):
            raise ValueError("every word vector of a window belongs to one word")

    def stream(self, modality: str) -> FloatArray:
        """Feature frames of a modality, [t, d]."""
        return getattr(self, modality)  # type: ignore[no-any-return]

    def times(self, modality: str) -> TimeArray:
        """Media time of each feature frame of a modality, [t]."""
        return getattr(self, f"{modality}_times_s")  # type: ignore[no-any-return]

    @property
    def present(self) -> tuple[Modality, ...]:
        """Modalities with at least one frame."""
        return tuple(name for name in MODALITIES if len(self.stream(name)))  # type: ignore[misc]

    def without(self, modalities: Collection[Modality]) -> UtteranceWindow:
        """The same window with some modalities absent."""
        gone: dict[str, Any] = {}
        for name in modalities:
            gone |= {name: self.stream(name)[:0], f"{name}_times_s": self.times(name)[:0]}
        if "text" in modalities:
            gone |= {"words": (), "skipped_words": 0}
        return replace(self, **gone) if gone else self


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AttentionMap(_Value):
    """Where one attention block looked.

    Attributes
    ----------
    target, source : the modality that asks and the one that is looked at (the same in self-attention).
    weights : [heads, Tq, Tk] f32, each row of a head sums to one.
    target_times_s, source_times_s : media time of every row [Tq] and column [Tk].
    back_projected : the times are an estimate, because the model's positions are mixtures of instants.
    """

    target: Modality
    source: Modality
    weights: FloatArray
    target_times_s: TimeArray
    source_times_s: TimeArray
    back_projected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outcome(_Value):
    """What one fusion model says.

    Attributes
    ----------
    probabilities : [k] f32, calibrated.
    attention : its maps between the modalities that were there.
    labels : the k classes, in the order of the probabilities.
    """

    probabilities: FloatArray
    attention: tuple[AttentionMap, ...] = ()
    labels: tuple[str, ...] = EMOTIONS

    def _check(self) -> None:
        if self.probabilities.shape != (len(self.labels),):
            raise ValueError(f"probabilities are [{len(self.labels)}], got {_brief(self.probabilities)}")

    @property
    def top(self) -> str:
        """The most probable emotion."""
        return self.labels[int(self.probabilities.argmax())]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Prediction(_Value):
    """The outcome of every running fusion model at one moment of media time.

    Attributes
    ----------
    pts_s : media time of the prediction (the end of its window).
    window_start_s : media time at which its window begins.
    outcomes : per fusion ("self", "cross", "cross+self"); all of the same labels.
    present : modalities that the window held.
    utterance : index of the utterance it belongs to, or None between utterances.
    muted : modalities that were taken out of the window at the user's wish.
    latency_s : seconds spent per stage on the way to this prediction; "total" from the moment at which all that can be
        seen and heard until ``pts_s`` had been captured.
    """

    pts_s: float
    window_start_s: float
    outcomes: Mapping[Fusion, Outcome]
    present: tuple[Modality, ...]
    utterance: int | None = None
    muted: frozenset[Modality] = frozenset()
    latency_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def probabilities(self) -> FloatArray:
        """Mean over the running fusion models, [k]."""
        every = np.stack([one.probabilities for one in self.outcomes.values()])
        mean: FloatArray = every.mean(axis=0, dtype=np.float32)
        return mean

    @property
    def labels(self) -> tuple[str, ...]:
        """The k classes, in the order of the probabilities."""
        return next(iter(self.outcomes.values())).labels

    @property
    def top(self) -> str:
        """The most probable emotion of the mean over the fusion models."""
        return self.labels[int(self.probabilities.argmax())]
