"""The stages that can be measured without a window."""

from __future__ import annotations

from engine.bench import encoder, face, fusion, hearing, live, mfcc, pipeline, words
from engine.bench.bench import Stage

STAGES: tuple[Stage, ...] = tuple(
    module.STAGE for module in (fusion, mfcc, hearing, face, encoder, words, pipeline, live)
)
"""In the order in which they are measured."""
