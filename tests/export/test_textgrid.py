"""TextGrids opened with Praat itself."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from engine.export.cues import one_line
from engine.export.findings import Findings
from engine.export.textgrid import write_textgrid
from tests.export.made import findings, findings_drawn

parselmouth: Any = pytest.importorskip("parselmouth")
praat: Any = pytest.importorskip("parselmouth.praat")


def read(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    """Every tier as Praat has it; points begin and end at their time."""
    grid = parselmouth.read(str(path))
    tiers = {}
    for number in range(1, int(praat.call(grid, "Get number of tiers")) + 1):
        name = praat.call(grid, "Get tier name", number)
        rows = []
        if praat.call(grid, "Is interval tier", number):
            for at in range(1, int(praat.call(grid, "Get number of intervals", number)) + 1):
                times = [praat.call(grid, f"Get {end} time of interval", number, at) for end in ("start", "end")]
                rows.append((*times, praat.call(grid, "Get label of interval", number, at)))
        else:
            for at in range(1, int(praat.call(grid, "Get number of points", number)) + 1):
                time_s = praat.call(grid, "Get time of point", number, at)
                rows.append((time_s, time_s, praat.call(grid, "Get label of point", number, at)))
        tiers[name] = rows
    return tiers


def test_tiers(tmp_path: Path) -> None:
    write_textgrid(tmp_path / "x.TextGrid", findings())
    tiers = read(tmp_path / "x.TextGrid")
    assert list(tiers) == ["words", "utterances", "emotion", "probability", "annotations", "moments"]
    assert tiers["words"] == [(0.0, 0.5, ""), (0.5, 1.0, "hello"), (1.0, 1.5, "there"), (1.5, 4.0, "")]
    assert [one for one in tiers["emotion"] if one[2]] == [(0, 1, "happy"), (1, 2, "sad"), (2.5, 4, "sad")]
    assert (2.0, 2.5, "") in tiers["emotion"] and tiers["probability"][0] == (0.0, 1.0, "0.70")
    assert (1.0, 3.0, "[happy] laughs, twice") in tiers["annotations"]
    assert tiers["moments"] == [(2.0, 2.0, "here")]


def test_nothing_found(tmp_path: Path) -> None:
    write_textgrid(tmp_path / "x.TextGrid", findings(moments=(), utterances=(), annotations=(), duration_s=0.0))
    tiers = read(tmp_path / "x.TextGrid")
    assert tiers["words"] == [(0.0, 0.001, "")] and tiers["moments"] == []


@settings(max_examples=40, deadline=None)
@given(found=findings_drawn())
def test_anything_opens_without_gaps_or_overlaps(found: Findings) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.TextGrid")
        write_textgrid(path, found)
        tiers = read(path)
    for name, rows in tiers.items():
        if not name.startswith("moments"):
            assert rows[0][0] == 0.0 and all(start < end for start, end, _ in rows)
            assert [one[1] for one in rows[:-1]] == [one[0] for one in rows[1:]]
    said = [text for name, rows in tiers.items() if re.fullmatch(r"words( \d+)?", name) for _, _, text in rows if text]
    assert sorted(said) == sorted(text for text in (one_line(one.text) for _, one in found.words) if text)
    points = [text for name, rows in tiers.items() if name.startswith("moments") for _, _, text in rows]
    assert len(points) == sum(one.moment for one in found.annotations)
