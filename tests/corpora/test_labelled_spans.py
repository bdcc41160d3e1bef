from __future__ import annotations

from pathlib import Path

import pytest

from engine.annotations import Annotation, Annotations
from engine.config import EMOTIONS
from engine.corpora.labelled_spans import LabelledRecording, labelled_items
from engine.corpora.manifest import WHOLE, Part
from engine.types import Word

MEDIA = Path("talk.mkv")


def span(id: str, start_s: float, end_s: float, label: str | None) -> Annotation:
    return Annotation(id=id, start_s=start_s, end_s=end_s, label=label)


def word(text: str, start_s: float) -> Word:
    return Word(text=text, start_s=start_s, end_s=start_s + 0.4, confidence=1.0, final=True)


def recording(*annotations: Annotation, **more: object) -> LabelledRecording:
    fields: dict[str, object] = {"name": "talk", "media": MEDIA, "annotations": Annotations(annotations)}
    return LabelledRecording(**(fields | more))  # type: ignore[arg-type]


def test_spans_become_items_in_the_time_of_the_file() -> None:
    words = [word("so", 11.8), word("glad", 12.0), word("today", 13.9), word("later", 15)]
    found = labelled_items([recording(span("a", 12, 14, " Happy "), from_s=10.0, words=words)], EMOTIONS, "anna")
    (row,) = found.rows
    part = Part(start_s=2.0, end_s=4.0)
    assert (row.id, row.label, row.audio, row.heard, row.video, row.part) == (
        "talk-a", "happy", MEDIA, part, MEDIA, part,
    )  # fmt: skip
    assert (row.text, row.speaker, found.left_out, found.notes) == ("so glad", "anna", {}, ())  # 12.0 is within


def test_what_is_not_there_is_not_in_the_item() -> None:
    (row,) = labelled_items([recording(span("a", 1, 2, "sad"), pictures=False)], None).rows
    assert row.video is None and row.audio == MEDIA and row.text is None and row.speaker is None
    found = labelled_items([recording(span("a", 1, 2, "sad"), sound=False)], None)
    assert found.rows[0].audio is None and found.notes == ("no item has words",)
    assert found.rows[0].part != WHOLE


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (span("a", 1, 3, None), "without a label"),
        (span("a", 1, 3, "  "), "without a label"),
        (span("a", 1, 3, "joy"), "labelled joy, which is none of anger, disgust, fear, happy, neutral, sad, surprise"),
        (span("a", 3, 3, "happy"), "labelled at a moment: give them an end"),
        (span("a", 3, 3.4, "happy"), "shorter than 0.5 s"),
        (span("a", 25, 30, "happy"), "outside of the recording"),
        (span("a", 2, 5.2, "happy"), "outside of the recording"),
    ],
)
def test_what_is_of_no_use_is_told(one: Annotation, reason: str) -> None:
    found = labelled_items([recording(one, from_s=5.0, until_s=20.0)] * 2, EMOTIONS)
    if reason.startswith("shorter") or "moment" in reason:
        found = labelled_items([recording(one)] * 2, EMOTIONS)
    assert not found.rows and found.left_out == {reason: 2}


def test_any_label_where_no_model_says_which() -> None:
    (row,) = labelled_items([recording(span("a", 1, 3, "Joy"))], None).rows
    assert row.label == "Joy"


def test_a_span_at_the_edge_is_cut_to_the_recording() -> None:
    (row,) = labelled_items([recording(span("a", 4, 7, "sad"), from_s=5.0, until_s=6.5)], EMOTIONS).rows
    assert row.heard == Part(start_s=0.0, end_s=1.5)


def test_a_long_span_becomes_several_items_with_their_own_words() -> None:
    words = [word(f"w{k}", k) for k in range(30)]
    found = labelled_items([recording(span("a", 0, 25, "sad"), words=words)], EMOTIONS)
    assert [row.id for row in found.rows] == ["talk-a-1", "talk-a-2", "talk-a-3"]
    assert [row.heard.start_s for row in found.rows] == pytest.approx([0, 25 / 3, 50 / 3])
    assert found.rows[-1].heard.end_s == 25
    assert " ".join(row.text or "" for row in found.rows) == " ".join(f"w{k}" for k in range(25))
    (whole,) = labelled_items([recording(span("a", 0, 10, "sad"))], EMOTIONS).rows
    assert whole.heard == Part(start_s=0.0, end_s=10.0)


def test_spans_that_contradict_each_other_are_told() -> None:
    own = [span("a", 0, 4, "sad"), span("b", 3, 5, "happy"), span("c", 3, 5, "Sad"), span("d", 5, 7, "fear")]
    found = labelled_items([recording(*own)], EMOTIONS)
    assert len(found.rows) == 4 and "3 spans overlap one with another label" in found.notes[0]


def test_recordings_of_one_name_are_told_apart() -> None:
    found = labelled_items([recording(span("a", 0, 4, "sad"))] * 2, EMOTIONS)
    assert [row.id for row in found.rows] == ["talk-a", "talk-2-a"]
