"""Whether a window can open, found out before Qt is loaded: where it cannot, Qt would end the process."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

NO_DISPLAY = "no display: showing it in the terminal"

_EVERYWHERE = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}
"""Libraries that Qt's plug-ins need, and the packages of Debian and Ubuntu that hold them."""

_SCREENLESS = {"offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs", "vkkhrdisplay"}
"""Qt platforms that need no display server."""

_CONNECT_S = 2.0


def why_no_window(
    environment: Mapping[str, str] = os.environ,
    *,
    system: str = sys.platform,
    load: Callable[[str], object] = ctypes.CDLL,
    answers: Callable[[str, Mapping[str, str]], bool] | None = None,
    plugins: Path | None = None,
) -> str | None:
    """One line that says why no window can open, None where one can. Imports neither Qt nor anything heavy.

    Parameters
    ----------
    environment : variables of the process
    system : as ``sys.platform`` names it; there is nothing to check but on Linux
    load : loads a shared library, raises OSError where it cannot
    answers : whether the "wayland" or "x11" display of these variables lets a program in
    plugins : folder of Qt's platform plug-ins, by default that of PySide6
    """
    if find_spec("PySide6") is None:
        return "the window needs PySide6 (pip install PySide6-Essentials): showing it in the terminal"
    if not system.startswith("linux"):
        return None
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen in _SCREENLESS:
        return _why_not_loaded(_EVERYWHERE, f"libq{chosen}.so", load, plugins)
    displays = [one for one in ("wayland", "x11") if environment.get(_VARIABLES[one])]
    if not displays:
        return NO_DISPLAY
    reached = [one for one in displays if (answers or _answers)(one, environment)]
    if not reached:
        named = " and ".join(f"{_VARIABLES[one]}={environment[_VARIABLES[one]]}" for one in displays)
        return f"the display ({named}) lets no window in: showing it in the terminal"
    reasons = []
    for one in reached:
        needed, plugin = (_X11, "libqxcb.so") if one == "x11" else (_WAYLAND, "libqwayland.so")
        reason = _why_not_loaded(_EVERYWHERE | needed, plugin, load, plugins)
        if reason is None:
            return None
        reasons.append(reason)
    return reasons[-1]


_VARIABLES = {"wayland": "WAYLAND_DISPLAY", "x11": "DISPLAY"}


def _why_not_loaded(
    needed: Mapping[str, str], plugin: str, load: Callable[[str], object], plugins: Path | None
) -> str | None:
    """What Qt's plug-in lacks: first by the list, then by loading it, since other versions may need other libraries."""
    packages = [package for library, package in needed.items() if _failure(load, library)]
    if packages:
        names = " ".join(packages)
        return f"Qt needs system libraries that are missing: apt install {names}. Showing it in the terminal"
    folder = plugins or _plugin_folder()
    if folder is None or not (folder / plugin).is_file():
        return None  # Qt of the distribution, whose packages bring what they need
    failure = _failure(load, str(folder / plugin))
    return f"Qt cannot open a window ({failure}): showing it in the terminal" if failure else None


def _failure(load: Callable[[str], object], library: str) -> str | None:
    try:
        load(library)
    except OSError as error:
        return str(error) or library
    return None


def _plugin_folder() -> Path | None:
    spec = find_spec("PySide6")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "Qt", "plugins", "platforms")
        if path.is_dir():
            return path
    return None


def _answers(kind: str, environment: Mapping[str, str]) -> bool:
    """Whether the display server lets this process in."""
    if kind == "wayland":
        name = environment[_VARIABLES[kind]]
        return _connects(socket.AF_UNIX, str(Path(environment.get("XDG_RUNTIME_DIR", "/"), name)))
    host, _, rest = environment[_VARIABLES[kind]].rpartition(":")
    number = rest.split(".")[0]
    if host not in {"", "unix"} and number.isdigit() and not _connects(socket.AF_INET, (host, 6000 + int(number))):
        return False  # asked first, because the real connection below may wait for minutes
    return _lets_in(environment[_VARIABLES[kind]])


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        if family == socket.AF_INET:
            socket.create_connection(address, _CONNECT_S).close()  # type: ignore[arg-type]
            return True
        with socket.socket(socket.AddressFamily(family), socket.SOCK_STREAM) as end:
            end.settimeout(_CONNECT_S)
            end.connect(address)
            return True
    except OSError:
        return False


def _lets_in(display: str) -> bool:
    """Connect as Qt will, with the user's authority file; True also where there is nothing to ask with."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # what is missing is said by the check of the libraries
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused
