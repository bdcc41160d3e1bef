"""The history as it grows, and the rates of the stages."""

from __future__ import annotations

import time

import numpy as np
import pytest

from demo.history_table import HistoryTable, Part, said_by
from demo.showing import thresholds, utterances_until
from demo.vitals import Vitals
from engine.config import EMOTIONS
from engine.runtime.stats import Latency
from engine.snapshot import Snapshot
from engine.timeline import Moment, Timeline
from engine.types import Word
from engine.utterance import Utterance
from tests.test_timeline import predict


def test_a_history_grows_with_its_timeline_and_stays_the_same_object_meanwhile() -> None:
    table, timeline = HistoryTable(("self",), EMOTIONS, 0.5), Timeline()
    timeline.add(0.5, predict(0.5))
    part = Part(timeline=timeline, from_s=0.0, until_s=10.0)
    first = table.read([part])
    assert table.read([part]) is first
    timeline.add(1.0, None)
    timeline.add(1.5, predict(1.5, top=5))
    second = table.read([part])
    assert second.version > first.version
    assert second.times_s.tolist() == [0.5, 1.0, 1.5] and second.covered == ((0.0, 10.0),)
    rows = second.probabilities["self"]
    assert np.isnan(rows[1]).all() and rows[0].argmax() == 3 and rows[2].argmax() == 5
    timeline.replace(0.5, predict(0.5, top=1))
    assert table.read([part]).probabilities["self"][0].argmax() == 1


def test_words_come_before_anything_is_predicted() -> None:
    table, timeline = HistoryTable(("self", "cross"), EMOTIONS, 0.5), Timeline()
    timeline.start_utterance(0, 0.4)
    history = table.read([Part(timeline=timeline, from_s=0.0, until_s=10.0)])
    assert len(history.utterances) == 1 and len(history.times_s) == 0
    assert {fusion: rows.shape for fusion, rows in history.probabilities.items()} == {"self": (0, 7), "cross": (0, 7)}


def test_parts_count_only_within_their_time() -> None:
    table = HistoryTable(("self",), EMOTIONS, 0.5)
    early, late = Timeline(), Timeline()
    for k in range(1, 7):
        early.add(k / 2, predict(k / 2, top=1))
        late.add(k / 2, predict(k / 2, top=2))
    early.start_utterance(0, 0.4)
    late.start_utterance(0, 0.4)
    parts = [Part(timeline=early, from_s=0.0, until_s=1.6), Part(timeline=late, from_s=2.0, until_s=3.5)]
    history = table.read(parts)
    assert history.times_s.tolist() == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert history.probabilities["self"].argmax(axis=1).tolist() == [1, 1, 1, 2, 2, 2]
    assert history.covered == ((0.0, 1.6), (2.0, 3.5)) and len(history.utterances) == 1
    meeting = [Part(timeline=early, from_s=0.0, until_s=2.0), Part(timeline=late, from_s=2.0, until_s=3.0)]
    assert table.read(meeting).times_s.tolist() == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]


def test_only_words_that_have_begun_are_in_the_transcript() -> None:
    words = tuple(Word(text=f"w{k}", start_s=float(k), end_s=k + 0.9, confidence=1.0, final=True) for k in range(4))
    said = [
        Utterance(index=0, start_s=0.0, end_s=4.0, words=words),
        Utterance(index=1, start_s=9.0, end_s=10.0, words=words),
    ]
    (shown,) = utterances_until(said, 2.5)
    assert [word.text for word in shown.words] == ["w0", "w1", "w2"] and shown.open and shown.end_s == 2.5
    assert not utterances_until(said, 4.5)[0].open
    assert utterances_until([], 1.0) == ()


def test_thresholds_are_those_of_the_models() -> None:
    assert thresholds({"models": {"self": {"unsure_threshold": 0.5}, "cross": {}}}) == {"self": 0.5}
    assert thresholds({}) == {}


def test_rates_are_of_the_last_seconds_and_the_way_to_the_screen_is_live_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    vitals = Vitals()

    def snapshot(count: int) -> Snapshot:
        latency = {"face": Latency(p50_s=0.02, p95_s=0.03, newest_s=0.02, count=count, total_s=1.0)}
        queued = {"face": (1, 6)}
        return Snapshot(
            position_s=0.0,
            prediction=None,
            present=(),
            utterances=(),
            face=None,
            speaking=False,
            latency=latency,
            queued=queued,
        )

    vitals.read(snapshot(0), (), "onnx", live=True)
    now_s[0] = 102.0
    vitals.painted(101.95)
    health = vitals.read(snapshot(12), (), "onnx", live=True)
    (stage,) = health.stages
    assert (stage.rate_hz, stage.queued, stage.capacity) == (6.0, 1, 6)
    assert health.screen_s == pytest.approx((0.05, 0.05))
    assert vitals.read(snapshot(12), (), "onnx", live=False).screen_s is None


def test_what_was_shown_never_changes_and_only_what_is_new_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    table, timeline, read = HistoryTable(("self",), EMOTIONS, 0.5), Timeline(), list[int]()
    moments_from = timeline.moments_from

    def reading(index: int) -> tuple[Moment, ...]:
        read.append(index)
        return moments_from(index)

    monkeypatch.setattr(timeline, "moments_from", reading)
    part = Part(timeline=timeline, from_s=0.0, until_s=1e4)
    for k in range(1, 1001):
        timeline.add(k / 2, predict(k / 2, top=3))
        if k % 100 == 0:
            table.read([part])
    assert read == list(range(0, 1000, 100))
    first = table.read([part])
    timeline.replace(1.0, predict(1.0, top=1))
    timeline.replace(2.0, None)
    second = table.read([part])
    rows = second.probabilities["self"]
    assert read[-1] == 1000 and rows[1].argmax() == 1 and np.isnan(rows[3]).all() and rows[5].argmax() == 3
    assert first.probabilities["self"][:4].argmax(axis=1).tolist() == [3, 3, 3, 3]
    assert rows.shape == (1000, len(EMOTIONS)) and not rows.flags.writeable


def test_utterances_that_have_not_changed_are_the_same_objects() -> None:
    timeline = Timeline()
    for index in range(3):
        timeline.start_utterance(index, 10.0 * index)
        timeline.end_utterance(index, 10.0 * index + 5)
    part = Part(timeline=timeline, from_s=0.0, until_s=100.0)
    before = timeline.utterances
    assert said_by([part]) is before and utterances_until(before, 60.0) is before
    timeline.set_words(1, (), final=True)
    after = timeline.utterances
    assert after[1].final and [one is other for one, other in zip(before, after, strict=True)] == [True, False, True]
    timeline.start_utterance(3, 40.0)
    assert [one.index for one in said_by([part])] == [0, 1, 2, 3] and before[1] is not after[1]
