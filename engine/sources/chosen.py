"""From what a user asks for, "0", "built-in", "file:talk.mp4", to a device."""

from __future__ import annotations

from engine.clock import Clock
from engine.sources.camera import CameraOptions, OpenCvCamera
from engine.sources.device import Device, DeviceKind
from engine.sources.discovery import DEFAULT, Finder
from engine.sources.microphone import PortAudioMicrophone
from engine.sources.virtual import VirtualCamera, VirtualFile, VirtualMicrophone

_REPEATED = {"file:": False, "loop:": True}


def chosen_devices(
    camera: str | None, microphone: str | None, options: CameraOptions, clock: Clock
) -> tuple[Device | None, Device | None]:
    """Camera and microphone as `engine.sources.live.open_live` describes them, not opened yet.

    Raises
    ------
    SourceError : a named device is not there, or a file cannot be played.
    """
    files: dict[str, VirtualFile] = {}
    seeing: Device | None = None
    hearing: Device | None = None
    if camera is not None:
        file = _virtual(camera, files)
        if file is not None:
            seeing = VirtualCamera(file, clock)
        else:
            seeing = OpenCvCamera.found_by(_finder("camera", camera), options, clock)
    if microphone is not None:
        file = _virtual(microphone, files)
        if file is not None:
            hearing = VirtualMicrophone(file, clock)
        else:
            hearing = PortAudioMicrophone(_finder("microphone", microphone), clock)
    return seeing, hearing


def is_virtual(wanted: str) -> bool:
    """Whether a recording is to take the place of the device."""
    return wanted[:5].casefold() in _REPEATED


def _virtual(wanted: str, files: dict[str, VirtualFile]) -> VirtualFile | None:
    """The recording that is to take the place of a device; the same one for the same words."""
    if not is_virtual(wanted):
        return None
    if wanted not in files:
        files[wanted] = VirtualFile(wanted[5:], repeat=_REPEATED[wanted[:5].casefold()])
    return files[wanted]


def _finder(kind: DeviceKind, wanted: str) -> Finder:
    """A finder of the device. A wrong name is told at once; a missing library is told by the device's state."""
    finder = Finder(kind, wanted)
    if wanted != DEFAULT:
        finder.find_now()
    return finder
