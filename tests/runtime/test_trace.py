from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engine.errors import OutputError
from engine.runtime.trace import NO_TRACE, FileTrace, spanning


def events(path: Path) -> list[dict[str, Any]]:
    """What a trace file holds, checked for what every reader of the format relies on."""
    content = json.loads(path.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content["traceEvents"]
    for one in found:
        assert one["ph"] in "MXbestf" and one["name"] and "pid" in one
        if one["ph"] != "M":
            assert one["ts"] >= 0 and "tid" in one
        if one["ph"] == "X":
            assert one["dur"] >= 0
    opened = Counter((one["id"], one["name"]) for one in found if one["ph"] == "b")
    assert opened == Counter((one["id"], one["name"]) for one in found if one["ph"] == "e")
    for arrow in (one for one in found if one["ph"] in "stf"):
        assert int(arrow["id"], 16) >= 0  # Perfetto reads no other ids of arrows
    return found


def lands(arrow: dict[str, Any], found: list[dict[str, Any]]) -> bool:
    """Whether there is a slice for an arrow to begin or end at."""
    slices = [one for one in found if one["ph"] == "X" and one["tid"] == arrow["tid"]]
    return any(one["ts"] <= arrow["ts"] < one["ts"] + one["dur"] for one in slices)


def phases(found: list[dict[str, Any]], pts_s: float) -> list[tuple[str, float]]:
    """Name and duration in seconds of each phase of a picture's way, in order."""
    mine = [one for one in found if one.get("id") == hex(round(1e6 * pts_s)) and one["name"] != "picture"]
    began = {one["name"]: one["ts"] for one in mine if one["ph"] == "b"}
    return [(one["name"], (one["ts"] - began[one["name"]]) / 1e6) for one in mine if one["ph"] == "e"]


def test_a_picture_is_followed_from_its_capture_to_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100, 200))
    monkeypatch.setattr("engine.runtime.trace.time.monotonic", lambda: float(next(now)))
    with FileTrace(tmp_path / "trace.json") as trace:
        trace.begin(1.0, captured_s=97.5)
        with spanning(trace, "face"):
            trace.reach(1.0, "face")
        trace.predicted(1.5, [1.0])
        trace.show(1.0)  # an older prediction
        trace.show(1.5)
    found = events(tmp_path / "trace.json")
    assert phases(found, 1.0) == [("capture", 2.5), ("face", 2.0), ("screen", 2.0)]
    arrows = [one for one in found if one["ph"] in "stf"]
    assert [one["ph"] for one in arrows] == ["s", "t", "f"] and all(lands(one, found) for one in arrows)
    (whole,) = [one for one in found if one["ph"] == "b" and one["name"] == "picture"]
    (end,) = [one for one in found if one["ph"] == "e" and one["name"] == "picture"]
    assert (end["ts"] - whole["ts"]) / 1e6 == 6.5


def test_spans_belong_to_their_threads(tmp_path: Path) -> None:
    def work() -> None:
        with spanning(trace, "work", item=3):
            pass

    with FileTrace(tmp_path / "trace.json") as trace:
        work()
        other = threading.Thread(target=work, name="attune-face")
        other.start()
        other.join()
    found = events(tmp_path / "trace.json")
    spans = [one for one in found if one["ph"] == "X"]
    names = {one["tid"]: one["args"]["name"] for one in found if one["name"] == "thread_name"}
    assert [names[one["tid"]] for one in spans] == ["MainThread", "attune-face"]
    assert spans[0]["args"] == {"item": 3}


def test_pictures_that_are_never_shown_do_not_add_up(tmp_path: Path) -> None:
    with FileTrace(tmp_path / "trace.json") as trace:
        for index in range(2000):
            trace.begin(float(index), 0.0)
            trace.predicted(float(index), [float(index)])
        assert len(trace._frames) == len(trace._waiting) == 512
        trace.reach(3.0, "face")  # one that was let go
        trace.end(3.0)
    assert len(phases(events(tmp_path / "trace.json"), 1999.0)) == 1


def test_the_file_appears_whole_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_text("before")
    trace = FileTrace(path)
    trace.begin(0.0, 0.0)
    assert path.read_text() == "before"
    trace.close()
    trace.close()
    trace.span("too late", 0.0)
    trace.begin(1.0, 0.0)
    assert len(phases(events(path), 0.0)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["trace.json"]


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        FileTrace(tmp_path / "nowhere" / "trace.json")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_ends_the_trace_not_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trace.json"
    path.write_text("before")
    trace = FileTrace(path)

    def full(event: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trace, "_put", full)
    trace.begin(0.0, 0.0)
    trace.span("goes on", 0.0)
    with pytest.raises(OutputError, match="No space left"):
        trace.close()
    trace.close()
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["trace.json"]


def test_without_a_trace_nothing_happens() -> None:
    with spanning(NO_TRACE, "work"):
        NO_TRACE.begin(0.0, 0.0)
        NO_TRACE.reach(0.0, "face")
        NO_TRACE.predicted(0.0, [0.0])
        NO_TRACE.show(0.0)
        NO_TRACE.end(0.0)
