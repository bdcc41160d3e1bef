"""What can be wrong with cameras, microphones and the system below them."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("messages", "default camera"),
    QT_TRANSLATE_NOOP("messages", "default microphone"),
    QT_TRANSLATE_NOOP("messages", "default camera and default microphone"),
    QT_TRANSLATE_NOOP("messages", "The recording in place of the devices has ended."),
    QT_TRANSLATE_NOOP("messages", "live capture needs a camera or a microphone: choose at least one"),
    QT_TRANSLATE_NOOP("messages", "there is no {kind}: {why}"),
    QT_TRANSLATE_NOOP("messages", "there is no {kind} {0}. There is: {1}"),
    QT_TRANSLATE_NOOP("messages", "several {kind}s fit {0}: {1}. Give more of the name"),
    QT_TRANSLATE_NOOP("messages", "{name} is not there: plug it in again"),
    QT_TRANSLATE_NOOP("messages", "{device} is not there: plug it in, and it starts by itself."),
    QT_TRANSLATE_NOOP("messages", "{device} ({0}) is not there: plug it in, and it starts by itself."),
    QT_TRANSLATE_NOOP("messages", "{device} is gone: plug it in again, and it goes on by itself."),
    QT_TRANSLATE_NOOP("messages", "{device} was unplugged: plug it in again, and it goes on by itself."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} has stopped sending pictures. It is opened again by itself; if it stays so, another program "
        "may have taken it, or it was unplugged.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} is frozen: no new picture for {0} s. It is opened again by itself; if it stays so, unplug it "
        "and plug it in again.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} delivers no sound any more. It is opened again by itself; if it stays so, check its plug and "
        "the sound settings of the system.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} does not answer. It is let go when its driver does; if the light stays on, unplug it or "
        "restart Attune.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} does not answer yet: close other programs that use it, or unplug it and plug it in again.",
    ),
    QT_TRANSLATE_NOOP("messages", "{device} failed: {why}. It is opened again by itself."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} cannot be opened: close other programs that use it, and allow access to the camera in {where}.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} ({0}) may not be used: join the group video with sudo usermod -aG video $USER, then log out "
        "and in again.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} ({0}) cannot be opened: close other programs that use it; Attune tries again by itself.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} may not be used: allow access to the microphone in the privacy settings of the system (on "
        "Linux, join the group audio).",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} cannot be opened ({0}): close other programs that use it; Attune tries again by itself.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{device} cannot be opened: {0}. Attune tries again by itself, or choose another one.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "cameras need the library libGL. Install libgl1: sudo apt install libgl1 (Fedora: libglvnd-glx).",
    ),
    QT_TRANSLATE_NOOP("messages", "OpenCV misses a system library ({0}): install the package that has it."),
    QT_TRANSLATE_NOOP("messages", "cameras need the package opencv-python: pip install opencv-python."),
    QT_TRANSLATE_NOOP("messages", "listing cameras needs the package av: pip install av"),
    QT_TRANSLATE_NOOP("messages", "sound devices need the package sounddevice: pip install sounddevice"),
    QT_TRANSLATE_NOOP("messages", "sound devices need the library PortAudio. {why}"),
    QT_TRANSLATE_NOOP(
        "messages",
        "Install libportaudio2: sudo apt install libportaudio2 (Fedora: sudo dnf install portaudio).",
    ),
    QT_TRANSLATE_NOOP("messages", "Install it: brew install portaudio."),
    QT_TRANSLATE_NOOP(
        "messages",
        "Install sounddevice again, which brings it: pip install --force-reinstall sounddevice.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the sound system does not start ({0}). Check that its sound server runs, or restart the computer; Attune "
        "tries again by itself.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the sound system does not answer: unplug the sound device that hangs, or restart Attune",
    ),
    QT_TRANSLATE_NOOP("messages", "{name} stopped and came back {times}."),
    QT_TRANSLATE_NOOP("messages", "{0} pictures of {name} were lost."),
    QT_TRANSLATE_NOOP("messages", "{0} blocks of sound of {name} were lost."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} has no {stream} for a virtual {kind}: choose another recording, or use it as {other}.",
    ),
)
