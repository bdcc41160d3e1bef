"""On what a session was recorded, beside what runs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.machine import this_machine, versions
from engine.version import __version__

if TYPE_CHECKING:
    from engine.components import Components
    from engine.saved.session import SavedSession

_DECIDING = ("attune", "onnxruntime", "torch", "numpy")
"""Software whose version may change a bit of a result."""


def circumstances(session: SavedSession, components: Components | None) -> list[str]:
    """What may change the last bits of a prediction, and is not as it was: sentences."""
    about, found = session.about, []
    device = "cpu" if components is None else str(components.predictor.info.get("device", "cpu"))
    here = this_machine(device)
    for name, then, now in (
        ("processor", about.machine.get("processor"), here.processor),
        ("graphics processor", tuple(about.machine.get("graphics") or ()), here.graphics),
    ):
        if then is not None and then != now:
            found.append(f"It was recorded on another {name}: {_text(then)} then, {_text(now)} now.")
    installed = {"attune": __version__, **versions(_DECIDING[1:])}
    for name in _DECIDING:
        was = about.versions.get(name)
        if was is not None and was != installed.get(name):
            found.append(f"It was recorded with {name} {was}; now it is {installed.get(name, 'not there')}.")
    if components is not None:
        for name in ("backend", "device", "precision"):
            was, runs = about.models.get(name), components.predictor.info.get(name)
            if was != runs:
                found.append(f"The models ran with {name} {was}; now it is {runs}.")
    return found


def _text(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)
