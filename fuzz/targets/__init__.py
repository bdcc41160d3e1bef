"""Every kind of file that is fuzzed."""

from __future__ import annotations

from fuzz.target import Target
from fuzz.targets.checkpoints import CHECKPOINTS, FACE_ENCODERS
from fuzz.targets.media import TARGET as MEDIA
from fuzz.targets.sessions import TARGET as SESSIONS
from fuzz.targets.sockets import TARGET as SOCKETS
from fuzz.targets.tables import ANNOTATIONS, EXPERIMENTS, FOLDS, MANIFESTS, PLANS, RESULTS, SETTINGS
from fuzz.targets.vectors import CACHE, VECTORS

TARGETS: dict[str, Target] = {
    one.name: one
    for one in (
        MEDIA,
        SESSIONS,
        SOCKETS,
        CHECKPOINTS,
        FACE_ENCODERS,
        MANIFESTS,
        ANNOTATIONS,
        SETTINGS,
        VECTORS,
        CACHE,
        PLANS,
        EXPERIMENTS,
        RESULTS,
        FOLDS,
    )
}
