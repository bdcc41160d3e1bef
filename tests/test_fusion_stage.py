"""The stage that joins the streams: hours without anybody, and models that are too slow."""

from __future__ import annotations

from engine.config import SessionConfig
from engine.features.window import WindowBuilder
from engine.fusion_stage import MOST_WAITING, FusionStage
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


def test_live_moments_are_passed_over_while_too_many_reports_wait() -> None:
    """The moments of a time in which the models were held up are not made up for, one by one."""
    waiting = [0]
    made = {}
    for live in (True, False):
        parts, timeline = fake_components(), Timeline()
        config = SessionConfig().for_live() if live else SessionConfig()
        builder = WindowBuilder(config, parts.vectors, parts.face_dim)
        stage = FusionStage(builder, parts.predictor, timeline, config, inputs=["face"], waiting=lambda: waiting[0])
        for count in range(1, 101):
            waiting[0] = MOST_WAITING + 1 if 30 < count <= 60 else MOST_WAITING
            stage.process(Report(stage="face", until_s=count / 10))
        made[live] = [t for t, _ in timeline.moments]
        assert stage.passed_over == (9 if live else 0)
    assert not [t for t in made[True] if 3.0 < t <= 6.0] and made[True][-1] > 9.7
    assert len(made[True]) == 30 - 9 and len(made[False]) == 20
