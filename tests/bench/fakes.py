"""Stages that need nothing, to test what is around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bench.bench import BenchSettings
from engine.bench.rows import Bar, Row
from engine.bench.spread import Spread
from engine.errors import AssetError


@dataclass(frozen=True)
class FakeStage:
    """Gives one row of each kind; with ``failure`` it fails after the first."""

    name: str = "fake"
    about: str = "a fake"
    failure: str = ""

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Give them."""
        yield Row(
            what="a call",
            ours=Spread(wall_s=(0.001, 0.002), processor_s=(0.001, 0.001)),
            baseline=Spread(wall_s=(0.01, 0.02), processor_s=(0.01, 0.01)),
            against="the old way",
            bar=Bar(of="ratio", at_least=3),
            notes=("a note",),
        )
        if self.failure:
            raise AssetError(self.failure)
        yield Row(what="a share", unit="%", value=93.25, bar=Bar(of="value", at_least=95))
