from __future__ import annotations

from pathlib import Path

import pytest
import typer

from demo.cli.manifest import write_manifest
from engine.corpora.manifest import Part, manifest_labels, read_manifest
from engine.errors import OutputError
from tests.corpora.releases.test_iemocap import release
from tests.corpora.releases.test_ravdess import tree


def test_a_manifest_is_written_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = release(tmp_path / "corpora", "Ses01F_impro01", "Ses02M_impro02")
    out = tmp_path / "new" / "iemocap.csv"
    write_manifest("IEMOCAP", root, out, faces=True)
    assert out.read_text().splitlines()[0] == (
        "id,label,audio,video,text,speaker,fold,video_start_s,video_end_s,video_side"
    )
    assert manifest_labels(out) == ("excited", "neutral")
    first, second, *_ = read_manifest(out, labels=manifest_labels(out))
    assert first.part == Part(start_s=6.2901, end_s=8.2357, side="left") and first.label == 1
    assert (second.speaker, second.fold, second.text) == ("Ses01M", "Session1", "Do you have your forms?")
    printed = capsys.readouterr().out
    assert "excited" in printed and "left out: 2 turns labelled fear" in printed and "4 speakers; 2 folds" in printed


def test_files_below_the_manifest_are_relative(tmp_path: Path) -> None:
    tree(tmp_path, "Actor_01/03-01-05-01-01-01-01.wav")
    write_manifest("ravdess", tmp_path, tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text() == (
        "id,label,audio,speaker\n01-05-01-01-01-01,anger,Actor_01/03-01-05-01-01-01-01.wav,actor01\n"
    )


@pytest.mark.parametrize(
    ("release_name", "options", "message"),
    [
        ("friends", {}, "there is no release 'friends': choose crema-d, iemocap, meld, ravdess"),
        ("meld", {"faces": True}, "--faces says nothing about meld"),
        ("iemocap", {"calm": "neutral"}, "--calm says nothing about iemocap"),
    ],
)
def test_wrong_usage(
    release_name: str, options: dict[str, bool], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        write_manifest(release_name, tmp_path, tmp_path / "out.csv", **options)  # type: ignore[arg-type]
    assert message in " ".join(capsys.readouterr().err.split())


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    tree(tmp_path, "Actor_01/03-01-05-01-01-01-01.wav")
    with pytest.raises(OutputError):
        write_manifest("ravdess", tmp_path, tmp_path / "Actor_01" / "03-01-05-01-01-01-01.wav" / "out.csv")
