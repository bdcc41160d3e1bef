"""What the window asks of whatever runs the sessions behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from demo.marks import MarkBook
from demo.session_list import SessionList
from demo.shown import Shown

if TYPE_CHECKING:
    from engine.sources.camera import CameraOptions

NO_DEVICE = ""
"""Go without this kind of device; None instead asks for the system's default one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The devices that are there now, by name.

    Attributes
    ----------
    problems : why some cannot be listed or used, one sentence each.
    """

    cameras: tuple[str, ...] = ()
    microphones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a camera is asked for; it delivers the nearest that it can. None leaves the choice to the camera."""

    size: tuple[int, int] | None = None
    rate_hz: float | None = None

    def options(self) -> CameraOptions:
        """As the engine takes it."""
        from engine.sources.camera import CameraOptions

        usual = CameraOptions()
        width, height = self.size or (usual.width, usual.height)
        return CameraOptions(width=width, height=height, rate_hz=self.rate_hz or usual.rate_hz)


class Bridge(Protocol):
    """Runs sessions out of the window's sight. Every method returns at once.

    A user's mistake raises nothing: it shows up in ``shown().troubles``.
    """

    @property
    def marks(self) -> MarkBook:
        """The annotations of what is open."""
        ...

    @property
    def sessions(self) -> SessionList:
        """The sessions that were recorded."""
        ...

    def shown(self) -> Shown:
        """What there is to show now: cheap, immutable, the same object while nothing has changed."""
        ...

    def load(self) -> None:
        """Begin to load the models, in a thread; how far it is shows in ``shown().loading``."""
        ...

    def open_file(self, path: str) -> None:
        """Play a recording, or a recorded session, instead of what is open."""
        ...

    def open_sample(self) -> None:
        """Play the sample recording instead of what is open."""
        ...

    def start_live(self, camera: str | None, microphone: str | None) -> None:
        """Go live instead of what is open. A name, ``NO_DEVICE``, or None for the system's default."""
        ...

    def set_capture(self, capture: Capture) -> None:
        """Size and rate that cameras are asked for from the next start on."""
        ...

    def close_session(self) -> None:
        """Stop and close what is open."""
        ...

    def play(self) -> None:
        """Go on playing."""
        ...

    def pause(self) -> None:
        """Hold the recording."""
        ...

    def toggle(self) -> None:
        """Play if it is held, else hold it."""
        ...

    def seek(self, pts_s: float) -> None:
        """Go to a media time in seconds."""
        ...

    def step(self, frames: int) -> None:
        """Go so many pictures on, or back where negative."""
        ...

    def set_speed(self, speed: float) -> None:
        """Play at 0.25 to 4 times the speed."""
        ...

    def set_pitch(self, pitch: Literal["kept", "muted"]) -> None:
        """Whether sound keeps its pitch at other speeds, or is silent."""
        ...

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Play a range of media time over and over."""
        ...

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1."""
        ...

    def set_speaker(self, name: str | None) -> None:
        """Sound through this device, None for the system's default."""
        ...

    def start_recording(self, folder: str) -> None:
        """Record what is live into a new folder."""
        ...

    def stop_recording(self) -> None:
        """Bring the recording to its proper end."""
        ...

    def follow(self, x: float, y: float) -> None:
        """Follow the face at this point, in pixels of the picture."""
        ...

    def mute(self, modality: str, muted: bool) -> None:
        """Take a modality away from the models, or give it back."""
        ...

    def watch(self, *, origin: bool) -> None:
        """Whether the view that needs all subsets of the modalities can be seen; else they are not computed."""
        ...

    def devices(self) -> Devices:
        """The devices as of two seconds ago at most."""
        ...

    def painted(self, captured_s: float) -> None:
        """A picture that arrived at ``captured_s`` (``time.monotonic()``) is on the screen now."""
        ...

    def answered(self, moment_s: float) -> None:
        """The prediction for this media time is on the screen now."""
        ...

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop everything, waiting no longer than this; closing again is harmless."""
        ...
