"""Findings of recorded sessions and of analysed files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.annotations import Annotation, Annotations, beside, write_annotations
from engine.config import EMOTIONS, SessionConfig
from engine.errors import DataError
from engine.export.analysed import analysed
from engine.export.findings import Findings
from engine.export.formats import chosen_formats
from engine.export.recorded import of_session
from engine.export.scene import Scenes
from engine.export.write import write_export
from engine.saved.folder import SessionFolder
from engine.saved.session import SavedSession
from tests.export.made import outcome, prediction
from tests.export.short import save_short
from tests.export.test_film import decoded, media
from tests.fakes import FakeHearing, fake_components

_ALL_BUT_FILM = ["csv", "jsonl", "parquet", "eaf", "srt", "webvtt", "textgrid"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sessions") / "monday"
    save_short(folder, mutes={4.0: frozenset({"video"})})
    return folder


def test_a_session_is_exported_as_it_was(recorded: Path, tmp_path: Path) -> None:
    session = SavedSession.open(recorded)
    found = of_session(session, faces=True)
    assert found.private and found.name == "monday" and found.labels == EMOTIONS
    assert found.step_s == pytest.approx(session.config.step_s) and found.fusions == ("self", "cross")
    assert found.moments == session.timeline.moments and found.utterances == session.timeline.utterances
    assert found.duration_s >= session.until_s and len(found.seen) == 36
    written = write_export(found, chosen_formats(_ALL_BUT_FILM), tmp_path / "out", "monday")
    assert all(one.stat().st_mode & 0o077 == 0 for one in written)


def test_times_begin_with_the_recording(tmp_path: Path) -> None:
    made = save_short(tmp_path / "late", from_s=2.0)
    session = SavedSession.open(tmp_path / "late")
    session._annotations = Annotations(
        [Annotation.new(0.5, 1.0, text="before"), Annotation.new(1.0, 3.0, text="across"), Annotation.new(4.0)]
    )
    found = of_session(session, faces=False)
    assert [pts_s for pts_s, _ in found.moments] == pytest.approx([pts_s - 2.0 for pts_s, _ in made])
    assert [(one.start_s, one.end_s) for one in found.annotations] == [(0.0, 1.0), (2.0, 2.0)]
    assert all(one.start_s >= 0 and one.end_s >= 0 for one in found.utterances)
    assert all(word.start_s >= 0 for _, word in found.words) and not found.seen
    for (_, old), (_, new) in zip(made, found.moments, strict=True):
        if old is not None and new is not None:
            assert new.pts_s == pytest.approx(old.pts_s - 2.0)
            assert np.array_equal(new.probabilities, old.probabilities)


def test_faces_are_drawn_at_the_time_of_their_pictures(tmp_path: Path) -> None:
    save_short(tmp_path / "late", from_s=2.0)
    media(tmp_path / "late" / "media.mkv")
    found = of_session(SavedSession.open(tmp_path / "late"), faces=True)
    assert found.media is not None and found.media_origin_s == 0.0
    assert found.seen[0].pts_s >= 0 and Scenes(found).at(1.0).seen is not None
    write_export(found, chosen_formats(["mp4"]), tmp_path / "out", "late")
    times, _, _, _ = decoded(tmp_path / "out" / "late-overlay.mp4")
    assert len(times) == 8 and (tmp_path / "out" / "late-overlay.mp4").stat().st_mode & 0o077 == 0


def test_a_session_without_any_prediction(tmp_path: Path) -> None:
    save_short(tmp_path / "short")
    folder = SessionFolder.open(tmp_path / "short")
    about = folder.read_about()
    models = {"models": {"self": {"labels": ["calm", "cross"], "modalities": ["audio", 3]}, "evil": 1, "cross": None}}
    session = SavedSession.open(tmp_path / "short")
    session.about = replace(about, models=models)
    session.timeline = type(session.timeline)()
    session._found.labels = None
    found = of_session(session, faces=False)
    assert (found.moments, found.labels, found.fusions, found.modalities) == (
        (),
        ("calm", "cross"),
        ("self",),
        ("audio",),
    )
    write_export(found, chosen_formats(_ALL_BUT_FILM), tmp_path / "out", "short")


def test_predictions_of_other_classes_are_refused() -> None:
    from tests.export.made import findings

    other = prediction(0.5, 0, outcomes={"self": outcome(0, 0.9, ("a", "b"))})
    with pytest.raises(DataError, match="of other classes than its models"):
        findings(moments=((0.5, other),))


def test_times_that_nobody_can_have_recorded_are_refused() -> None:
    from tests.export.made import findings, utterance, word

    said = utterance(0, [word("hello", 1.0, 1e300)], 1.0, 2.0)
    for wrong in ({"duration_s": 1e12}, {"duration_s": float("nan")}, {"utterances": (said,)}):
        with pytest.raises(DataError, match="has times beyond 46 days"):
            findings(**wrong)


def test_a_file_is_analysed_with_the_annotations_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.features.speech.Hearing", FakeHearing)
    path = media(tmp_path / "talk.mkv")
    write_annotations(beside(path), Annotations([Annotation.new(1.0, text="here")]))
    shares: list[float] = []
    found: Findings = analysed(path, fake_components(), SessionConfig(), shares.append)
    assert [one.text for one in found.annotations] == ["here"] and found.media == path and not found.private
    assert found.predictions and found.utterances and found.seen and found.recognizer == "fake"
    assert found.moments[0][0] == 0.5 and found.name == "talk.mkv"


def test_damaged_annotations_are_told_before_the_work(tmp_path: Path) -> None:
    path = media(tmp_path / "talk.mkv")
    beside(path).write_text("{")
    with pytest.raises(DataError, match="is damaged"):
        analysed(path, fake_components(), SessionConfig())
