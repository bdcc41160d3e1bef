"""What a session that is recorded says of itself at its beginning."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.config import SessionConfig
from engine.machine import this_machine, versions
from engine.saved.about import SessionAbout
from engine.saved.standing import device_rows
from engine.version import __version__

if TYPE_CHECKING:
    from engine.components import Components
    from engine.sources.live import LiveSource

_PACKAGES = ("onnxruntime", "torch", "numpy", "scipy", "soxr", "av", "ctranslate2", "vosk", "silero-vad")


def describe(source: LiveSource, components: Components, config: SessionConfig) -> SessionAbout:
    """Describe a session over live devices; see `beginning`. Takes some tenths of a second the first time."""
    encoder, recognizer = components.face_encoder, components.recognizer
    device = str(components.predictor.info.get("device", "cpu"))
    return SessionAbout(
        began_at="",
        settings=asdict(config),
        models=dict(components.predictor.info),
        face_encoder=None if encoder is None else encoder.name,
        face_dim=components.face_dim,
        vectors=components.vectors.name,
        vectors_dim=components.vectors.dim,
        recognizer=None if recognizer is None else recognizer.name,
        devices=device_rows(source.states),
        versions={"attune": __version__, **versions(_PACKAGES)},
        machine=asdict(this_machine(device)),
    )


def beginning(about: SessionAbout, from_s: float) -> SessionAbout:
    """The description of a recording that begins now, at media time ``from_s``."""
    return replace(about, began_at=datetime.now(UTC).isoformat(timespec="milliseconds"), from_s=from_s)
