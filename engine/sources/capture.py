"""Runs one device in a thread of its own: opens it, reads it, and opens it again when it is back."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from engine.clock import Clock
from engine.sources.device import (
    Captured,
    CapturedSound,
    Device,
    DeviceFailure,
    DeviceState,
    DeviceStatus,
    EndOfDevice,
    Opened,
    called,
    reason,
)
from engine.sources.level import LevelMeter

_log = logging.getLogger(__name__)

RETRY_S = 1.0
SILENCE_S = {"camera": 2.0, "microphone": 1.0}
"""Without anything for so long, a device has stopped."""

FIRST_S = 5.0
"""The first picture or sound may take this long: cameras adjust, sound servers wake up."""

_RATE_OVER_S = 3.0
_RATE_LEAST_S = 0.5
_GAVE_SOMETHING = (DeviceStatus.RUNNING, DeviceStatus.FROZEN, DeviceStatus.LOST)


class Capture:
    """A device at work. Its state may be read from any thread.

    Parameters
    ----------
    device : opened, read and closed in the thread of this.
    take : gets each item, in that thread.
    clock : what time is told by.
    """

    def __init__(self, device: Device, take: Callable[[Captured], None], clock: Clock) -> None:
        self.device = device
        self._take = take
        self._clock = clock
        self._stop = threading.Event()
        # A driver may never return from a read; such a thread must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name=f"attune-{device.kind}", daemon=True)
        self._lock = threading.Lock()
        self._status = DeviceStatus.STARTING
        self._message = ""
        self._opened = device.about
        self._reconnects = 0
        self._ran = False
        self._stuck = False
        self._epoch_s = 0.0
        self._last_s = 0.0
        self._came: deque[tuple[float, int]] = deque()
        self._meter = LevelMeter()

    @property
    def name(self) -> str:
        """What the device is called, as far as it is known."""
        return self._opened.name

    @property
    def _called(self) -> str:
        return called(self.device.kind, self._opened.name)

    @property
    def ended(self) -> bool:
        """Whether nothing will come any more."""
        return self._status in (DeviceStatus.ENDED, DeviceStatus.CLOSED)

    @property
    def awaited(self) -> bool:
        """Whether it is worth waiting for its next item."""
        if self.device.exact:
            return self._status in (DeviceStatus.STARTING, DeviceStatus.RUNNING)
        return self._status == DeviceStatus.RUNNING and not self._silent()

    def start(self, epoch_s: float) -> None:
        """Begin capturing; media time 0 is ``epoch_s`` of the clock."""
        self._epoch_s = epoch_s
        self._thread.start()

    def stop(self) -> None:
        """Tell the thread to end."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread. False where the driver does not return from its last call."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(max(0.0, timeout_s))
        alive = self._thread.is_alive()
        with self._lock:
            news, self._stuck = alive and not self._stuck, alive
            self._status = DeviceStatus.CLOSED
            self._message = ""
            if alive:
                self._message = (
                    f"{self._called} does not answer. It is let go when its driver does; if the light stays on, "
                    "unplug it or restart Attune."
                )
        if news:
            _log.warning("the thread of the %s is stuck in its driver: %s", self.device.kind, self.name)
        return not alive

    def state(self, dropped: int) -> DeviceState:
        """How it stands now; ``dropped`` is added to what the device itself has lost."""
        with self._lock:
            status, message = self._status, self._message
            if status == DeviceStatus.RUNNING and self._silent():
                status, message = self._stopped()
            elif self._unanswered():
                message = (
                    f"{self._called} does not answer yet: close other programs that use it, or unplug it and plug it "
                    "in again."
                )
            running = status == DeviceStatus.RUNNING
            return DeviceState(
                kind=self.device.kind,
                name=self._opened.name,
                status=status,
                message=message,
                rate_hz=self._rate_hz() if running else 0.0,
                nominal_hz=self._opened.nominal_hz,
                width=self._opened.width,
                height=self._opened.height,
                level_db=self._meter.level_db if running else None,
                peak_db=self._meter.peak_db if running else None,
                drift_ppm=self.device.drift_ppm,
                dropped=dropped + self.device.dropped,
                reconnects=self._reconnects,
            )

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._capture()
            except EndOfDevice:
                self._set(DeviceStatus.ENDED, "")
                return
            except DeviceFailure as failure:
                self._fail(failure)
            except Exception as error:  # a driver can fail in any way, and the other device goes on
                _log.warning("the %s failed: %r", self.device.kind, error)
                why = f"{self._called} failed: {reason(error)}. It is opened again by itself."
                self._fail(DeviceFailure(DeviceStatus.LOST, why))
            finally:
                self._let_go()
            self._clock.wait(self._stop, RETRY_S)

    def _capture(self) -> None:
        opened = self.device.open(self._epoch_s)
        with self._lock:
            self._opened = opened
            self._last_s = self._clock.now_s()
            self._came.clear()
        first = True
        while not self._stop.is_set():
            item = self.device.read()
            now_s = self._clock.now_s()
            if item is None:
                if now_s - self._last_s > (FIRST_S if first else SILENCE_S[self.device.kind]) and not self.device.exact:
                    raise DeviceFailure(*self._stopped())
                continue
            self._note(item, now_s, first)
            first = False
            if not self._stop.is_set():
                self._take(item)

    def _note(self, item: Captured, now_s: float, first: bool) -> None:
        units = len(item.samples) if isinstance(item, CapturedSound) else 1
        with self._lock:
            if isinstance(item, CapturedSound):
                self._meter.feed(item.samples, item.rate_hz)
            elif item.rgb.shape[:2] != (self._opened.height, self._opened.width):
                height, width = item.rgb.shape[:2]
                self._opened = Opened(
                    name=self._opened.name, nominal_hz=self._opened.nominal_hz, width=width, height=height
                )
            self._last_s = now_s
            self._came.append((now_s, units))
            while now_s - self._came[0][0] > _RATE_OVER_S:
                self._came.popleft()
            if first:
                self._reconnects += self._ran
                self._ran = True
                self._status, self._message = DeviceStatus.RUNNING, ""

    def _fail(self, failure: DeviceFailure) -> None:
        status, message = failure.status, str(failure)
        with self._lock:
            if status == DeviceStatus.MISSING and self._ran and self._status in _GAVE_SOMETHING:
                status = DeviceStatus.LOST  # it was there: that it is missing now is no news
                message = f"{self._called} is gone: plug it in again, and it goes on by itself."
            if (status, message) != (self._status, self._message):
                _log.info("%s %s: %s", self.device.kind, status, message)
            self._status, self._message = status, message
            self._meter.clear()

    def _set(self, status: DeviceStatus, message: str) -> None:
        with self._lock:
            self._status, self._message = status, message

    def _let_go(self) -> None:
        try:
            self.device.close()
        except Exception as error:  # it is being given up
            _log.warning("closing the %s failed: %r", self.device.kind, error)

    def _silent(self) -> bool:
        return not self.device.exact and self._clock.now_s() - self._last_s > SILENCE_S[self.device.kind]

    def _unanswered(self) -> bool:
        """Whether its driver has not returned from the first opening or reading for too long."""
        if self.device.exact or self._thread.ident is None or self._status != DeviceStatus.STARTING:
            return False
        return self._clock.now_s() - self._epoch_s > FIRST_S

    def _stopped(self) -> tuple[DeviceStatus, str]:
        if self.device.kind == "camera":
            return DeviceStatus.FROZEN, (
                f"{self._called} is frozen: no new picture for {SILENCE_S['camera']:.0f} s. It is opened again by "
                "itself; if it stays so, unplug it and plug it in again."
            )
        return DeviceStatus.LOST, (
            f"{self._called} delivers no sound any more. It is opened again by itself; "
            "if it stays so, check its plug and the sound settings of the system."
        )

    def _rate_hz(self) -> float:
        ppm, nominal_hz = self.device.drift_ppm, self._opened.nominal_hz
        if ppm is not None and nominal_hz:
            return nominal_hz * (1 + 1e-6 * ppm)  # far more exact than counting blocks, which come in bunches
        if not self._came:
            return 0.0
        span_s = self._came[-1][0] - self._came[0][0]
        units = sum(one[1] for one in self._came) - self._came[0][1]
        return units / span_s if span_s >= _RATE_LEAST_S else 0.0
