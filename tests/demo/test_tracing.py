from __future__ import annotations

from pathlib import Path

import pytest

from demo.cli.tracing import traced
from engine.errors import OutputError
from engine.runtime.trace import NO_TRACE


def test_without_a_file_nothing_is_traced() -> None:
    with traced(None) as trace:
        assert trace is NO_TRACE


def test_an_older_trace_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    for _ in range(2):
        with traced(path) as trace:
            trace.begin(0.0, 0.0)
    assert '"picture"' in path.read_text()
    recording = tmp_path / "talk.mp4"
    recording.write_bytes(b"\x00\x00\x00\x20ftyp")
    with pytest.raises(OutputError, match="no earlier result of this kind"), traced(recording):
        pass
    assert recording.read_bytes() == b"\x00\x00\x00\x20ftyp"
    about = tmp_path / "session.json"
    about.write_text('{"format": "attune session"}')
    with pytest.raises(OutputError, match="recorded session"), traced(about):
        pass
    assert about.read_text() == '{"format": "attune session"}'
