"""From its recording a session is analysed anew, with the exact times of pictures and sound."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.components import Components
from engine.errors import SourceError
from engine.saved.reanalysis import EDGE_S, Reanalysis
from engine.saved.saved_media import SavedMedia
from engine.saved.session import SavedSession
from engine.saved.verify import verify
from engine.sources.base import Item
from engine.types import AudioBlock, Face, VideoFrame
from tests.fakes import FakeHearing, FakeRecognizer, FakeSource, FakeTracker, fake_components, recording, sound
from tests.saved.saving import SmoothPredictor, pictures_of, save_session

LOUD = [(1.0, 4.0), (6.0, 7.5), (9.0, 12.0)]


def items(seconds: float = 12.0, start_s: float = 0.00317) -> list[Item]:
    """Sound at 16 kHz and 20 pictures a second, some of them black; no time is a round number."""
    faces = [0.0 if 60 <= k < 100 else 0.5 + 0.3 * np.sin(k / 7) for k in range(round(seconds * 20))]
    blocks = recording(sound(seconds, LOUD), start_s=start_s, sizes=(1600,))
    return sorted([*blocks, *pictures_of(faces)], key=lambda one: one.pts_s)


def looked_at(every: Sequence[Item]) -> list[Item]:
    """All sound, and every third picture: those that a sampler would choose."""
    return [one for one in every if isinstance(one, AudioBlock) or one.seq % 3 == 0]


class Sampled(FakeSource):
    """Records all pictures, and lets the session look at some."""


def smooth(**more: Any) -> Components:
    return fake_components(predictor=SmoothPredictor(), **more)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded") / "one"
    save_session(path, source=FakeSource(items()), components=smooth(), medium=True)
    return path


def test_pictures_and_sound_come_back_at_their_exact_times(recorded: Path) -> None:
    session = SavedSession.open(recorded)
    with SavedMedia(session) as media:
        found = list(media)
    given = items()
    pictures = [one for one in given if isinstance(one, VideoFrame)]
    again = [one for one in found if isinstance(one, VideoFrame)]
    assert [one.pts_s for one in again] == [one.pts_s for one in pictures]
    assert np.abs(again[5].rgb.astype(int) - pictures[5].rgb).mean() < 6
    blocks = [one for one in found if isinstance(one, AudioBlock)]
    assert blocks[0].pts_s == 0.00317 and not any(one.gap for one in blocks)
    samples = np.concatenate([one.samples for one in blocks])
    wanted = np.concatenate([one.samples for one in given if isinstance(one, AudioBlock)])
    assert np.abs(samples[: len(wanted)] - wanted).max() <= 2.0**-23
    assert [one.pts_s for one in found] == sorted(one.pts_s for one in found)


def test_only_the_pictures_that_were_looked_at_are_looked_at_again(recorded: Path) -> None:
    session = SavedSession.open(recorded)
    chosen = sorted(session.seen_s)[::3]
    session.seen_s = type(session.seen_s)("d", chosen)
    with SavedMedia(session) as media:
        assert [one.pts_s for one in media if isinstance(one, VideoFrame)] == chosen


def test_a_gap_in_the_sound_is_a_gap_again(tmp_path: Path) -> None:
    every = [one for one in items(6.0) if not (isinstance(one, AudioBlock) and 2.0 < one.pts_s < 3.5)]
    first = next(k for k, one in enumerate(every) if isinstance(one, AudioBlock) and one.pts_s > 3.0)
    every[first] = replace(every[first], gap=True)  # type: ignore[type-var]
    save_session(tmp_path / "one", source=FakeSource(every), components=smooth(), medium=True)
    session = SavedSession.open(tmp_path / "one")
    with SavedMedia(session) as media:
        gaps = [one.pts_s for one in media if isinstance(one, AudioBlock) and one.gap]
    assert gaps == [every[first].pts_s]
    again = Reanalysis(session, smooth(), hearing=FakeHearing())
    assert max(one.difference for one in again) < 0.02
    assert again.features.mfcc_missing <= 4  # of the silence that fills the last frame of FLAC before the gap


def test_predictions_from_the_recording_are_nearly_those_of_the_session(recorded: Path) -> None:
    session = SavedSession.open(recorded)
    again = Reanalysis(session, smooth(recognizer=FakeRecognizer()), hearing=FakeHearing())
    compared = list(again)
    assert len(compared) + again.left_out == len(session.moments) and again.left_out <= 3
    assert max(one.difference for one in compared) < 0.02 and all(one.same_top for one in compared)
    assert all(one.pts_s <= again.until_s - EDGE_S for one in compared)
    figures = again.figures()
    assert figures["mfcc_missing"] == figures["faces_missing"] == 0 and figures["mfcc_frames"] > 1000
    assert figures["mfcc_largest"] < 0.1 and figures["similarity_median"] > 0.999
    assert figures["words_agreement"] == 1.0 and figures["words_lost"] == 0 and figures["words_anew"]


def test_from_the_middle_on_what_reaches_back_is_left_out(tmp_path: Path) -> None:
    save_session(tmp_path / "one", source=FakeSource(items()), components=smooth(), medium=True, from_s=3.0)
    session = SavedSession.open(tmp_path / "one")
    again = Reanalysis(session, smooth(), hearing=FakeHearing())
    compared = list(again)
    assert compared and all(one.recorded is None or one.recorded.window_start_s >= 5.0 for one in compared)
    assert max(one.difference for one in compared) < 0.05 and again.left_out > 5
    assert again.figures()["mfcc_missing"] == 0


def test_muted_modalities_are_left_out_when_it_is_analysed_anew(tmp_path: Path) -> None:
    mutes = {4.0: frozenset({"video"}), 7.0: frozenset({"audio", "video", "text"}), 9.0: frozenset()}
    save_session(tmp_path / "one", source=FakeSource(items()), components=smooth(), medium=True, mutes=mutes)  # type: ignore[arg-type]
    compared = list(Reanalysis(SavedSession.open(tmp_path / "one"), smooth(), hearing=FakeHearing()))
    assert any(one.recorded is None for one in compared)
    assert max(one.difference for one in compared) < 0.02
    assert {one.again.muted for one in compared if one.again} == {frozenset(), frozenset({"video"})}


class Two(FakeTracker):
    """Sees a face in either half of the picture, and follows the left one until another is chosen."""

    right = False

    def reset(self) -> None:
        super().reset()
        self.right = False

    def switch(self, frame: VideoFrame, x: float, y: float) -> bool:
        changed = self.right != (x >= 16)
        self.right = x >= 16
        self.identity += changed
        return changed

    def track(self, frame: VideoFrame) -> Face | None:
        face = super().track(frame)
        if face is None:
            return None
        x0 = 16 if self.right else 0
        return replace(face, box=(x0, 0.0, x0 + 16.0, 32.0), crop=frame.rgb[:, x0 : x0 + 16])


def two(one: Item) -> Item:
    """A picture with another face in its right half."""
    if not isinstance(one, VideoFrame):
        return one
    return replace(one, rgb=np.hstack([one.rgb[:, :16], 255 - one.rgb[:, 16:]]))


@pytest.mark.parametrize("from_s", [0.0, 5.0], ids=["from the beginning", "begun after the first choice"])
def test_the_face_that_was_chosen_is_followed_again(tmp_path: Path, from_s: float) -> None:
    source = FakeSource([two(one) for one in items()])
    choices = [(3.0, 25.0, 10.0), (7.9, 20.0, 10.0), (8.0, 5.0, 10.0)]  # the second one is followed already
    parts = smooth(face_tracker=Two())
    save_session(tmp_path / "one", source=source, components=parts, medium=True, choices=choices, from_s=from_s)
    session = SavedSession.open(tmp_path / "one")
    again = Reanalysis(session, smooth(face_tracker=Two()), hearing=FakeHearing())
    compared = list(again)
    assert compared and max(one.difference for one in compared) < 0.02
    assert len([one for one in session.chosen if one.pts_s >= from_s]) == (2 if from_s == 0 else 1)
    session.chosen = ()
    without = Reanalysis(session, smooth(face_tracker=Two()), hearing=FakeHearing())
    assert max(one.difference for one in without) > 0.05


def test_verify_holds_for_a_session_and_not_for_another_recording_in_its_place(recorded: Path, tmp_path: Path) -> None:
    session = SavedSession.open(recorded)
    found = verify(session, smooth(), hearing=FakeHearing())
    assert found.holds and found.features and found.media and found.features.same == found.features.moments
    assert [one.state for one in found.files] == ["complete"] * 3
    other = tmp_path / "other"
    quiet = [replace(one, samples=one.samples * 0.1) if isinstance(one, AudioBlock) else one for one in items()]
    save_session(other, source=FakeSource(quiet), components=smooth(), medium=True)
    shutil.copy(other / "media.mkv", tmp_path / "media.mkv")
    swapped = tmp_path / "swapped"
    shutil.copytree(recorded, swapped)
    shutil.copy(other / "media.mkv", swapped / "media.mkv")
    found = verify(SavedSession.open(swapped), smooth(), hearing=FakeHearing())
    assert not found.holds and found.features and found.features.holds
    assert found.media and any("sound is another one" in one for one in found.media.problems)


def test_a_damaged_or_missing_recording_is_told_and_the_features_still_hold(recorded: Path, tmp_path: Path) -> None:
    path = tmp_path / "one"
    shutil.copytree(recorded, path)
    whole = (path / "media.mkv").read_bytes()
    (path / "media.mkv").write_bytes(b"\0" * 1000)
    found = verify(SavedSession.open(path), smooth(), hearing=FakeHearing())
    assert not found.holds and found.features and found.features.holds
    assert [one.state for one in found.files] == ["complete", "complete", "damaged"]
    (path / "media.mkv").write_bytes(whole[: len(whole) // 2])
    found = verify(SavedSession.open(path), smooth(), hearing=FakeHearing())
    assert found.media and any("before the session does" in one for one in found.media.problems)
    (path / "media.mkv").unlink()
    session = SavedSession.open(path)
    found = verify(session, smooth(), hearing=FakeHearing())
    assert found.files[2].state == "missing" and found.media is None and not found.holds
    with pytest.raises(SourceError, match="neither pictures nor sound"):
        SavedMedia(session)


def test_a_recording_cut_off_a_little_early_is_told(recorded: Path, tmp_path: Path) -> None:
    path = tmp_path / "one"
    shutil.copytree(recorded, path)
    with (path / "media.mkv").open("r+b") as file:
        file.truncate((path / "media.mkv").stat().st_size * 93 // 100)
    found = verify(SavedSession.open(path), smooth(), hearing=FakeHearing())
    assert not found.holds and found.media and found.media.problems
    assert 0.25 < found.media.figures["ends_early_s"] < 2
    assert [one.state for one in found.files] == ["complete", "complete", "torn"]


def test_where_nothing_can_be_compared_it_does_not_hold(recorded: Path, tmp_path: Path) -> None:
    path = tmp_path / "one"
    shutil.copytree(recorded, path)
    about = json.loads((path / "session.json").read_text())
    (path / "session.json").write_text(json.dumps(about | {"from_s": 1e9, "until_s": 1e9 + about["until_s"]}))
    found = verify(SavedSession.open(path), smooth(), hearing=FakeHearing())
    assert found.media and found.media.problems == ("Nothing of the recording could be compared.",)


def test_a_session_too_short_to_compare_holds(tmp_path: Path) -> None:
    save_session(tmp_path / "one", source=FakeSource(items(6.0)), components=smooth(), medium=True, from_s=5.0)
    found = verify(SavedSession.open(tmp_path / "one"), smooth(), hearing=FakeHearing())
    assert found.holds and found.media and not found.media.moments and found.media.left_out


def test_other_models_are_named_and_nothing_is_compared(recorded: Path) -> None:
    session = SavedSession.open(recorded)
    other = smooth()
    other.predictor.info = {**other.predictor.info, "models": {"self": {"weights_sha256": "ab" * 32}}}
    found = verify(session, other)
    assert not found.holds and found.features is None and found.media is None
    assert any("abababababab" in one for one in found.problems) and any("--models" in one for one in found.problems)
