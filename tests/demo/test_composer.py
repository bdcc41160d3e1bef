"""What the window is told of a moment: whether an answer holds, and for how long maps of elsewhere stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.composer import Composer
from demo.recording import Recording
from demo.session_show import SessionShow
from demo.shown import Shown, Transport
from engine.config import Fusion, Modality, SessionConfig
from engine.timeline import Timeline
from engine.types import Outcome, UtteranceWindow
from tests.fakes import FakeSource, fake_components, recording, sound
from tests.saved.saving import SmoothPredictor, pictures_of, save_session
from tests.test_timeline import predict


class Stopped:
    """Devices from which nothing comes any more."""

    kind, has_video, has_audio = "live", True, True

    def __init__(self) -> None:
        self.timeline, self.recall = Timeline(), None

    def transport(self) -> Transport:
        return Transport(position_s=60.0, playing=True)

    def run_at(self, position_s: float) -> Stopped:
        return self

    def frame(self) -> None:
        return None

    def stale(self) -> bool:
        return True

    def muted_at(self, moment_s: float, muted: frozenset[Modality]) -> frozenset[Modality]:
        return muted

    def recording(self) -> Recording:
        return Recording()


class Held(SmoothPredictor):
    """Answers only while it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.may.set()

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        assert self.may.wait(30)
        return super().predict(window)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session of 9 s."""
    path = tmp_path_factory.mktemp("composed") / "monday"
    pictures = pictures_of([0.5 + 0.3 * np.sin(k / 7) for k in range(9 * 20)])
    items = sorted([*recording(sound(9, [(1.0, 8.0)])), *pictures], key=lambda one: one.pts_s)
    save_session(path, source=FakeSource(items), components=fake_components(predictor=SmoothPredictor()))
    return path


def until(composer: Composer, show: Any, wanted: Callable[[Shown], bool]) -> Shown:
    """Compose as the bridge does until something is shown."""
    look = threading.Event()
    for _ in range(2000):
        shown = composer.compose(show, frozenset(), with_health=False)
        if wanted(shown):
            return shown
        look.wait(0.01)
    raise AssertionError(f"it was not shown: {shown!r:.1500}")


def test_only_where_there_was_an_answer_it_is_the_last_one() -> None:
    composer, show = Composer(SessionConfig()), Stopped()

    def certainty() -> str:
        return composer.refresh(Shown(), show, frozenset()).emotion.certainty  # type: ignore[arg-type]

    assert certainty() == "waiting"
    show.timeline.add(0.5, None)
    assert certainty() == "nothing"
    show.timeline.add(1.0, predict(1.0))
    assert certainty() == "stale"


def test_an_answer_does_not_hold_where_a_recording_is_damaged(session: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    path.mkdir()
    (path / "session.json").write_bytes((session / "session.json").read_bytes())
    journal = (session / "journal.msgpack").read_bytes()
    (path / "journal.msgpack").write_bytes(journal[: len(journal) // 2])
    show, composer = SessionShow.open(path, speaker=None, volume=0.0), Composer(SessionConfig())
    try:
        components = fake_components(predictor=SmoothPredictor())
        composer.use(components)
        composer.expect(show.settings(SessionConfig()))
        show.analyse(components, SessionConfig())
        last_s, prediction = show.session.timeline.newest()
        assert last_s is not None and prediction is not None and last_s < 6.0
        show.playback.seek(last_s + 0.4)
        before = until(composer, show, lambda shown: shown.attention.pts_s == last_s)
        assert before.emotion.certainty == "current" and before.emotion.probabilities
        show.playback.seek(last_s + 2.5)
        after = composer.compose(show, frozenset(), with_health=False)
        assert after.emotion.certainty == "nothing" and after.attention.pts_s is None
        assert not after.emotion.probabilities and not after.emotion.present
    finally:
        composer.close()
        show.close()


def test_maps_stay_for_a_moment_until_those_of_the_new_position_are_there(session: Path) -> None:
    clock, predictor = [100.0], Held()
    show = SessionShow.open(session, speaker=None, volume=0.0)
    composer = Composer(SessionConfig(), now_s=lambda: clock[0])
    composer.watch_origin = False
    try:
        components = fake_components(predictor=predictor)
        composer.use(components)
        composer.expect(show.settings(SessionConfig()))
        show.analyse(components, SessionConfig())
        show.playback.seek(6.0)
        before = until(composer, show, lambda shown: shown.attention.pts_s == shown.emotion.pts_s)
        predictor.may.clear()
        show.playback.seek(2.0)
        kept = composer.compose(show, frozenset(), with_health=False)
        assert 1.0 < kept.emotion.pts_s <= 2.0 and kept.emotion.certainty == "current"
        assert kept.attention is before.attention
        clock[0] += 1.0
        assert composer.compose(show, frozenset(), with_health=False).attention.pts_s is None
        predictor.may.set()
        until(composer, show, lambda shown: shown.attention.pts_s == kept.emotion.pts_s)
    finally:
        predictor.may.set()
        composer.close()
        show.close()
