"""What the playback commands do, given how the session is played now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demo.bridge import Bridge
from demo.settings import SPEEDS, Settings
from demo.shell.loop_marks import LoopMarks
from demo.shell.speed_menu import next_speed
from demo.shown import Shown

PLAYBACK_COMMANDS = (
    "play", "back", "forward", "start", "step_back", "step", "slower", "faster",
    "loop_start", "loop_end", "loop_clear", "mute",
)  # fmt: skip

JUMP_S = 5.0


class Player:
    """Turns commands into calls of the bridge, and remembers what should outlast the window.

    Parameters
    ----------
    bridge : runs the sessions.
    settings : remembers volume, speed, devices and recent files.
    """

    def __init__(self, bridge: Bridge, settings: Settings) -> None:
        self._bridge = bridge
        self._settings = settings
        self._opening: str | None = None
        self._marks = LoopMarks()
        self.shown = Shown()
        self.speed = settings.number("speed", 1.0, SPEEDS[0], SPEEDS[-1])
        """At which the next recording begins to play."""
        bridge.set_volume(settings.number("volume", 1.0, 0.0, 1.0))
        speaker = settings.name("speaker")
        if speaker is not None:
            bridge.set_speaker(speaker)

    @property
    def mark_s(self) -> float | None:
        """Where a loop begins whose end has not been marked yet."""
        return self._marks.mark_s

    @property
    def commands(self) -> dict[str, Callable[[bool], None]]:
        """The playback commands but "mute", by name."""
        transport = self._bridge
        return {
            "play": lambda _: transport.toggle(),
            "back": lambda _: self._jump(-JUMP_S),
            "forward": lambda _: self._jump(JUMP_S),
            "start": lambda _: transport.seek(self.shown.transport.start_s),
            "step_back": lambda _: transport.step(-1),
            "step": lambda _: transport.step(1),
            "slower": lambda _: self.set_speed(next_speed(self.shown.transport.speed, -1)),
            "faster": lambda _: self.set_speed(next_speed(self.shown.transport.speed, 1)),
            "loop_start": lambda _: self._loop(self._marks.start),
            "loop_end": lambda _: self._loop(self._marks.end),
            "loop_clear": lambda _: self._no_loop(),
        }

    def take(self, shown: Shown) -> None:
        """Learn how the session is played now; a recording that has opened becomes a recent one."""
        if (shown.title, shown.path) != (self.shown.title, self.shown.path):
            self._marks.clear()
        self.shown = shown
        if self._opening is not None and shown.kind == "file" and shown.path == self._opening:
            self._settings.add_recent(self._opening)
            self._opening = None

    def open_file(self, path: str) -> None:
        """Play a recording."""
        self._expect(str(Path(path).absolute()))
        self._bridge.open_file(path)
        self._bridge.set_speed(self.speed)

    def open_sample(self) -> None:
        """Play the sample."""
        self._expect(None)
        self._bridge.open_sample()
        self._bridge.set_speed(self.speed)

    def go_live(self, camera: str | None, microphone: str | None) -> None:
        """Use camera and microphone."""
        self._expect(None)
        self._bridge.start_live(camera, microphone)

    def set_speed(self, speed: float) -> None:
        """Play faster or slower, also next time."""
        self.speed = speed
        self._settings.put("speed", speed)
        self._bridge.set_speed(speed)

    def set_pitch(self, pitch: str) -> None:
        """Keep the pitch, or be silent at other speeds."""
        self._bridge.set_pitch("muted" if pitch == "muted" else "kept")

    def set_volume(self, volume: float) -> None:
        """Louder or less loud, also next time."""
        self._settings.put("volume", volume)
        self._bridge.set_volume(volume)

    def set_speaker(self, name: str | None) -> None:
        """Sound through this device, also next time."""
        self._settings.put("speaker", name)
        self._bridge.set_speaker(name)

    def _expect(self, path: str | None) -> None:
        """Something else is being opened, or the same anew."""
        self._opening = path
        self._marks.clear()

    def _jump(self, seconds: float) -> None:
        transport = self.shown.transport
        last_s = transport.duration_s if transport.duration_s is not None else float("inf")
        self._bridge.seek(min(max(transport.position_s + seconds, transport.start_s), last_s))

    def _loop(self, mark: Callable[[float, tuple[float, float] | None], tuple[float, float] | None]) -> None:
        transport = self.shown.transport
        self._bridge.set_loop(mark(transport.position_s, transport.loop))

    def _no_loop(self) -> None:
        self._marks.clear()
        self._bridge.set_loop(None)
