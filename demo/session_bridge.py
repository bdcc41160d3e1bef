"""Between the window and the engine: opens what the user asks for and gives what the window shows.

The window polls `SessionBridge.shown`; nothing here knows Qt. Threads: one that carries out commands and composes what
is shown, one that loads models, one that lists devices, one that explains; besides those of the session itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from demo.bridge import Capture, Devices
from demo.command_thread import CommandThread
from demo.composer import Composer
from demo.device_watch import DeviceWatch
from demo.live_output import OutputDesk
from demo.live_show import LiveShow
from demo.marks import RECORD_FIRST, MarkBook
from demo.model_loader import ModelLoader
from demo.opening import open_recording, open_sample, require_playable
from demo.playback_commands import PlaybackCommands
from demo.problems import Problems
from demo.recording_desk import RecordingDesk
from demo.session_list import SessionList
from demo.show import Show
from demo.shown import Emotion, Shown
from engine.config import Modality, SessionConfig
from engine.errors import AttuneError
from engine.runtime.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from demo.playback import Playback
    from engine.components import Components
    from engine.output.outputs import Outputs

_HEALTH_TURNS = 10
"""How the machine copes is looked at every half second."""

_SAVING_S = 20.0
"""How long closing may take while a recording is brought to its end."""


class SessionBridge(PlaybackCommands):
    """Implements `demo.bridge.Bridge`.

    Parameters
    ----------
    config : of every session.
    trace : is told what happens in them; closed by the caller, after this.
    outputs : gets what is found and shown, for other programs; closed by the caller, after this.
    """

    def __init__(self, config: SessionConfig, trace: Trace = NO_TRACE, outputs: Outputs | None = None) -> None:
        super().__init__()
        self._config = config
        self._trace = trace
        self._components: Components | None = None
        self._composer = Composer(config)
        self._loader: ModelLoader | None = None
        self._watch: DeviceWatch | None = None
        self._show: Show | None = None
        self._muted: frozenset[Modality] = frozenset()
        self._capture = Capture()
        self._problems = Problems()
        self._composed = Shown()
        self._with_health = True
        self._thread = CommandThread(self._turn, self._ended, self._problems.tell)
        self.marks = MarkBook(self._thread.do)
        self.sessions = SessionList(self._thread.do, self._let_go)
        self._desk = RecordingDesk(self.marks)
        self._output = None if outputs is None else OutputDesk(outputs)
        self._thread.start()

    def load(self) -> None:
        """Begin to load the models, and to look for devices when they are there."""
        if self._loader is None or self._problems.with_models:
            self._problems.forget_models()
            self._loader = ModelLoader(
                self._config,
                loaded=lambda components: self._thread.do(lambda: self._begin(components)),
                failed=self._problems.models_failed,
            )

    def open_file(self, path: str) -> None:
        """Play a recording, or a session that was recorded, instead of what is open."""
        self._thread.do(lambda: self._open("file", lambda: self._file_show(path), lambda: require_playable(path)))

    def open_sample(self) -> None:
        """Play the sample recording."""
        self._thread.do(lambda: self._open("file", lambda: open_sample(self._speaker, self._volume)))

    def start_live(self, camera: str | None, microphone: str | None) -> None:
        """Go live instead of what is open."""

        def opened() -> Show:
            return LiveShow.open(camera, microphone, self._capture, frame_hz=self._config.track_hz)

        self._thread.do(lambda: self._open("camera", opened))

    def set_capture(self, capture: Capture) -> None:
        """Size and rate that cameras are asked for from the next start on."""
        self._capture = capture

    def close_session(self) -> None:
        """Stop and close what is open, and forget what was wrong with it."""
        self._thread.do(self._close)

    def start_recording(self, folder: str) -> None:
        """Record what is live into a new folder."""
        self._thread.do(lambda: self._desk.start(self._show, Path(folder)))

    def stop_recording(self) -> None:
        """Bring the recording to its proper end."""
        self._thread.do(lambda: self._desk.stop(self._show))

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
        self._thread.wake()

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
        show = self._show
        if show is not None and show.recording().on:
            timeout_s = max(timeout_s, _SAVING_S)
        self._thread.leave()
        deadline_s = time.monotonic() + timeout_s
        for one in (self._loader, self._watch):
            if one is not None:
                one.close(max(0.0, deadline_s - time.monotonic()))
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def shown(self) -> Shown:
        """What there is to show now; cheap."""
        composed, show, marks = self._composed, self._show, self.marks.marks
        if composed.marks is not marks:
            composed = replace(composed, marks=marks)
        if show is None or composed.kind != show.kind:
            # What was open is being closed: its last answer does not hold any more.
            if composed.kind == "empty":
                return composed
            running = composed.running
            return replace(composed, emotion=Emotion(certainty="stale", labels=running.labels, used=running.used))
        try:
            return self._composer.refresh(composed, show, self._muted)
        except Exception as error:  # the thread of the window must never stop
            self._problems.tell(error)
            return composed

    def _turn(self, count: int) -> None:
        """Look after what is open, and compose what is shown."""
        self._with_health = count % _HEALTH_TURNS == 1
        if self._with_health and self.marks.marks.problem:
            self._thread.guarded(self.marks.save)  # the disk may have room again
        self._thread.guarded(lambda: self._desk.look(self._show))
        self._compose()

    def _ended(self) -> None:
        show = self._show
        self._thread.guarded(self._end)
        if show is not None:  # what went wrong at the very end is known now
            self._composed = replace(self._composed, faults=show.faults(), recording=show.recording())
        self._thread.guarded(self.marks.save)
        self._composer.close()
        if self._components is not None:
            self._components.close()

    def _with_playback(self, command: Callable[[Playback], object]) -> None:
        """Let the transport do something; it returns at once. Also right after a file was asked for."""

        def run() -> None:
            playback = None if self._show is None else self._show.playback
            if playback is not None:
                command(playback)

        if self._show is not None and self._thread.idle:
            self._thread.guarded(run)
        else:
            self._thread.do(run)

    def _compose(self) -> None:
        show, shown = self._show, Shown(recording=self._desk.last)
        recording = () if self._desk.problem is None else (self._desk.problem,)
        problems = (*self._problems.every, *recording)
        if show is not None:
            try:
                shown = self._composer.compose(show, self._muted, with_health=self._with_health)
            except BaseException:
                self._composed = replace(self._composed, troubles=problems)
                raise
            if self._output is not None:
                self._output.look(show, self.marks.marks)
        self._composed = replace(
            shown,
            ready=self._components is not None,
            loading=() if self._loader is None else self._loader.steps,
            troubles=(*problems, *shown.troubles),
            marks=self.marks.marks,
        )

    def _open(self, where: str, opened: Callable[[], Show], check: Callable[[], object] = lambda: None) -> None:
        """Open something in place of what is open, which stays where the check finds an error."""
        self._problems.forget()
        try:
            check()
            self._end()
            show = opened()
        except AttuneError as error:
            self._problems.complain(where, str(error))
            return
        show.mute(self._muted)
        self._desk.opened(show, show.annotations_path)
        self._show = show
        self._analyse()

    def _file_show(self, path: str) -> Show:
        return open_recording(path, self._speaker, self._volume)

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
                config = self._show.settings(self._config)
                self._composer.expect(config)
                if self._output is not None:
                    self._output.begin(self._show, self._components, config)
                self._show.analyse(self._components, config)
                if self._show.playback is not None:
                    self._show.playback.play()
                self._desk.analysed(self._show)
            except AttuneError as error:
                self._problems.complain("session", str(error))

    def _end(self) -> None:
        show, self._show = self._show, None
        if show is not None:
            self.marks.save()  # before anything that may hang or fail
            try:
                show.close()
            finally:
                self._desk.closed(show)
                if self._output is not None:
                    self._output.end()
        self._composer.vitals.forget()

    def _let_go(self, folder: Path) -> None:
        """Close a recorded session, or forget the marks of one that was recorded, before its folder is deleted."""
        if Path(self.marks.marks.path).parent != folder:
            return
        if self._show is not None and self._show.kind == "file":
            self._close()
        self.marks.forget(RECORD_FIRST)

    def _close(self) -> None:
        self._end()
        self._problems.forget()
