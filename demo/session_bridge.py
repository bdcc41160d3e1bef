"""Between the window and the engine: opens what the user asks for and gives what the window shows.

The window polls `SessionBridge.shown`; nothing here knows Qt. Threads: one that carries out commands and composes what
is shown, one that loads models, one that lists devices, one that explains; besides those of the session itself.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from demo.bridge import Capture, Devices
from demo.composer import Composer
from demo.device_watch import DeviceWatch
from demo.file_show import FileShow
from demo.live_show import LiveShow
from demo.model_loader import ModelLoader
from demo.show import Show
from demo.shown import Emotion, Shown, Trouble
from engine.config import Modality, SessionConfig
from engine.errors import AttuneError
from engine.runtime.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from engine.components import Components

_log = logging.getLogger(__name__)

_TURN_S = 0.05
_SHORTEST_LOOP_S = 0.1
_HEALTH_TURNS = 10
"""How the machine copes is looked at every half second."""


class SessionBridge:
    """Implements `demo.bridge.Bridge`.

    Parameters
    ----------
    config : of every session.
    trace : is told what happens in them; closed by the caller, after this.
    """

    def __init__(self, config: SessionConfig, trace: Trace = NO_TRACE) -> None:
        self._config = config
        self._trace = trace
        self._components: Components | None = None
        self._composer = Composer(config)
        self._loader: ModelLoader | None = None
        self._watch: DeviceWatch | None = None
        self._show: Show | None = None
        self._muted: frozenset[Modality] = frozenset()
        self._capture = Capture()
        self._speaker: str | None = None
        self._volume = 1.0
        self._problem: Trouble | None = None
        self._model_problem: Trouble | None = None
        self._composed = Shown()
        self._with_health = True
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-bridge")
        self._thread.start()

    def load(self) -> None:
        """Begin to load the models, and to look for devices when they are there."""
        if self._loader is None or self._model_problem is not None:
            self._model_problem = None
            self._loader = ModelLoader(
                self._config,
                loaded=lambda components: self._do(lambda: self._begin(components)),
                failed=self._fail_loading,
            )

    def open_file(self, path: str) -> None:
        """Play a recording instead of what is open."""
        self._do(lambda: self._open("file", lambda: self._file_show(path)))

    def open_sample(self) -> None:
        """Play the sample recording."""

        def opened() -> Show:
            from engine.assets import sample_path

            return self._file_show(str(sample_path()))

        self._do(lambda: self._open("file", opened))

    def start_live(self, camera: str | None, microphone: str | None) -> None:
        """Go live instead of what is open."""

        def opened() -> Show:
            return LiveShow.open(camera, microphone, self._capture, frame_hz=self._config.track_hz)

        self._do(lambda: self._open("camera", opened))

    def set_capture(self, capture: Capture) -> None:
        """Size and rate that cameras are asked for from the next start on."""
        self._capture = capture

    def close_session(self) -> None:
        """Stop and close what is open, and forget what was wrong with it."""

        def close() -> None:
            self._end()
            self._problem = None

        self._do(close)

    def play(self) -> None:
        """Go on playing."""
        self._with_file(lambda show: show.playback.play())

    def pause(self) -> None:
        """Hold the recording."""
        self._with_file(lambda show: show.playback.pause())

    def toggle(self) -> None:
        """Play if it is held, else hold it."""
        self._with_file(lambda show: show.playback.toggle())

    def seek(self, pts_s: float) -> None:
        """Go to a media time."""
        self._with_file(lambda show: show.playback.seek(pts_s))

    def step(self, frames: int) -> None:
        """Go so many pictures on, or back."""
        self._with_file(lambda show: show.playback.step(frames))

    def set_speed(self, speed: float) -> None:
        """Play faster or slower."""
        self._with_file(lambda show: show.playback.set_speed(min(max(speed, 0.25), 4.0)))

    def set_pitch(self, pitch: Literal["kept", "muted"]) -> None:
        """Whether sound keeps its pitch at other speeds, or is silent."""
        self._with_file(lambda show: show.playback.set_pitch(pitch))

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Play a range over and over; one that is too short to be meant is left alone."""

        def run(show: FileShow) -> None:
            if loop is None:
                show.playback.set_loop(None)
                return
            end_s = min(loop[1], show.playback.duration_s or loop[1])
            if end_s - loop[0] >= _SHORTEST_LOOP_S:
                show.playback.set_loop((max(0.0, loop[0]), end_s))

        self._with_file(run)

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1; also of what is opened later."""
        self._volume = volume
        self._with_file(lambda show: show.playback.set_volume(volume))

    def set_speaker(self, name: str | None) -> None:
        """Sound through this device; also of what is opened later."""
        self._speaker = name
        self._with_file(lambda show: show.playback.set_speaker(name))

    def follow(self, x: float, y: float) -> None:
        """Follow the face at a point of the picture."""
        show = self._show
        if show is not None:
            show.follow(x, y)

    def mute(self, modality: str, muted: bool) -> None:
        """Take a modality away from the models, or give it back."""
        name = cast(Modality, modality)
        self._muted = self._muted | {name} if muted else self._muted - {name}
        show = self._show
        if show is not None:
            show.mute(self._muted)
        self._wake.set()

    def watch(self, *, origin: bool) -> None:
        """Whether the view that needs all subsets of the modalities can be seen."""
        self._composer.watch_origin = origin

    def devices(self) -> Devices:
        """The devices as of two seconds ago at most."""
        return Devices() if self._watch is None else self._watch.devices

    def painted(self, captured_s: float) -> None:
        """A picture is on the screen."""
        self._composer.vitals.painted(captured_s)

    def answered(self, moment_s: float) -> None:
        """A prediction is on the screen."""
        self._trace.show(moment_s)

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop everything, waiting no longer than this; again is harmless."""
        self._closing.set()
        self._wake.set()
        deadline_s = time.monotonic() + timeout_s
        for one in (self._loader, self._watch):
            if one is not None:
                one.close(max(0.0, deadline_s - time.monotonic()))
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def shown(self) -> Shown:
        """What there is to show now; cheap."""
        composed, show = self._composed, self._show
        if show is None or composed.kind != show.kind:
            # What was open is being closed: its last answer does not hold any more.
            if composed.kind == "empty":
                return composed
            running = composed.running
            return replace(composed, emotion=Emotion(certainty="stale", labels=running.labels, used=running.used))
        try:
            return self._composer.refresh(composed, show, self._muted)
        except Exception as error:  # the thread of the window must never stop
            self._tell(error)
            return composed

    def _do(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    def _with_file(self, command: Callable[[FileShow], object]) -> None:
        """Let the transport do something; it returns at once. Also right after a file was asked for."""

        def run() -> None:
            if isinstance(self._show, FileShow):
                command(self._show)

        if isinstance(self._show, FileShow) and self._commands.empty():
            self._guarded(run)
        else:
            self._do(run)

    def _run(self) -> None:
        turn = 0
        while not self._closing.is_set():
            self._wake.wait(_TURN_S)
            self._wake.clear()
            while not self._commands.empty() and not self._closing.is_set():
                self._guarded(self._commands.get())
            turn += 1
            self._with_health = turn % _HEALTH_TURNS == 1
            self._guarded(self._compose)
        self._guarded(self._end)
        self._composer.close()
        if self._components is not None and self._components.recognizer is not None:
            self._components.recognizer.close()

    def _guarded(self, command: Callable[[], object]) -> None:
        """Whatever goes wrong is told, once, and the bridge goes on."""
        try:
            command()
        except Exception as error:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        text = str(error) if isinstance(error, AttuneError) else f"Unexpected {type(error).__name__}: {error}"
        if self._problem is None or self._problem.text != text:
            _log.error("the bridge met an error", exc_info=error)
            self._complain("session", text)

    def _compose(self) -> None:
        show, shown = self._show, Shown()
        problems = tuple(one for one in (self._model_problem, self._problem) if one is not None)
        self._composed = replace(self._composed, troubles=problems)  # also where composing fails
        if show is not None:
            shown = self._composer.compose(show, self._muted, with_health=self._with_health)
        self._composed = replace(
            shown,
            ready=self._components is not None,
            loading=() if self._loader is None else self._loader.steps,
            troubles=(*problems, *shown.troubles),
        )

    def _open(self, where: str, opened: Callable[[], Show]) -> None:
        self._end()
        self._problem = None
        try:
            show = opened()
        except AttuneError as error:
            self._complain(where, str(error))
            return
        show.mute(self._muted)
        self._show = show
        self._analyse()

    def _file_show(self, path: str) -> FileShow:
        return FileShow.open(path, speaker=self._speaker, volume=self._volume)

    def _begin(self, components: Components) -> None:
        """The models are there."""
        components.trace = self._trace
        self._components = components
        self._composer.use(components)
        self._watch = DeviceWatch()
        self._analyse()

    def _analyse(self) -> None:
        """Begin to predict, and to play, when both the models and something to look at are there."""
        if self._show is not None and self._components is not None:
            try:
                config = self._config.for_live() if self._show.kind == "live" else self._config
                self._composer.expect(config)
                self._show.analyse(self._components, config)
                if isinstance(self._show, FileShow):
                    self._show.playback.play()
            except AttuneError as error:
                self._complain("session", str(error))

    def _end(self) -> None:
        show, self._show = self._show, None
        if show is not None:
            show.close()
        self._composer.vitals.forget()

    def _fail_loading(self, text: str) -> None:
        self._model_problem = Trouble(where="models", text=text, fatal=True)

    def _complain(self, where: str, text: str) -> None:
        self._problem = Trouble(where=where, text=text, fatal=True)
