from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.asr.base import TranscriptUpdate
from engine.config import AUDIO_DIM, SessionConfig, WindowMode
from engine.features.endpoint import SpeechEvent
from engine.features.series import Series
from engine.features.window import WindowBuilder
from engine.types import FeatureBlock, UtteranceWindow, Word
from tests.fakes import FakeVectors

DUE_S = 0.0525


@dataclass
class Streams:
    """Everything that four streams bring, in order of time within each."""

    audio: list[float] = field(default_factory=list)
    faces: list[tuple[float, bool]] = field(default_factory=list)
    events: list[SpeechEvent] = field(default_factory=list)
    updates: list[TranscriptUpdate] = field(default_factory=list)


def frame(time_s: float) -> np.ndarray:
    return np.full(AUDIO_DIM, time_s, np.float32)


def face(time_s: float) -> np.ndarray:
    return np.array([time_s, 1.0, 2.0], np.float32)


def expected(streams: Streams, t: float, mode: WindowMode) -> tuple[list[float], list[float], list[Word], int | None]:
    """The window by its definition: times of audio and faces, words, and the open utterance."""
    utterance, start_s, ended_s = None, 0.0, 0.0
    for event in streams.events:
        if event.known_s <= t and event.kind == "start":
            utterance, start_s = event.utterance, event.pts_s
        elif event.known_s <= t:
            utterance, ended_s = None, event.pts_s
    audio = [s for s in streams.audio if s <= t - DUE_S]
    seen: list[float] = []
    sampled_s = -np.inf
    for s, is_face in streams.faces:
        if s > t:
            break
        if s - sampled_s > 1.0 + 1e-6:  # no picture for over a second
            seen = []
        sampled_s = s
        if is_face:
            seen.append(s)
        elif seen and s - seen[-1] > 1.0 + 1e-6:
            seen = []
    if t - sampled_s > 1.0 + 1e-6:
        seen = []
    newest = {update.utterance: update for update in streams.updates if update.pts_s <= t}
    words: list[Word] = []
    if mode == "sliding":
        audio = [s for s in audio if s >= max(0.0, t - 10)]
        seen = [s for s in seen if s >= max(0.0, t - 32 / 3)]
        words = [w for k in sorted(newest) for w in newest[k].words if (w.start_s + w.end_s) / 2 >= t - 10.0]
    elif utterance is not None:
        audio = [s for s in audio if s >= start_s]
        seen = [s for s in seen if s >= start_s]
        words = list(newest[utterance].words) if utterance in newest else []
    else:
        audio = []
        seen = [s for s in seen if s >= max(0.0, t - 32 / 3, min(ended_s, t - 0.5))]
    return audio[-1000:], seen[-32:], [w for w in words if "7" not in w.text][-128:], utterance


def check(window: UtteranceWindow, utterance: int | None, streams: Streams, t: float, mode: WindowMode) -> None:
    audio, faces, words, current = expected(streams, t, mode)
    assert utterance == current
    assert window.audio_times_s.tolist() == audio
    assert window.video_times_s.tolist() == faces
    assert list(window.words) == words
    assert np.array_equal(window.audio[:, 0], np.array(audio, np.float32))
    assert np.array_equal(window.video[:, 0], np.array(faces, np.float32))
    assert window.text_times_s.tolist() == [(w.start_s + w.end_s) / 2 for w in words]
    assert window.end_s == t
    assert window.start_s <= min([*audio, *faces], default=t)


@st.composite
def conversations(draw: st.DrawFn) -> Streams:
    """Half a minute of talking: utterances, words that come and change, a face that comes and goes."""
    streams = Streams(audio=(np.arange(0, 3000) * 0.01 + 0.0125).tolist())
    rate_hz = draw(st.sampled_from([1.0, 3.0]))
    gone = draw(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 4)), max_size=4))
    for k in range(int(30 * rate_hz)):
        s = k / rate_hz + draw(st.sampled_from([0.0, 0.01]))
        streams.faces.append((s, not any(a <= s <= a + length for a, length in gone)))
    end_s = 0.0
    for index in range(draw(st.integers(0, 4))):
        start_s = end_s + draw(st.floats(0, 5))
        known_s = start_s + draw(st.floats(0, 1.2))
        end_s = known_s + draw(st.floats(0, 15))
        end_known_s = end_s + draw(st.floats(0, 0.8))
        streams.events += [
            SpeechEvent(kind="start", utterance=index, pts_s=start_s, known_s=known_s),
            SpeechEvent(kind="end", utterance=index, pts_s=end_s, known_s=end_known_s),
        ]
        count = draw(st.integers(0, 60))
        length_s = (end_s - start_s) / max(count, 1)
        words = [
            Word(
                text=f"w{k}",
                start_s=start_s + k * length_s,
                end_s=start_s + (k + 1) * length_s,
                confidence=1,
                final=False,
            )
            for k in range(count)
        ]
        for share in sorted(draw(st.lists(st.floats(0, 1.4), max_size=4))):
            pts_s = known_s + share * (end_known_s - known_s)
            heard = tuple(w for w in words if w.end_s <= pts_s)
            streams.updates.append(TranscriptUpdate(pts_s=pts_s, utterance=index, words=heard, final=share > 1))
        end_s = max(end_s, end_known_s)
    return streams


def add(builder: WindowBuilder, streams: Streams, low_s: float, high_s: float) -> None:
    """Add what becomes available after ``low_s`` and by ``high_s``."""
    times = np.array([s for s in streams.audio if low_s < s + DUE_S <= high_s])
    for part in np.array_split(times, 3):
        values = np.array([frame(s) for s in part], np.float32).reshape(-1, AUDIO_DIM)
        builder.add_audio(FeatureBlock(stream="audio", times_s=part, values=values))
    for s, is_face in streams.faces:
        if low_s < s <= high_s:
            builder.add_face(s, face(s) if is_face else None)
    for event in streams.events:
        if low_s < event.known_s <= high_s:
            builder.add_speech(event)
    for update in streams.updates:
        if low_s < update.pts_s <= high_s:
            builder.add_transcript(update)


@settings(max_examples=20, deadline=None)
@given(conversations(), st.sampled_from([0.5, 0.7, 2.5]), st.floats(0, 6), st.sampled_from(["utterance", "sliding"]))
def test_it_holds_what_is_available_however_far_ahead_the_streams_are(
    streams: Streams, step_s: float, ahead_s: float, mode: WindowMode
) -> None:
    builder = WindowBuilder(SessionConfig(window=mode), FakeVectors(), 3)
    added_s = -1.0
    for k in range(1, int(31 / step_s)):
        t = k * step_s
        if added_s < t:
            add(builder, streams, added_s, t + ahead_s)
            added_s = t + ahead_s
        check(*builder.window_at(t), streams, t, mode)


def build(streams: Streams, t: float, mode: WindowMode = "utterance") -> tuple[UtteranceWindow, int | None]:
    builder = WindowBuilder(SessionConfig(window=mode), FakeVectors(), 3)
    add(builder, streams, -1.0, 1000.0)
    return builder.window_at(t)


def said(*kinds: str, at: Sequence[tuple[float, float]]) -> list[SpeechEvent]:
    return [
        SpeechEvent(kind=kind, utterance=k // 2, pts_s=pts_s, known_s=known_s)  # type: ignore[arg-type]
        for k, (kind, (pts_s, known_s)) in enumerate(zip(kinds, at, strict=True))
    ]


def test_an_audio_frame_counts_from_when_its_derivatives_are_known() -> None:
    streams = Streams(audio=[0.4475, 0.4476], events=said("start", at=[(0.1, 0.3)]))
    window, utterance = build(streams, 0.5)
    assert window.audio_times_s.tolist() == [0.4475]
    assert (window.start_s, utterance, window.present) == (0.1, 0, ("audio",))


def test_an_old_expression_does_not_linger_after_an_utterance() -> None:
    streams = Streams(
        faces=[(k / 3, True) for k in range(40)], events=said("start", "end", at=[(1.0, 1.2), (4.9, 5.6)])
    )
    window, utterance = build(streams, 6.0)
    assert utterance is None
    assert window.video_times_s.min() > 4.9
    assert window.present == ("video",)


def test_the_first_window_after_an_utterance_has_a_face() -> None:
    streams = Streams(
        faces=[(k / 3, True) for k in range(40)], events=said("start", "end", at=[(1.0, 1.2), (4.99, 4.99)])
    )
    assert build(streams, 5.0 - 1e-3)[0].video_times_s.tolist() == [14 / 3]


@pytest.mark.parametrize(("unseen_until", "faces"), [(4, 2), (5, 0)])
def test_a_face_lost_for_over_a_second_empties_the_stream(unseen_until: int, faces: int) -> None:
    streams = Streams(faces=[(k / 3, k < 2) for k in range(unseen_until + 1)])
    assert len(build(streams, unseen_until / 3 + 0.1)[0].video) == faces


def test_without_pictures_for_over_a_second_there_is_no_face_and_an_old_one_does_not_come_back() -> None:
    streams = Streams(faces=[(0.0, True), (1 / 3, True), (3.0, True)])
    assert len(build(streams, 1.3)[0].video) == 2
    assert len(build(streams, 1.4)[0].video) == 0
    assert build(streams, 3.2)[0].video_times_s.tolist() == [3.0]


def test_words_that_are_late_for_their_utterance_are_in_no_window() -> None:
    streams = Streams(audio=[1.0], events=said("start", "end", at=[(0.5, 1.0), (3.0, 3.8)]))
    spoken = (Word(text="hello", start_s=1.0, end_s=1.5, confidence=1.0, final=True),)
    streams.updates = [TranscriptUpdate(pts_s=3.9, utterance=0, words=spoken, final=True)]
    assert build(streams, 4.0)[0].present == ()
    assert build(streams, 4.0, "sliding")[0].words == spoken


@pytest.mark.parametrize("mode", ["utterance", "sliding"])
def test_words_are_looked_up_when_they_change(mode: WindowMode) -> None:
    looked_up = []

    class Watched(FakeVectors):
        def embed(self, words: Sequence[Word]) -> tuple[tuple[Word, ...], np.ndarray, int]:
            looked_up.append(tuple(word.text for word in words))
            return super().embed(words)

    builder = WindowBuilder(SessionConfig(window=mode), Watched(), 3)
    builder.add_speech(SpeechEvent(kind="start", utterance=0, pts_s=0.2, known_s=0.4))
    spoken = [Word(text=text, start_s=0.5, end_s=0.8, confidence=1.0, final=False) for text in ("oh", "seven7")]
    for at_s, count in ((1.0, 1), (2.0, 2)):
        update = TranscriptUpdate(pts_s=at_s, utterance=0, words=tuple(spoken[:count]), final=False)
        builder.add_transcript(update)
    windows = [builder.window_at(t / 2)[0] for t in range(1, 7)]
    assert looked_up == [(), ("oh",), ("oh", "seven7")]
    assert [(len(window.words), window.skipped_words) for window in windows] == [(0, 0), *[(1, 0)] * 2, *[(1, 1)] * 3]


def test_it_forgets_what_no_window_can_need() -> None:
    builder = WindowBuilder(SessionConfig(), FakeVectors(), 3)
    streams = Streams(audio=(np.arange(15_000) * 0.01).tolist(), faces=[(k / 3, k % 9 > 4) for k in range(450)])
    added_s = -1.0
    for t in range(1, 150):
        add(builder, streams, added_s, float(t))
        added_s = float(t)
        builder.window_at(float(t))
        assert len(builder._audio) <= 310
        assert len(builder._faces) <= 32
        assert len(builder._unseen) < 8


def test_time_does_not_go_back() -> None:
    builder = WindowBuilder(SessionConfig(), FakeVectors(), 3)
    builder.window_at(2.0)
    with pytest.raises(ValueError, match="forward"):
        builder.window_at(1.5)
    with pytest.raises(ValueError, match="audio frames"):
        builder.add_audio(FeatureBlock(stream="video", times_s=np.zeros(1), values=np.zeros((1, 3), np.float32)))


def test_what_a_window_holds_stays() -> None:
    builder = WindowBuilder(SessionConfig(window="sliding"), FakeVectors(), 3)
    builder.add_face(0.1, face(0.1))
    window, _ = builder.window_at(0.5)
    for k in range(200):
        builder.add_face(0.6 + k, face(0.6 + k))
        builder.window_at(1.0 + k)
    assert window.video.tolist() == [face(0.1).tolist()]
    with pytest.raises(ValueError, match="read-only"):
        window.video[0] = 0


def test_a_series_refuses_frames_out_of_order_and_of_another_size() -> None:
    series = Series(2)
    series.append(np.array([1.0]), np.zeros((1, 2), np.float32))
    with pytest.raises(ValueError, match="order of time"):
        series.append(np.array([0.5]), np.zeros((1, 2), np.float32))
    with pytest.raises(ValueError, match="dimension 2"):
        series.append(np.array([2.0]), np.zeros((1, 3), np.float32))
