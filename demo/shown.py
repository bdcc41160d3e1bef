"""What the window shows at one moment: plain values that the bridge makes and the widgets draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from demo.health import Health
from demo.marks import Marks
from demo.origin import Origin
from demo.recording import Recording
from demo.running import EVERY_MODALITY, Running
from engine.config import EMOTIONS, Fusion, Modality
from engine.faults import Fault
from engine.types import AttentionMap, FloatArray, TimeArray, VideoFrame, Word
from engine.utterance import Utterance

if TYPE_CHECKING:
    from demo.playback import Playback

Kind = Literal["empty", "file", "live"]
Certainty = Literal["waiting", "nothing", "behind", "stale", "current"]
Step = Literal["waiting", "working", "done", "failed"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStep:
    """One part that has to be loaded: ``name`` is a key such as "models", "face", "words", "recogniser"."""

    name: str
    step: Step
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that the user should know, next to what it concerns.

    Attributes
    ----------
    where : "camera", "microphone", "speaker", "file", "models", "recording", "marks", "session" or another part of it.
    text : what happened and what to do, one or two sentences, of the engine.
    fatal : nothing goes on; else the other streams do.
    """

    where: str
    text: str
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How a recording, from ``start_s`` to ``duration_s``, is played; for live input only the position counts."""

    position_s: float = 0.0
    start_s: float = 0.0
    duration_s: float | None = None
    playing: bool = False
    speed: float = 1.0
    pitch: Literal["kept", "muted"] = "kept"
    loop: tuple[float, float] | None = None
    volume: float = 1.0
    sounding: bool = False
    seeking: bool = False

    @classmethod
    def of(cls, playback: Playback, start_s: float = 0.0) -> Self:
        """How something is played at present."""
        return cls(
            position_s=playback.position_s,
            start_s=start_s,
            duration_s=playback.duration_s,
            playing=playback.playing,
            speed=playback.speed,
            pitch=playback.pitch,
            loop=playback.loop,
            volume=playback.volume,
            sounding=playback.sounding,
            seeking=playback.seeking,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A face as the model saw it, [size, size, 3] u8, in the picture at ``pts_s``."""

    pts_s: float
    rgb: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture at the play position, and who is in it.

    Attributes
    ----------
    frame : None where there is no picture (yet).
    box : of the followed face, in pixels of the frame; None where there is none.
    others : boxes of other faces, which can be clicked.
    crops : the newest faces that the model saw, oldest first, at most 32.
    camera : whether the stream has pictures at all.
    """

    frame: VideoFrame | None = None
    box: Box | None = None
    others: tuple[Box, ...] = ()
    crops: tuple[Crop, ...] = ()
    camera: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The sound of the last seconds.

    Attributes
    ----------
    start_s, end_s : what is covered.
    envelope : [n, 2] f32, lowest and highest sample in each 10 ms from ``start_s`` on; NaN without sound.
    mfcc_times_s, mfcc : [m], [m, 40] f32, without derivatives.
    activity_times_s, activity : [k], [k] f32: probability of speech, 0..1.
    window_s : the stretch that the model looks at, None where it hears nothing.
    level_db : of the microphone now, dB re full scale; None where there is none.
    microphone : whether the stream has sound at all.
    """

    start_s: float = 0.0
    end_s: float = 0.0
    envelope: FloatArray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    mfcc_times_s: TimeArray = field(default_factory=lambda: np.zeros(0))
    mfcc: FloatArray = field(default_factory=lambda: np.zeros((0, 40), np.float32))
    activity_times_s: TimeArray = field(default_factory=lambda: np.zeros(0))
    activity: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    window_s: tuple[float, float] | None = None
    level_db: float | None = None
    microphone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The transcript up to the play position.

    Attributes
    ----------
    utterances : in order of time; of the last one only the words that have begun.
    weights : attention that each word of the window receives, by (start_s, text), largest 1.
    listening : whether a recogniser runs.
    reason : which recogniser and why, for a tooltip.
    """

    utterances: tuple[Utterance, ...] = ()
    weights: Mapping[tuple[float, str], float] = field(default_factory=dict)
    listening: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emotion:
    """The distribution now.

    Attributes
    ----------
    certainty : "waiting" before the first prediction, "nothing" where there is neither face nor voice, "behind" while
        computing has not come as far as the play position, "stale" when live input has stopped, else "current".
        Probabilities are shown as valid only when it is "current".
    probabilities : per fusion [k]; empty where there are none.
    labels : the k classes.
    unsure_below : per fusion the top probability under which the answer is unsure, from the model cards.
    present : modalities that were there; ``muted`` those that the user took away; ``used`` those that any model uses.
    pts_s : time of the prediction.
    """

    certainty: Certainty = "waiting"
    probabilities: Mapping[Fusion, FloatArray] = field(default_factory=dict)
    unsure_below: Mapping[Fusion, float] = field(default_factory=dict)
    present: tuple[Modality, ...] = ()
    used: tuple[Modality, ...] = EVERY_MODALITY
    muted: frozenset[Modality] = frozenset()
    labels: tuple[str, ...] = EMOTIONS
    pts_s: float = 0.0
    waiting_s: float = 0.0
    """How long computing will presumably take to come as far as the play position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Probabilities over the whole session, as far as they are known (not only up to the play position).

    Attributes
    ----------
    version : changes with anything below but ``position``.
    times_s : [n] points of the prediction grid.
    probabilities : per fusion [n, k]; a row of NaN where nothing was there.
    labels : the k classes.
    utterances : for their marks.
    covered : analysed stretches, in order; the rest of a recording has not been looked at.
    step_s : distance of two points.
    """

    version: int = 0
    times_s: TimeArray = field(default_factory=lambda: np.zeros(0))
    probabilities: Mapping[Fusion, FloatArray] = field(default_factory=dict)
    utterances: tuple[Utterance, ...] = ()
    covered: tuple[tuple[float, float], ...] = ()
    step_s: float = 0.5
    labels: tuple[str, ...] = EMOTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """The attention maps of the shown prediction.

    Attributes
    ----------
    pts_s : time of the prediction they belong to; None where there are none.
    maps : per fusion; a block is missing where one of its modalities was.
    words : the words of the window, in the order of text positions.
    crops : the faces of the window by time, one for each face position.
    start_s, end_s : of the window.
    """

    pts_s: float | None = None
    maps: Mapping[Fusion, tuple[AttentionMap, ...]] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    crops: tuple[Crop, ...] = ()
    start_s: float = 0.0
    end_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything that the window shows at one moment."""

    kind: Kind = "empty"
    title: str = ""
    path: str = ""
    """The file or folder that was asked for, from the root on; "" where there is none."""
    ready: bool = False
    """Whether the models are loaded."""
    loading: tuple[LoadStep, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()
    transport: Transport = field(default_factory=Transport)
    picture: Picture = field(default_factory=Picture)
    voice: Voice = field(default_factory=Voice)
    words: Words = field(default_factory=Words)
    emotion: Emotion = field(default_factory=Emotion)
    history: History = field(default_factory=History)
    attention: Attention = field(default_factory=Attention)
    origin: Origin = field(default_factory=Origin)
    health: Health = field(default_factory=Health)
    recording: Recording = field(default_factory=Recording)
    marks: Marks = field(default_factory=Marks)
    faults: tuple[Fault, ...] = ()
    replayed: bool = False
    """Whether all of it was found when it was recorded, so that nothing is at work now."""
    running: Running = field(default_factory=Running)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes of the models that run."""
        return self.running.labels

    @property
    def analysed(self) -> bool:
        """Whether the engine has come as far as this position; else nothing can be said of it yet."""
        return self.emotion.certainty not in ("waiting", "behind")
