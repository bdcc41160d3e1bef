"""What the window gets to show, from real recordings and virtual devices with the bundled models."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from demo.bridge import NO_DEVICE
from demo.exporting import Exporter
from demo.session_bridge import SessionBridge
from demo.shown import Shown
from engine.annotations import read_annotations
from engine.assets import sample_path
from engine.config import LIVE_STEP_S, SessionConfig
from engine.saved.folder import SessionFolder
from tests.sources.media import write_clip

CONFIG = SessionConfig()


@pytest.fixture(scope="module")
def loaded() -> Iterator[SessionBridge]:
    bridge = SessionBridge(CONFIG)
    bridge.load()
    wait_for(bridge, lambda shown: shown.ready)
    yield bridge
    bridge.close(20.0)
    left = [one.name for one in threading.enumerate() if one.name.startswith("attune")]
    assert left == []


@pytest.fixture
def bridge(loaded: SessionBridge) -> Iterator[SessionBridge]:
    yield loaded
    for name in ("audio", "video", "text"):
        loaded.mute(name, False)
    loaded.close_session()
    wait_for(loaded, lambda shown: shown.kind == "empty")


def wait_for(bridge: SessionBridge, condition: Callable[[Shown], object], timeout_s: float = 60.0) -> Shown:
    """Poll as the window does until something is shown."""
    look = threading.Event()
    for _ in range(round(timeout_s / 0.03)):
        shown = bridge.shown()
        if condition(shown):
            return shown
        look.wait(0.03)
    raise AssertionError(f"it was not shown in time: {shown!r:.2000}")


def at(position_s: float) -> Callable[[Shown], object]:
    """Whether everything shown belongs to a position."""
    return lambda shown: (
        shown.transport.position_s == position_s
        and shown.emotion.certainty == "current"
        and shown.attention.pts_s == shown.origin.pts_s == shown.emotion.pts_s
    )


def test_loading_is_told_part_by_part(loaded: SessionBridge) -> None:
    steps = loaded.shown().loading
    assert [one.name for one in steps] == ["models", "face", "words", "detector", "warm-up", "recogniser"]
    assert {one.step for one in steps} == {"done"}


def test_a_paused_recording_shows_everything_of_its_moment(bridge: SessionBridge) -> None:
    bridge.open_sample()
    bridge.pause()
    bridge.seek(9.1)
    shown = wait_for(bridge, at(9.1))
    assert (shown.kind, shown.title) == ("file", "sample.mp4") and not shown.transport.playing
    assert shown.picture.frame is not None and 9.0 < shown.picture.frame.pts_s <= 9.1
    assert shown.picture.box is not None and 1 <= len(shown.picture.crops) <= 32
    assert shown.emotion.present == ("audio", "video", "text") and set(shown.emotion.unsure_below) == {"self", "cross"}
    assert "sad" in " ".join(one.text for one in shown.words.utterances)
    assert max(shown.words.weights.values()) == 1.0
    assert [len(maps) for maps in shown.attention.maps.values()] == [3, 6]
    assert len(shown.attention.crops) == len(shown.attention.maps["self"][1].target_times_s)
    for shares in shown.origin.shares.values():
        total = shares.with_none + sum(shares.shares.values())
        assert total == pytest.approx(shares.with_all, abs=1e-6)
    assert np.nanmax(shown.voice.envelope) > 0.1 and shown.voice.window_s is not None
    assert shown.voice.mfcc.shape[1] == 40 and shown.voice.activity.max() > 0.9


def test_seeking_back_shows_the_same_again(bridge: SessionBridge) -> None:
    bridge.open_sample()
    bridge.pause()
    bridge.seek(9.1)
    first = wait_for(bridge, at(9.1))
    bridge.seek(26.0)
    wait_for(bridge, at(26.0))
    bridge.seek(9.1)
    again = wait_for(bridge, at(9.1))
    for fusion in CONFIG.fusions:
        assert np.array_equal(first.emotion.probabilities[fusion], again.emotion.probabilities[fusion])
        for one, other in zip(first.attention.maps[fusion], again.attention.maps[fusion], strict=True):
            assert np.array_equal(one.weights, other.weights)


def test_muting_takes_a_modality_away_everywhere(bridge: SessionBridge) -> None:
    bridge.open_sample()
    bridge.pause()
    bridge.seek(9.1)
    before = wait_for(bridge, at(9.1))
    bridge.mute("video", True)
    muted = wait_for(bridge, lambda shown: at(9.1)(shown) and shown.emotion.muted and shown.origin.muted)
    assert muted.emotion.present == ("audio", "text")
    assert not np.allclose(muted.emotion.probabilities["self"], before.emotion.probabilities["self"], atol=1e-4)
    assert {one.target for one in muted.attention.maps["self"]} == {"audio", "text"}
    assert muted.origin.shares["self"].shares["video"] == 0.0
    row = int(np.searchsorted(muted.history.times_s, muted.emotion.pts_s))

    def rewritten(shown: Shown) -> bool:
        return bool(np.allclose(shown.history.probabilities["self"][row], muted.emotion.probabilities["self"]))

    wait_for(bridge, rewritten)
    bridge.mute("audio", True)
    bridge.mute("text", True)
    wait_for(bridge, lambda shown: shown.emotion.certainty == "nothing" and not shown.emotion.probabilities)


def test_a_wrong_file_is_told_and_the_next_one_plays(bridge: SessionBridge, tmp_path: Path) -> None:
    bridge.open_file(str(tmp_path / "none.mp4"))
    shown = wait_for(bridge, lambda shown: shown.troubles)
    assert shown.kind == "empty" and "does not exist" in shown.troubles[0].text and shown.troubles[0].fatal
    bridge.open_file(str(sample_path()))
    shown = wait_for(bridge, lambda shown: shown.kind == "file" and shown.transport.position_s > 0.2)
    assert not any(one.fatal for one in shown.troubles)


def test_a_wrong_file_leaves_a_recording_session_alone(bridge: SessionBridge, tmp_path: Path) -> None:
    """As when it is dropped on the window by mistake."""
    (tmp_path / "notes.txt").write_text("no film")
    bridge.start_live(NO_DEVICE, f"loop:{sample_path()}")
    bridge.start_recording(str(tmp_path / "a"))
    before = wait_for(bridge, lambda shown: shown.recording.state == "on" and shown.recording.seconds > 0.5)
    bridge.open_file(str(tmp_path / "notes.txt"))
    shown = wait_for(bridge, lambda shown: shown.troubles)
    assert shown.kind == "live" and shown.recording.state == "on"
    wait_for(bridge, lambda shown: shown.recording.seconds > before.recording.seconds + 0.5)


def test_live_shows_what_virtual_devices_see_and_hear(bridge: SessionBridge) -> None:
    source = f"loop:{sample_path()}"
    bridge.start_live(source, source)
    shown = wait_for(bridge, lambda shown: "text" in shown.emotion.present and shown.picture.box is not None)
    assert shown.kind == "live" and shown.transport.duration_s is None
    assert shown.voice.level_db is not None and shown.voice.level_db < 0
    assert {one.kind for one in shown.health.devices} == {"camera", "microphone"}
    assert shown.picture.frame is not None
    bridge.painted(shown.picture.frame.captured_s)
    shown = wait_for(bridge, lambda shown: shown.health.screen_s)
    assert {one.name for one in shown.health.stages} == {"face", "hearing", "transcription", "model"}
    assert shown.health.answer_s is not None and shown.history.step_s == LIVE_STEP_S
    assert shown.health.threads > 4 and shown.health.memory_bytes > 1e8


def test_one_device_is_enough_and_none_is_told(bridge: SessionBridge) -> None:
    bridge.start_live(NO_DEVICE, f"file:{sample_path()}")
    shown = wait_for(bridge, lambda shown: shown.emotion.present == ("audio",))
    assert shown.picture.frame is None and not shown.picture.camera
    bridge.start_live(NO_DEVICE, NO_DEVICE)
    shown = wait_for(bridge, lambda shown: shown.kind == "empty" and shown.troubles)
    assert "camera or a microphone" in shown.troubles[0].text


def test_closing_while_models_are_loaded_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    bridge = SessionBridge(CONFIG)
    bridge.load()
    bridge.open_sample()
    bridge.close(30.0)
    bridge.close()
    assert set(threading.enumerate()) <= before


def test_an_unexpected_error_is_told_and_the_bridge_goes_on(
    bridge: SessionBridge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(path: str) -> None:
        raise RuntimeError("no thread can be started")

    with monkeypatch.context() as patch:
        patch.setattr(bridge, "_file_show", broken)
        bridge.open_file(str(sample_path()))
        shown = wait_for(bridge, lambda shown: shown.troubles)
    assert "no thread can be started" in shown.troubles[0].text
    bridge.open_sample()
    bridge.set_loop((10.0, 500.0))
    wait_for(bridge, lambda shown: shown.transport.loop == (10.0, pytest.approx(31.5, abs=0.1)))
    bridge.set_loop((10.0, 10.01))
    bridge.set_loop((40.0, 50.0))
    bridge.set_loop(None)
    shown = wait_for(bridge, lambda shown: shown.kind == "file" and shown.transport.loop is None)
    assert not any(one.fatal for one in shown.troubles)


def test_missing_models_are_told_until_loading_them_again_works(tmp_path: Path) -> None:
    bridge = SessionBridge(SessionConfig(model_dir=str(tmp_path)))
    try:
        bridge.load()
        shown = wait_for(bridge, lambda shown: shown.troubles)
        assert shown.troubles[0].where == "models" and str(tmp_path) in shown.troubles[0].text
        bridge.open_sample()
        shown = wait_for(bridge, lambda shown: shown.kind == "file")
        assert shown.troubles[0].where == "models" and not shown.ready
        for path in (sample_path().parent).glob("*"):
            if path.stem in ("self", "cross"):
                (tmp_path / path.name).symlink_to(path)
        bridge.load()
        wait_for(bridge, lambda shown: shown.ready and shown.emotion.certainty == "current")
        assert not any(one.where == "models" for one in bridge.shown().troubles)
    finally:
        bridge.close(20.0)


def test_live_from_recordings_ends_with_them(bridge: SessionBridge, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "short.mp4")
    bridge.start_live(f"file:{clip}", f"file:{clip}")
    shown = wait_for(bridge, lambda shown: any("has ended" in one.text for one in shown.troubles))
    assert shown.emotion.certainty == "nothing" and not shown.transport.playing  # there was no answer that could be old
    assert shown.transport.position_s == pytest.approx(1.0, abs=0.1)


def test_a_live_session_is_recorded_marked_and_replayed(bridge: SessionBridge, tmp_path: Path) -> None:
    folder = tmp_path / "monday"
    bridge.start_live(NO_DEVICE, f"loop:{sample_path()}")
    wait_for(bridge, lambda shown: shown.kind == "live" and shown.emotion.certainty == "current")
    assert bridge.marks.mark(1.0) is None and "record" in bridge.marks.marks.why_not
    bridge.start_recording(str(folder))
    shown = wait_for(bridge, lambda shown: shown.recording.state == "on" and shown.recording.seconds > 2.0)
    assert shown.recording.folder == str(folder) and shown.recording.size_bytes > 0
    at_s = shown.transport.position_s
    id = bridge.marks.mark(at_s, label="happy", key="4")
    assert id is not None
    bridge.close_session()  # ends it properly
    shown = wait_for(bridge, lambda shown: shown.kind == "empty" and shown.recording.state == "saved")
    assert shown.recording.seconds > 2.0 and not shown.recording.problem
    bridge.open_file(str(folder))
    shown = wait_for(bridge, lambda shown: shown.kind == "file" and shown.replayed and shown.history.times_s.size)
    assert shown.title == "monday" and shown.transport.start_s > 0
    assert [one.id for one in shown.marks.every] == [id] and shown.marks.open
    assert not any(one.fatal for one in shown.troubles)
    bridge.marks.change(id, text="later", label="happy")
    bridge.close_session()
    wait_for(bridge, lambda shown: shown.kind == "empty" and not shown.marks.every)
    assert [one.text for one in read_annotations(folder / "annotations.json")] == ["later"]
    bridge.sessions.look(tmp_path)
    wait_for(bridge, lambda _: bridge.sessions.listing.found)
    (found,) = bridge.sessions.listing.found or ()
    assert found.complete and found.seconds is not None and found.seconds > 2.0
    exporter = Exporter()
    exporter.start(folder, ("csv", "srt"), tmp_path / "out")
    wait_for(bridge, lambda _: exporter.progress.state != "working")
    exporter.close()
    assert exporter.progress.state == "done" and exporter.progress.count == len(list((tmp_path / "out").iterdir()))
    bridge.open_file(str(folder))
    wait_for(bridge, lambda shown: shown.replayed and shown.history.times_s.size and shown.marks.open)
    bridge.sessions.delete(folder)  # what is open is closed before
    wait_for(bridge, lambda _: bridge.sessions.listing.found == ())
    shown = wait_for(bridge, lambda shown: shown.kind == "empty" and not shown.marks.open)
    bridge.marks.undo()
    assert bridge.marks.mark(1.0) is None and not shown.troubles
    wait_for(bridge, lambda shown: not shown.marks.every)
    assert not folder.exists()


def test_closing_while_it_records_ends_the_recording_properly(tmp_path: Path) -> None:
    bridge = SessionBridge(SessionConfig(asr="none"))
    try:
        bridge.load()
        bridge.start_live(NO_DEVICE, f"loop:{sample_path()}")
        bridge.start_recording(str(tmp_path / "a"))  # begins when the models are there
        wait_for(bridge, lambda shown: shown.recording.seconds > 1.0)
        assert bridge.marks.mark(1.0, text="at the end") is not None
    finally:
        bridge.close()
    about = SessionFolder.open(tmp_path / "a").read_about()
    assert about.complete and not about.problem and about.until_s is not None and about.until_s > 1.0
    assert [one.text for one in read_annotations(tmp_path / "a" / "annotations.json")] == ["at the end"]


def test_what_cannot_be_recorded_is_told_and_live_goes_on(bridge: SessionBridge, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bridge.start_live(NO_DEVICE, f"loop:{sample_path()}")
    bridge.start_recording(str(tmp_path / "file"))
    shown = wait_for(bridge, lambda shown: shown.troubles)
    (trouble,) = shown.troubles
    assert trouble.where == "recording" and not trouble.fatal and "is a file, not a folder" in trouble.text
    wait_for(bridge, lambda shown: shown.emotion.certainty == "current" and shown.recording.state == "off")
