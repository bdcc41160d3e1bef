"""Which cameras, microphones and speakers there are, and which one somebody means."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from engine.errors import SourceError
from engine.sources import portaudio
from engine.sources.device import DeviceFailure, DeviceInfo, DeviceKind, DeviceStatus

DEFAULT = "default"

_CONNECT = {
    "camera": "connect one; it is found by itself",
    "microphone": "connect one, or start the sound server; it is found by itself",
    "speaker": "connect one, or start the sound server",
}


def list_cameras() -> tuple[DeviceInfo, ...]:
    """Cameras by index, the first one the default; no camera is opened for it.

    Raises
    ------
    SourceError : PyAV, which lists them outside of Linux, is missing.
    """
    if sys.platform.startswith("linux"):
        return linux_cameras(Path("/sys/class/video4linux"), Path("/dev"))
    return _libav_cameras("avfoundation" if sys.platform == "darwin" else "dshow")


def list_microphones(*, again: bool = False) -> tuple[DeviceInfo, ...]:
    """Devices that record sound. ``again`` looks for them anew in any case (never while a stream is open).

    Raises
    ------
    SourceError : PortAudio is missing; the message names the package.
    """
    return _sound_devices("microphone", "max_input_channels", 0, again)


def list_speakers(*, again: bool = False) -> tuple[DeviceInfo, ...]:
    """Devices that play sound. ``again`` as in `list_microphones`.

    Raises
    ------
    SourceError : PortAudio is missing; the message names the package.
    """
    return _sound_devices("speaker", "max_output_channels", 1, again)


def list_devices(kind: DeviceKind, *, again: bool = False) -> tuple[DeviceInfo, ...]:
    """Devices of one kind.

    Raises
    ------
    SourceError : as the functions above.
    """
    if kind == "camera":
        return list_cameras()
    return list_microphones(again=again) if kind == "microphone" else list_speakers(again=again)


def resolve(kind: DeviceKind, wanted: str) -> DeviceInfo:
    """Find the device that is meant.

    Parameters
    ----------
    kind : camera, microphone or speaker.
    wanted : "default", a number, a name or a part of a name, in upper or lower case.

    Raises
    ------
    SourceError : there is none, or several fit; the message lists what there is.
    """
    return choose(kind, wanted, list_devices(kind))


def choose(kind: DeviceKind, wanted: str, found: tuple[DeviceInfo, ...]) -> DeviceInfo:
    """As `resolve`, among the devices ``found``."""
    if not found:
        raise DeviceFailure(DeviceStatus.MISSING, f"there is no {kind}: {_CONNECT[kind]}")
    if wanted == DEFAULT:
        return next((one for one in found if one.default), found[0])
    name = wanted.strip().casefold()
    for fits in (
        [one for one in found if str(one.index) == name],
        [one for one in found if one.name.casefold() == name],
        [one for one in found if name and name in one.name.casefold()],
    ):
        if fits:
            return _the_one(kind, wanted, fits)
    there_is = ", ".join(f"{one.index} ({one.name})" for one in found)
    raise DeviceFailure(DeviceStatus.MISSING, f"there is no {kind} {wanted!r}. There is: {there_is}")


class Finder:
    """Finds the chosen device again after it was gone: by its name, since numbers change.

    Parameters
    ----------
    kind, wanted : as for `resolve`. The default device may be another one each time.
    """

    def __init__(self, kind: DeviceKind, wanted: str) -> None:
        self.kind = kind
        self.wanted = wanted
        self._known: DeviceInfo | None = None
        self._tried = False

    @property
    def name(self) -> str:
        """What to call it: its name where it has been found, else what was asked for."""
        if self._known is not None:
            return self._known.name
        return f"{self.kind} {self.wanted}" if self.wanted != DEFAULT else f"default {self.kind}"

    def find_now(self) -> None:
        """Look for it before it is needed, to tell a misspelt name at once.

        Raises
        ------
        SourceError : no device of that name or number is there. (A missing library is no reason: `find` tells it.)
        """
        try:
            found = list_devices(self.kind)
        except SourceError:
            return
        self._known = choose(self.kind, self.wanted, found)

    def find(self) -> DeviceInfo:
        """Look for it now.

        Raises
        ------
        DeviceFailure : it is not there, or its system library is missing.
        """
        again, self._tried = self._tried, True
        try:
            found = list_devices(self.kind, again=again)
        except DeviceFailure:
            raise
        except SourceError as error:
            raise DeviceFailure(DeviceStatus.MISSING, str(error)) from error
        known = self._known
        if known is not None and self.wanted != DEFAULT:
            same = [one for one in found if one.name == known.name]
            if not same:
                raise DeviceFailure(DeviceStatus.MISSING, f"{known.name} is not there: plug it in again")
            self._known = next((one for one in same if one.index == known.index), same[0])
        else:
            self._known = choose(self.kind, self.wanted, found)
        return self._known


def linux_cameras(sysfs: Path, dev: Path) -> tuple[DeviceInfo, ...]:
    """Cameras that the kernel lists below ``sysfs`` (/sys/class/video4linux) and that have a file in ``dev``."""
    found = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        if not number.isdecimal() or not (dev / node.name).exists() or _read(node / "index") not in ("", "0"):
            continue  # a second node of the same camera carries its metadata, not pictures
        name = _read(node / "name") or node.name
        found.append((int(number), name, str(dev / node.name)))
    found.sort()
    return tuple(
        DeviceInfo(kind="camera", index=index, name=name, detail=detail, default=index == found[0][0])
        for index, name, detail in found
    )


def _libav_cameras(api: str) -> tuple[DeviceInfo, ...]:
    """Cameras by libav, in the order in which OpenCV counts those of the same interface."""
    try:
        import av.device
    except ImportError as error:
        raise SourceError("listing cameras needs the package av: pip install av") from error
    try:
        listed = [one for one in av.device.enumerate_input_devices(api) if "video" in one.media_types]
    except (ValueError, OSError, av.FFmpegError):
        return ()
    return tuple(
        DeviceInfo(kind="camera", index=index, name=one.description or one.name, default=index == 0)
        for index, one in enumerate(listed)
    )


def _sound_devices(kind: DeviceKind, channels: str, side: int, again: bool) -> tuple[DeviceInfo, ...]:
    every, apis, default = portaudio.devices(again=again)
    best = _best_api(apis)
    found = []
    for index, one in enumerate(every):
        if one[channels] < 1 or (best is not None and one["hostapi"] != best):
            continue
        api = apis[one["hostapi"]]["name"]
        count = "1 channel" if one[channels] == 1 else f"{one[channels]} channels"
        detail = f"{api}, {count}, {one['default_samplerate']:.0f} Hz"
        usual = default[side] if best is None else _default_of(apis[best], side)
        found.append(DeviceInfo(kind=kind, index=index, name=one["name"], detail=detail, default=index == usual))
    return tuple(found)


def _best_api(apis: list[dict[str, Any]]) -> int | None:
    """Windows lists each device under four interfaces; of those, WASAPI gives whole names and good times."""
    if os.name != "nt":
        return None
    return next((index for index, one in enumerate(apis) if "WASAPI" in one["name"] and one["devices"]), None)


def _default_of(api: dict[str, Any], side: int) -> int:
    return int(api["default_input_device" if side == 0 else "default_output_device"])


def _the_one(kind: DeviceKind, wanted: str, fits: list[DeviceInfo]) -> DeviceInfo:
    if len(fits) == 1 or len({one.name for one in fits}) == 1:
        return fits[0]
    several = ", ".join(f"{one.index} ({one.name})" for one in fits)
    raise DeviceFailure(DeviceStatus.MISSING, f"several {kind}s fit {wanted!r}: {several}. Give more of the name")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
