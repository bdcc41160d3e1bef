"""The stage that joins the streams, where nothing is to be seen and heard for hours."""

from __future__ import annotations

from engine.config import SessionConfig
from engine.features.window import WindowBuilder
from engine.fusion_stage import FusionStage
from engine.stages import Report
from engine.timeline import Timeline
from tests.fakes import fake_components


def test_nothing_is_kept_of_hours_without_anybody() -> None:
    parts, config, timeline = fake_components(), SessionConfig().for_live(), Timeline()
    builder = WindowBuilder(config, parts.vectors, parts.face_dim)
    stage = FusionStage(builder, parts.predictor, timeline, config, inputs=["face", "hearing"])
    for count in range(1, 3001):
        for name in ("face", "hearing"):
            stage.process(Report(stage=name, until_s=count / 10, captured_s=count / 10))
    assert len(timeline.moments) > 800 and timeline.predictions == ()
    assert all(len(times) < 20 for times in stage._captured.values())
