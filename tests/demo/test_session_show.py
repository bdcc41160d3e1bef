"""A recorded session in the window: played with what was recorded, explained by the models, with or without media."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.composer import Composer
from demo.session_show import SessionShow
from demo.shown import Shown
from engine.components import Components
from engine.errors import DataError
from engine.types import Prediction
from tests.fakes import FakeSource, fake_components, recording, sound
from tests.saved.saving import SmoothPredictor, pictures_of, save_session

VIDEO = frozenset({"video"})
Made = list[tuple[float, Prediction | None]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A session of 9 s with a medium, recorded from 2 s on; from 6 s on it did without the face."""
    path = tmp_path_factory.mktemp("recorded") / "monday"
    pictures = pictures_of([0.5 + 0.3 * np.sin(k / 7) for k in range(9 * 20)])
    items = sorted([*recording(sound(9, [(1.0, 8.0)])), *pictures], key=lambda one: one.pts_s)
    made = save_session(
        path,
        source=FakeSource(items),
        components=smooth(),
        medium=True,
        from_s=2.0,
        mutes={6.0: VIDEO},  # type: ignore[dict-item]
    )
    return path, made


def smooth() -> Components:
    return fake_components(predictor=SmoothPredictor())


@pytest.fixture
def show(recorded: tuple[Path, Made]) -> Iterator[SessionShow]:
    show = SessionShow.open(recorded[0], speaker=None, volume=0.0)
    yield show
    show.close()
    assert not [one.name for one in threading.enumerate() if one.name in ("attune-muting", "playback-sound")]


def composed(show: SessionShow, until: Callable[[Shown], Any], muted: frozenset[Any] = frozenset()) -> Shown:
    """Compose as the bridge does until something is shown."""
    components = smooth()
    composer, look = Composer(show.session.config), threading.Event()
    composer.use(components)
    composer.expect(show.settings(show.session.config))
    show.mute(muted)
    show.analyse(components, show.session.config)
    try:
        for _ in range(2000):
            shown = composer.compose(show, muted, with_health=True)
            if until(shown):
                return shown
            look.wait(0.01)
    finally:
        composer.close()
    raise AssertionError(f"it was not shown: {shown!r:.1500}")


def test_any_moment_shows_everything(show: SessionShow, recorded: tuple[Path, Made]) -> None:
    show.playback.seek(5.0)
    shown = composed(
        show,
        lambda shown: (
            shown.attention.pts_s == shown.emotion.pts_s == shown.origin.pts_s
            and shown.picture.frame is not None
            and shown.picture.frame.pts_s > 4.9
        ),
    )
    assert (shown.kind, shown.title, shown.transport.position_s) == ("file", "monday", 5.0)
    assert shown.picture.frame is not None and 4.93 < shown.picture.frame.pts_s <= 5.0
    assert shown.picture.box == (1.0, 1.0, 7.0, 7.0) and shown.picture.crops
    assert shown.emotion.certainty == "current" and shown.emotion.present == ("audio", "video", "text")
    live = next(one for t, one in recorded[1] if t == shown.emotion.pts_s)
    assert live is not None
    assert shown.emotion.probabilities["self"].tobytes() == live.outcomes["self"].probabilities.tobytes()
    assert shown.words.utterances[0].words and len(shown.voice.mfcc) > 200 and len(shown.voice.activity)
    assert len(shown.history.times_s) == len(recorded[1]) and shown.history.covered[-1][1] == show.session.until_s
    assert shown.origin.shares and not shown.troubles[1:]


def test_what_was_muted_when_it_was_recorded_stays_so(show: SessionShow) -> None:
    show.playback.seek(7.0)
    shown = composed(show, lambda shown: shown.attention.pts_s == shown.emotion.pts_s)
    assert shown.emotion.muted == VIDEO and shown.emotion.present == ("audio", "text")


def test_muting_predicts_again_and_back_gives_the_recorded_bits(show: SessionShow, recorded: tuple[Path, Made]) -> None:
    composed(show, lambda shown: True)
    show.mute(frozenset({"audio"}))
    look = threading.Event()

    def muted(wanted: frozenset[str]) -> bool:
        return all(one is None or wanted <= one.muted for _, one in show.session.timeline.moments)

    assert any(muted(frozenset({"audio"})) or look.wait(0.01) for _ in range(2000))
    assert {one.present for _, one in show.session.timeline.moments if one} <= {
        ("video", "text"),
        ("text",),
        ("video",),
    }
    show.mute(frozenset())

    def restored() -> bool:
        return all(
            (one is None and live is None)
            or (one is not None and live is not None and one.muted == live.muted and one.present == live.present)
            for (_, one), (_, live) in zip(show.session.timeline.moments, recorded[1], strict=True)
        )

    assert any(restored() or look.wait(0.01) for _ in range(2000))
    for (_, one), (_, live) in zip(show.session.timeline.moments, recorded[1], strict=True):
        if one is not None and live is not None:
            assert one.outcomes["self"].probabilities.tobytes() == live.outcomes["self"].probabilities.tobytes()


def test_without_pictures_and_sound_time_alone_goes_on(recorded: tuple[Path, Made], tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.mkdir()
    for name in ("session.json", "journal.msgpack"):
        (path / name).write_bytes((recorded[0] / name).read_bytes())
    show = SessionShow.open(path, speaker=None, volume=1.0)
    try:
        assert show.playback.position_s == 2.0
        show.playback.seek(5.0)
        shown = composed(show, lambda shown: shown.attention.pts_s == shown.emotion.pts_s)
        assert shown.picture.frame is None and shown.picture.crops and shown.emotion.certainty == "current"
        assert any("media.mkv is missing" in note for note in shown.notes)
    finally:
        show.close()


def test_a_damaged_recording_is_told_and_the_rest_is_shown(recorded: tuple[Path, Made], tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.mkdir()
    for name in ("session.json", "journal.msgpack"):
        (path / name).write_bytes((recorded[0] / name).read_bytes())
    (path / "media.mkv").write_bytes(b"nothing")
    show = SessionShow.open(path, speaker=None, volume=1.0)
    try:
        assert "media.mkv" in show.troubles()[0].text
        show.playback.seek(5.0)
        composed(show, lambda shown: shown.emotion.certainty == "current")
    finally:
        show.close()


def test_models_of_other_classes_are_refused_and_other_models_are_told(show: SessionShow) -> None:
    components = smooth()
    components.predictor.labels = ("yes", "no")
    with pytest.raises(DataError, match="other classes"):
        show.analyse(components, show.session.config)
    components = smooth()
    components.predictor.info = {"models": {"self": {"weights_sha256": "cd" * 32}}}
    show.analyse(components, show.session.config)
    assert any("cdcdcdcdcdcd" in one.text for one in show.troubles())


def test_positions_are_those_of_the_session(show: SessionShow) -> None:
    playback = show.playback
    assert playback.position_s == pytest.approx(2.0, abs=0.06)
    playback.set_loop((3.0, 4.0))
    assert playback.loop == pytest.approx((3.0, 4.0))
    playback.set_loop(None)
    playback.seek(0.0)
    assert playback.position_s == pytest.approx(2.0, abs=0.06)
    assert playback.duration_s == pytest.approx(9.0, abs=0.1)
