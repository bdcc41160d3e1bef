"""Subtitles read with srt, webvtt-py and pysubs2."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from engine.export.cues import COLUMNS, LINES, SHORTEST_MS, Cue, cues, one_line
from engine.export.findings import Findings
from engine.export.subtitles import write_srt, write_webvtt
from tests.export.made import findings, findings_drawn, utterance, word

srt = pytest.importorskip("srt")
webvtt = pytest.importorskip("webvtt")


def _said(text: str, start_s: float, end_s: float, **others: int | None) -> Findings:
    words = text.split()
    step_s = (end_s - start_s) / len(words)
    timed = [word(one, start_s + k * step_s, start_s + (k + 1) * step_s) for k, one in enumerate(words)]
    return findings(utterances=(utterance(0, timed, start_s, end_s, **others),))


def test_a_short_utterance() -> None:
    (cue,) = cues(_said("oh no", 1.0, 1.4))
    assert (cue.start_ms, cue.end_ms, cue.lines) == (1000, 2000, ("[happy 70 %] oh no",))


def test_a_long_one_is_cut_where_its_words_are() -> None:
    found = cues(_said("what a very long sentence this is " * 5, 0.0, 20.0, top=None))
    assert [len(cue.lines) for cue in found] == [2, 2, 1] or all(len(cue.lines) <= 2 for cue in found)
    assert " ".join(" ".join(cue.lines) for cue in found).split() == ("what a very long sentence this is " * 5).split()
    assert [cue.start_ms for cue in found] == [round(1000 * cue.words[0].start_s) for cue in found]


def test_no_cue_is_shown_while_another_is() -> None:
    quick = [utterance(k, [word("so", 0.2 * k, 0.2 * k + 0.1)], 0.2 * k, 0.2 * k + 0.1) for k in range(4)]
    found = cues(findings(utterances=tuple(quick)))
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(0, 1000), (1000, 2000), (2000, 3000), (3000, 4000)]


def require_readable(found: list[Cue]) -> None:
    end_ms = 0
    for cue in found:
        assert end_ms <= cue.start_ms and cue.end_ms - cue.start_ms >= SHORTEST_MS
        end_ms = cue.end_ms
        longest = max([len(one_line(one.text)) for one in cue.words] + [len(cue.mark)])
        assert all(0 < len(line) <= max(COLUMNS, longest) for line in cue.lines)
        assert len(cue.lines) <= LINES or longest > COLUMNS - len(cue.mark)


@settings(max_examples=60, deadline=None)
@given(found=findings_drawn())
def test_anything_comes_back(found: Findings) -> None:
    made = cues(found)
    require_readable(made)
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.srt")
        write_srt(path, made)
        read = list(srt.parse(path.read_text(encoding="utf-8"), ignore_errors=False))
        assert [(one.start, one.end) for one in read] == [
            (timedelta(milliseconds=cue.start_ms), timedelta(milliseconds=cue.end_ms)) for cue in made
        ]
        assert [one.content for one in read] == ["\n".join(cue.lines).replace("-->", "->") for cue in made]
        path = Path(folder, "x.vtt")
        write_webvtt(path, made, title=found.name)
        again = webvtt.read(str(path)).captions
        assert [one.start for one in again] == [_clock(cue.start_ms) for cue in made]
        assert [one.end for one in again] == [_clock(cue.end_ms) for cue in made]
        marks = [one.raw_text for one in again]
        for cue, raw in zip(made, marks, strict=True):
            inner = raw.removeprefix("<c.happy>").removeprefix("<c.anger>").removesuffix("</c>")
            unescaped = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            assert unescaped == "\n".join(cue.lines)


def _clock(time_ms: int) -> str:
    return f"{time_ms // 3_600_000:02}:{time_ms // 60_000 % 60:02}:{time_ms // 1000 % 60:02}.{time_ms % 1000:03}"


def test_what_the_formats_reserve_stays_text(tmp_path: Path) -> None:
    import pysubs2

    made = cues(_said("a --> b <v You> & <b>", 0.0, 3.0))
    write_webvtt(tmp_path / "x.vtt", made, title="a --> b")
    text = (tmp_path / "x.vtt").read_text()
    assert text.startswith("WEBVTT - a -> b\n\n1\n00:00:00.000 --> ")
    assert "a --&gt; b &lt;v You&gt; &amp; &lt;b&gt;" in text.replace("\n", " ")
    write_srt(tmp_path / "x.srt", made)
    read = pysubs2.load(str(tmp_path / "x.srt"))
    assert [(one.start, one.end) for one in read] == [(cue.start_ms, cue.end_ms) for cue in made]


def test_nothing_said(tmp_path: Path) -> None:
    write_srt(tmp_path / "x.srt", [])
    write_webvtt(tmp_path / "x.vtt", [])
    assert (tmp_path / "x.srt").read_text() == "" and webvtt.read(str(tmp_path / "x.vtt")).captions == []


def test_words_that_are_missing_are_said_to_be() -> None:
    from dataclasses import replace

    one = replace(utterance(0, [word("hello", 0.0, 0.5)], 0.0, 3.0), missing=True)
    (cue,) = cues(findings(utterances=(one,)))
    assert (cue.lines, cue.end_ms) == (("[happy 70 %] hello [words missing]",), 3000)
    (cue,) = cues(findings(utterances=(replace(one, words=(), final=False),)))
    assert (cue.lines, cue.start_ms) == (("[happy 70 %] [words missing]",), 0)
