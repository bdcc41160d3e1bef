"""The one door to PortAudio: it is missing on some systems, is not made for threads, and lists devices only once.

PortAudio looks for devices when it is initialised and never again. To see what has come or gone it
has to be shut down, which would end every stream of the process. So all streams, also those of
playback, are opened and closed here, where they are counted: devices are looked for anew only
while no stream is open, and only when something seems to have changed.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import SourceError

_LOCKED_S = 3.0
_RESCAN_S = 2.0
_RETRY_IMPORT_S = 60.0
"""Each import of sounddevice that fails leaves a whole module behind: it must not be tried at every look."""

_lock = threading.RLock()
_streams: set[int] = set()
_scanned: tuple[Any, float] | None = None
_refused: tuple[Any, float, str] | None = None


def load() -> Any:
    """Import sounddevice.

    Raises
    ------
    SourceError : it or the library PortAudio is not installed; the message names the package. Or PortAudio, which is
        started by the import, does not start.
    """
    global _refused
    if _refused is not None and _refused[0] == _marks() and time.monotonic() - _refused[1] < _RETRY_IMPORT_S:
        raise SourceError(_refused[2])
    try:
        import sounddevice
    except ImportError as error:
        raise SourceError("sound devices need the package sounddevice: pip install sounddevice") from error
    except OSError as error:
        raise SourceError(f"sound devices need the library PortAudio. {how_to_install()}") from error
    except Exception as error:  # PortAudioError, whose class cannot be named before there is its module
        _refused = (_marks(), time.monotonic(), _not_started(error))
        raise SourceError(_refused[2]) from error
    _refused = None
    return sounddevice


def how_to_install() -> str:
    """What to do where PortAudio is missing."""
    if sys.platform.startswith("linux"):
        return "Install libportaudio2: sudo apt install libportaudio2 (Fedora: sudo dnf install portaudio)."
    if sys.platform == "darwin":
        return "Install it: brew install portaudio."
    return "Install sounddevice again, which brings it: pip install --force-reinstall sounddevice."


def open_stream(make: Callable[[Any], Any]) -> Any:
    """Open a stream: ``make`` gets the module sounddevice and returns it. Close it with `close_stream`.

    Raises
    ------
    SourceError : as `load`, or PortAudio is held up by another device.
    sounddevice.PortAudioError : as ``make`` raised it.
    """
    with _alone():
        stream = make(load())
        _streams.add(id(stream))
        return stream


def close_stream(stream: Any) -> None:
    """Stop and close a stream; closing again is harmless."""
    with _alone():
        if id(stream) in _streams:
            try:
                stream.close(ignore_errors=True)
            finally:
                _streams.discard(id(stream))


def devices(*, again: bool = False) -> tuple[list[dict[str, Any]], list[dict[str, Any]], tuple[int, int]]:
    """Devices, host APIs and the default input and output, all as sounddevice describes them.

    Parameters
    ----------
    again : look for devices anew even where nothing seems to have changed.

    Raises
    ------
    SourceError : as `load`, or PortAudio does not start again.
    """
    with _alone():
        sounddevice = load()
        try:
            _look_anew(sounddevice, again)
            default = sounddevice.default.device
            ends = (int(default[0]), int(default[1]))
            return list(sounddevice.query_devices()), list(sounddevice.query_hostapis()), ends
        except sounddevice.PortAudioError as error:
            raise SourceError(_not_started(error)) from error


def _look_anew(sounddevice: Any, again: bool) -> None:
    global _scanned
    if _streams:
        return
    marks, now_s = _marks(), time.monotonic()
    if _scanned is None:
        changed = True
    else:
        changed = marks != _scanned[0] if marks is not None else now_s - _scanned[1] >= _RESCAN_S
    if changed or again:
        _scanned = None  # should it not start now, the next look has to try it again
        if sounddevice._initialized:
            sounddevice._terminate()
        sounddevice._initialize()
        _scanned = (marks, now_s)


def _not_started(error: Exception) -> str:
    return (
        f"the sound system does not start ({error}). Check that its sound server runs, or restart the computer; "
        "Attune tries again by itself."
    )


def _marks() -> Any:
    """What changes on Linux when sound devices come or go; None elsewhere, where looking anew is quick."""
    if not sys.platform.startswith("linux"):
        return None
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}"))
    found: list[Any] = []
    for path in (runtime / "pulse" / "native", runtime / "pipewire-0"):
        try:
            found.append(path.stat().st_ino)
        except OSError:
            found.append(None)
    try:
        found.append(Path("/proc/asound/cards").read_text(encoding="utf-8", errors="replace"))
        found += sorted(os.listdir("/dev/snd"))
    except OSError:
        pass
    return tuple(found)


@contextmanager
def _alone() -> Iterator[None]:
    if not _lock.acquire(timeout=_LOCKED_S):
        raise SourceError("the sound system does not answer: unplug the sound device that hangs, or restart Attune")
    try:
        yield
    finally:
        _lock.release()
