"""How the machine copes: rates of the stages over the last seconds, memory, and the way from camera to screen."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from demo.health import DeviceHealth, Health, StageHealth

if TYPE_CHECKING:
    from psutil import Process

    from engine.snapshot import Snapshot
    from engine.sources.device import DeviceState

_RATE_OVER_S = 5.0
_PAINTED_KEPT = 256


class Vitals:
    """Makes `Health` from what sessions, devices and the window tell."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, dict[str, int]]] = deque()
        self._screen_s: deque[float] = deque(maxlen=_PAINTED_KEPT)
        self._process: Process | None = None
        self._beside: Process | None = None

    def painted(self, captured_s: float) -> None:
        """A picture that arrived at ``captured_s`` of ``time.monotonic()`` is on the screen now."""
        self._screen_s.append(max(0.0, time.monotonic() - captured_s))

    def forget(self) -> None:
        """Another session begins."""
        self._counts.clear()
        self._screen_s.clear()

    def read(
        self,
        snapshot: Snapshot | None,
        devices: tuple[DeviceState, ...],
        backend: str,
        *,
        live: bool,
        beside: int | None = None,
    ) -> Health:
        """The figures as of now. A recording has no way from camera to screen. ``beside`` is a process of ours."""
        screen = sorted(self._screen_s) if live else []
        return Health(
            stages=() if snapshot is None else self._stages(snapshot),
            devices=tuple(_device(one) for one in devices),
            backend=backend,
            screen_s=(self._screen_s[-1], screen[int(0.95 * (len(screen) - 1))]) if screen else None,
            answer_s=snapshot.answers.p95_s if live and snapshot is not None and snapshot.answers.count else None,
            memory_bytes=self._memory_bytes(beside),
            threads=threading.active_count(),
        )

    def _memory_bytes(self, beside: int | None) -> int:
        """Of this process and the one beside it."""
        from psutil import Error, Process

        if self._process is None:
            self._process = Process()
        if beside is not None and (self._beside is None or self._beside.pid != beside):
            with suppress(Error):
                self._beside = Process(beside)
        total: int = self._process.memory_info().rss
        if beside is not None and self._beside is not None:
            with suppress(Error):  # it may just have ended
                total += self._beside.memory_info().rss
        return total

    def _stages(self, snapshot: Snapshot) -> tuple[StageHealth, ...]:
        now_s = time.monotonic()
        self._counts.append((now_s, {name: one.count for name, one in snapshot.latency.items()}))
        while len(self._counts) > 2 and now_s - self._counts[1][0] >= _RATE_OVER_S:
            self._counts.popleft()
        before_s, before = self._counts[0]
        span_s = now_s - before_s
        return tuple(
            StageHealth(
                name=name,
                rate_hz=(one.count - before.get(name, 0)) / span_s if span_s > 0 else 0.0,
                p50_s=one.p50_s,
                p95_s=one.p95_s,
                dropped=snapshot.dropped.get(name, 0),
                queued=snapshot.queued.get(name, (0, 0))[0],
                capacity=snapshot.queued.get(name, (0, 0))[1],
            )
            for name, one in snapshot.latency.items()
        )


def _device(state: DeviceState) -> DeviceHealth:
    return DeviceHealth(
        kind=state.kind,
        name=state.name,
        status=str(state.status),
        rate_hz=state.rate_hz,
        drift_ppm=state.drift_ppm,
        dropped=state.dropped,
        reconnects=state.reconnects,
        message=state.message,
    )
