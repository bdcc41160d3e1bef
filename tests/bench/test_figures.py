from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import figures
from engine.bench.bench import BenchSettings
from engine.bench.run import measure
from tests.bench.fakes import FakeStage


def test_what_was_measured_gets_into_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    *_, record = measure([FakeStage(), FakeStage("two", failure="gone")], BenchSettings())
    record.write(tmp_path / "bench.json")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    monkeypatch.setattr(sys, "argv", ["figures", str(tmp_path / "bench.json"), str(page)])
    for _ in range(2):  # again and again
        figures.main()
        text = page.read_text()
        assert text.startswith("before\n<!-- figures -->\n") and text.endswith("<!-- end of figures -->\nafter\n")
        assert "old\n" not in text and text.count("### `attune bench fake`") == 1
        assert "| a call | 1 ms | 2 ms | 2 ms | 1 ms | 10 ms | **10.0x** | 10.0x | >= 3x: met |" in text
        assert "| a share | 93.2 % |" in text and ">= 95 %: not met |" in text
        assert "not finished: gone" in text and "against the old way" in text


def test_the_page_of_the_documentation_has_the_marks() -> None:
    page = Path(__file__).parents[2] / "docs" / "performance.md"
    assert figures._MARKS.search(page.read_text(encoding="utf-8"))


def test_other_files_are_refused() -> None:
    with pytest.raises(SystemExit, match="bench"):
        figures.render({"format": "something"})
