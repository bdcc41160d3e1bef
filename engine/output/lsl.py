"""Messages as two streams of the Lab Streaming Layer: probabilities, and what happened as text.

LSL is how laboratories record several instruments at once. Its streams can be found and read by every machine of the
local network: that is what it is for. Samples carry the time of their capture on LSL's clock.
"""

from __future__ import annotations

import importlib
import math
import os
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.errors import OutputError
from engine.output.lane import ROOM, Lane
from engine.output.message import Message
from engine.output.schema import lost, to_line

if TYPE_CHECKING:
    from types import ModuleType

NAME = "Attune"
_AT = {"utterance_start": "at_s", "utterance_end": "at_s", "annotation": "start_s"}
"""Where a message is about another time than its own."""

_OWN_SETTINGS = ("lsl_api.cfg", "~/lsl_api/lsl_api.cfg", "/etc/lsl_api/lsl_api.cfg")
"""Where liblsl looks for what a laboratory has set."""

_UNTOLD = ("prediction", "nothing")


class LabStreams:
    """Opens an outlet of probabilities when a session begins, and one for what happens.

    Parameters
    ----------
    name : of the streams; the second one is called NAME events.
    room : how many messages may wait.

    Raises
    ------
    OutputError : pylsl is not installed, or does not find its library.
    """

    def __init__(self, name: str = NAME, *, room: int = ROOM) -> None:
        self._name = name
        self._lsl = _library()
        self._layout: tuple[object, ...] = ()
        self._channels: list[tuple[str | None, str]] = []
        self._probabilities: Any = None
        self._events: Any = None
        self._lane = Lane("lsl", self._write, self._sentence, room=room)

    @property
    def where(self) -> str:
        """The names of the streams."""
        return (
            f"Lab Streaming Layer: the streams {self._name!r} and '{self._name} events' can be read in this local "
            "network, also by other machines"
        )

    @property
    def problem(self) -> str | None:
        """Why nothing is sent any more."""
        return self._lane.problem

    def offer(self, message: Message) -> None:
        """Let a message be sent."""
        self._lane.offer(message)

    def close(self, timeout_s: float) -> None:
        """Send what waits, and end the streams; again is harmless."""
        self._lane.close(timeout_s)
        self._probabilities = self._events = None  # an outlet ends with its object

    def _write(self, message: Message, missed: int) -> None:
        if message.type == "hello":
            self._open(message)
        if self._events is None:
            return
        if missed:
            self._tell(lost(missed), message, message.data["t_s"])
        if message.type in _UNTOLD:
            self._push(message)
        elif message.type != "words":
            self._tell(message.data, message, message.data[_AT.get(message.type, "t_s")])
        elif message.data["final"]:
            for word in message.data["words"]:
                told = {"type": "word", "utterance": message.data["utterance"], **word}
                self._tell(told, message, word["start_s"])

    def _push(self, message: Message) -> None:
        """A row of probabilities; of figures that are none where there was nothing to predict from."""
        data = message.data
        none: dict[str, float] = {}
        shares = {None: data.get("probabilities", none), **data.get("fusions", none)}
        row = [float(shares.get(fusion, none).get(label, math.nan)) for fusion, label in self._channels]
        self._probabilities.push_sample(row, self._stamp(message.instant_s))

    def _tell(self, told: dict[str, Any], message: Message, media_s: float) -> None:
        self._events.push_sample([to_line(told)], self._stamp(message.instant_of(media_s)))

    def _stamp(self, instant_s: float) -> float:
        """An instant of ``time.monotonic()`` on LSL's clock."""
        return float(self._lsl.local_clock()) - (time.monotonic() - instant_s)

    def _open(self, message: Message) -> None:
        """Open the outlets for a session; those of one with the same layout go on."""
        hello = message.data
        rate_hz = 1 / hello["step_s"] if hello["live"] else 0.0  # a recording can be held and wound
        layout = (tuple(hello["labels"]), tuple(hello["fusions"]), rate_hz)
        if layout == self._layout:
            return
        self._probabilities = self._events = None  # first, so that their names are free
        self._layout = layout
        self._channels = [(fusion, label) for fusion in (None, *hello["fusions"]) for label in hello["labels"]]
        info = self._info(self._name, "Emotion", len(self._channels), rate_hz, "float32", hello)
        channels = info.desc().append_child("channels")
        for fusion, label in self._channels:
            channel = channels.append_child("channel")
            channel.append_child_value("label", label if fusion is None else f"{fusion} {label}")
            channel.append_child_value("unit", "probability")
            channel.append_child_value("type", "mean" if fusion is None else fusion)
        self._probabilities = self._lsl.StreamOutlet(info)
        self._events = self._lsl.StreamOutlet(self._info(f"{self._name} events", "Markers", 1, 0.0, "string", hello))

    def _info(self, name: str, kind: str, channels: int, rate_hz: float, form: str, hello: dict[str, Any]) -> Any:
        # With the same source id as before, a reader goes on by itself after a new start.
        info = self._lsl.StreamInfo(name, kind, channels, rate_hz, form, f"attune {socket.gethostname()} {name}")
        about = info.desc()
        about.append_child_value("manufacturer", str(hello["program"]))
        about.append_child_value("schema", f"{hello['schema']} {hello['version']}")
        return info

    def _sentence(self, error: Exception) -> str:
        return f"Nothing is sent over the Lab Streaming Layer any more: {type(error).__name__}: {error}"


def _library() -> ModuleType:
    try:
        found = importlib.import_module("pylsl")
    except ImportError:
        raise OutputError("the Lab Streaming Layer needs the package pylsl: pip install 'attune[lsl]'") from None
    except (RuntimeError, OSError) as error:  # pylsl is there, the library that it calls is not
        raise OutputError(
            "pylsl does not find the library liblsl: install it from github.com/sccn/liblsl/releases, or with "
            "'conda install -c conda-forge liblsl'"
        ) from error
    if not any(os.path.exists(os.path.expanduser(one)) for one in _OWN_SETTINGS) and "LSLAPICFG" not in os.environ:
        with suppress(NotImplementedError, AttributeError):  # an older one, which cannot be told
            found.set_config_content("[log]\nlevel = -2\n")  # errors alone: it would print into the terminal's view
    return found
