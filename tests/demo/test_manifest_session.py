"""From labelled sessions and recordings to a manifest, on the command line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.annotations import Annotation, Annotations, beside, write_annotations
from engine.corpora.item import read_voice
from engine.corpora.manifest import Part, read_manifest
from engine.features.audio import mfcc
from engine.saved.session import SavedSession
from engine.sources.probe import probe
from main import main
from tests.fakes import FakeSource, recording, sound
from tests.saved.saving import pictures_of, save_session
from tests.sources.media import write_clip


def label(path: Path, *spans: tuple[float, float, str | None]) -> None:
    write_annotations(path, Annotations(Annotation.new(start, end, label=name) for start, end, name in spans))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded session of a few seconds, with words, that began at 2 s."""
    folder = tmp_path_factory.mktemp("sessions") / "monday"
    source = FakeSource(recording(sound(10, [(2.5, 8.5)]), [0.5] * 60, sizes=(1600,)))
    save_session(folder, source=source, from_s=2.0)
    write_clip(folder / "media.mkv", audio="flac", seconds=12.0)
    return folder


@pytest.fixture
def session(recorded: Path, tmp_path: Path) -> Path:
    """It as a folder of the test's own."""
    return Path(shutil.copytree(recorded, tmp_path / "monday"))


def test_a_session(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label(session / "annotations.json", (3, 4.5, "happy"), (6, 9, "sad"), (7, 7, "sad"), (5, 6, "joy"), (5, 6, None))
    out = tmp_path / "mine.csv"
    assert main(["manifest", "session", str(session), "--out", str(out), "--speaker", "anna"]) == 0
    said = capsys.readouterr().out
    assert "left out: 1 annotations labelled joy, which is none of anger" in said
    assert "1 annotations without a label" in said and "at a moment" in said and "1 speaker" in said
    first, second = read_manifest(out)
    origin_s = probe(session / "media.mkv").origin_s
    assert first.audio == first.video == session / "media.mkv" and first.speaker == "anna"
    assert first.heard == first.part == Part(start_s=round(1 - origin_s, 4), end_s=round(2.5 - origin_s, 4))
    words = [one.text for one in SavedSession.open(session).timeline.words if 6 <= (one.start_s + one.end_s) / 2 < 9]
    assert words and second.text == " ".join(words)
    assert out.stat().st_mode & 0o077 == 0


def test_recordings_with_their_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        label(beside(write_clip(tmp_path / f"{name}.mp4", seconds=4.0)), (0.5, 2, "happy"), (2.5, 4, "bored"))
    results = tmp_path / "results"
    (results / "one").mkdir(parents=True)
    table = results / "one" / "words.csv"
    table.write_text("word,start,end,confidence,source\nso,0.2,0.4,1,x\nglad,1.0,1.5,1,x\n")
    out = tmp_path / "new" / "mine.csv"
    command = ["manifest", "session", str(tmp_path), "--out", str(out), "--words", str(results), "--all-labels"]
    assert main(command) == 0
    items = read_manifest(out, labels=("bored", "happy"))
    assert [one.text for one in items] == ["glad", None, None, None] and [one.label for one in items] == [1, 0, 1, 0]
    assert "two.mp4 comes without words" in capsys.readouterr().out
    table.write_text("word,start\nso,0.2\n")
    assert main(command) == 1
    assert "is not a table of words" in capsys.readouterr().err


def test_nothing_to_learn_from(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["manifest", "session", str(session), "--out", str(tmp_path / "mine.csv")]
    assert main(command) == 1
    assert "nothing is annotated" in capsys.readouterr().err
    label(session / "annotations.json", (3, 4.5, "joy"))
    assert main(command) == 1
    assert "1 labelled joy" in capsys.readouterr().err
    clip = write_clip(tmp_path / "talk.mp4")
    assert main([*command, str(clip)]) == 1
    assert "beside it. Open it in the window and mark spans" in capsys.readouterr().err
    assert main(["manifest", "session", str(tmp_path / "no"), "--out", "x.csv"]) == 1
    assert "name a session folder or a recording" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["manifest", "session", str(tmp_path / "empty"), "--out", "x.csv"]) == 1
    assert "holds neither sessions nor recordings" in capsys.readouterr().err
    assert not (tmp_path / "mine.csv").exists()


def test_damage_is_told(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "talk.mp4")
    beside(clip).write_text(json.dumps({"format": "attune annotations", "version": 1, "annotations": [{"id": 1}]}))
    command = ["manifest", "session", "--out", str(tmp_path / "mine.csv")]
    assert main([*command, str(clip)]) == 1
    assert "is damaged" in capsys.readouterr().err
    (session / "annotations.json").write_text("{")
    assert main([*command, str(session)]) == 1
    assert "annotations.json is damaged" in " ".join(capsys.readouterr().err.split())
    label(session / "annotations.json", (3, 4.5, "sad"))
    (session / "media.mkv").unlink()
    assert main([*command, str(session)]) == 1
    assert "no pictures and no sound any more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ravdess", "a", "--speaker", "x"], "--speaker is for sessions"),
        (["ravdess", "a", "--all-labels"], "--all-labels is for sessions"),
        (["ravdess", "a", "b"], "ravdess lies in one folder"),
        (["session", "a", "--faces"], "--faces says nothing about sessions"),
        (["sesion", "a"], "ravdess, or session for your own labels"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", *arguments, "--out", "x.csv"]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_a_name_that_no_list_can_hold(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label(session / "annotations.json", (3, 4.5, "happy"))
    named = session.rename(tmp_path / os.fsdecode(b"q\xff"))
    assert main(["manifest", "session", str(named), "--out", str(tmp_path / "mine.csv")]) == 1
    assert "cannot be written into a list, since its name is not UTF-8: rename" in capsys.readouterr().err
    assert not (tmp_path / "mine.csv").exists()


def test_a_span_is_what_the_session_heard_then(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).uniform(-0.4, 0.4, 10 * 16_000).astype(np.float32)
    given = sorted(
        [*recording(samples, sizes=(1600,), start_s=0.5), *pictures_of([0.5] * 200)], key=lambda one: one.pts_s
    )
    folder = tmp_path / "monday"
    save_session(folder, source=FakeSource(given), from_s=2.0, medium=True)
    label(folder / "annotations.json", (5.0, 6.5, "happy"))
    out = tmp_path / "mine.csv"
    assert main(["manifest", "session", str(folder), "--out", str(out)]) == 0
    (item,) = read_manifest(out)
    assert item.audio is not None
    heard = read_voice(item.audio, item.heard)
    expected = mfcc(samples[round(4.5 * 16_000) : round(6.0 * 16_000)])
    assert heard.values.shape == expected.shape
    np.testing.assert_allclose(heard.values[8:-8], expected[8:-8], atol=0.05)
