"""The part that all recognisers share: sound by time, and utterances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.asr.utterance import KEEP_S, SoundHistory, Utterance, UtteranceRecognizer
from engine.features.speech import Heard
from engine.types import AudioBlock, FloatArray, Word
from tests.asr.hearing import FRAME, RATE_HZ, Spoken, hear, spoken


def block(start: int, samples: FloatArray, rate_hz: int = RATE_HZ, *, gap: bool = False) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=start / RATE_HZ, captured_s=0.0, rate_hz=rate_hz, samples=samples, gap=gap)


class Counting(UtteranceRecognizer):
    """Its words say how much sound there was; it answers at every half second of speech."""

    def __init__(self) -> None:
        super().__init__("counting", "for the test")
        self.sums: list[float] = []
        self._next_s = 0.5

    def _begin(self, utterance: Utterance) -> None:
        self._next_s = 0.5

    def _grow(self, utterance: Utterance, until_s: float) -> Sequence[Word] | None:
        if utterance.voiced_s < self._next_s:
            return None
        self._next_s += 0.5
        return self._words(utterance, until_s)

    def _finish(self, utterance: Utterance, end_s: float) -> Sequence[Word]:
        return self._words(utterance, end_s)

    def _words(self, utterance: Utterance, end_s: float) -> list[Word]:
        sound = self._sound.between(utterance.start, round(end_s * RATE_HZ))
        text = f"{len(sound)}:{sound.sum(dtype=np.float64):.3f}:{utterance.gain:.1f}"
        return [
            Word(text=text, start_s=utterance.start_s - 1, end_s=end_s + 1, confidence=1.5, final=False),
            Word(text="after", start_s=end_s, end_s=end_s + 1, confidence=1, final=False),
        ]


SOUND = np.random.default_rng(1).uniform(-1, 1, 6 * RATE_HZ).astype(np.float32)
UTTERANCES = (spoken(0.5, 2.2, gain=3.0), spoken(3.4, 4.6))


def updates(recognizer: UtteranceRecognizer, heard: Sequence[Heard]) -> list[object]:
    out = [update for one in heard for update in recognizer.feed(one)]
    return [*out, *recognizer.flush()]


def test_sound_is_found_by_time_and_gaps_are_silence() -> None:
    history = SoundHistory()
    history.append(block(100, np.full(50, 0.1, np.float32)))
    history.append(block(200, np.full(50, 0.2, np.float32), gap=True))
    found = history.between(90, 260)
    assert len(found) == 170
    assert found[:10].sum() == 0 and found[60:110].sum() == 0 and found[160:].sum() == 0
    assert np.allclose(found[10:60], 0.1) and np.allclose(found[110:160], 0.2)
    assert len(history.between(5, 3)) == 0


def test_rounded_times_make_no_holes() -> None:
    history = SoundHistory()
    for number in range(20):
        history.append(block(0, np.ones(100, np.float32)) if number == 0 else _at(number * 100 + 0.5 * (number % 2)))
    assert history.between(0, 2000).sum() == 2000


def _at(start: float) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=start / RATE_HZ, captured_s=0.0, rate_hz=RATE_HZ, samples=np.ones(100, np.float32))


def test_other_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="16000 Hz"):
        SoundHistory().append(block(0, np.zeros(10, np.float32), rate_hz=44_100))


def test_updates_carry_clipped_words_and_the_time_of_their_knowledge() -> None:
    out = updates(Counting(), list(hear(SOUND, UTTERANCES, range(0, 200))))
    finals = [one for one in out if one.final]
    assert [one.utterance for one in finals] == [0, 1]
    for final, one in zip(finals, UTTERANCES, strict=True):
        assert final.pts_s == one.end_known_s
        (word,) = final.words
        assert (word.start_s, word.end_s, word.confidence, word.final) == (one.start_s, one.end_s, 1.0, True)
        samples = round(one.end_s * RATE_HZ) - round(one.start_s * RATE_HZ)
        assert word.text.startswith(f"{samples}:") and word.text.endswith(f"{one.gain:.1f}")
    partial = next(one for one in out if not one.final)
    assert partial.words[0].end_s == partial.pts_s and not partial.words[0].final
    assert [one.pts_s for one in out] == sorted(one.pts_s for one in out)


@settings(max_examples=60, deadline=None)
@given(splits=st.sets(st.integers(1, len(SOUND) // FRAME), max_size=40))
def test_splits_do_not_matter(splits: set[int]) -> None:
    whole = updates(Counting(), list(hear(SOUND, UTTERANCES)))
    assert updates(Counting(), list(hear(SOUND, UTTERANCES, sorted(splits)))) == whole
    assert len(whole) > 4


def test_an_utterance_that_is_cut_goes_on_in_the_next() -> None:
    first = Spoken(0.2, 3.0, 0.7, 3.008)
    second = Spoken(3.0, 5.0, 3.008, 5.6)
    out = updates(Counting(), list(hear(SOUND, (first, second), range(0, 200))))
    assert [one.utterance for one in out if one.final] == [0, 1]
    assert out[-1].words[0].text.startswith(f"{2 * RATE_HZ}:")


def test_flush_closes_what_is_open() -> None:
    never_ends = Spoken(0.2, 99.0, 0.7, 99.0)
    heard = [*hear(SOUND[: 2 * RATE_HZ], (never_ends,), range(0, 100))]
    recognizer = Counting()
    for one in heard:
        open_end = [event for event in one.events if event.kind == "start"]
        recognizer.feed(
            Heard(block=one.block, features=(), voice=one.voice, events=tuple(open_end), until_s=one.until_s)
        )
    (last,) = recognizer.flush()
    assert last.final and last.words[0].end_s == 2.0
    assert recognizer.flush() == []


def test_memory_is_bounded() -> None:
    recognizer = Counting()
    for at in range(0, 60 * RATE_HZ, FRAME):
        (heard,) = hear(SOUND[:FRAME], (), begin_s=at / RATE_HZ)
        recognizer.feed(heard)
    blocks = recognizer._sound._blocks
    assert KEEP_S - 0.1 <= sum(len(samples) for _, samples in blocks) / RATE_HZ <= KEEP_S + 0.1
    assert len(recognizer._frames) <= 100


def test_silence_gives_nothing() -> None:
    assert updates(Counting(), list(hear(np.zeros(RATE_HZ, np.float32), ()))) == []
    nothing = Heard(block=None, features=(), voice=(), events=(), until_s=3.0)
    assert Counting().feed(nothing) == []


def test_another_stream_may_follow_at_its_end_or_when_time_goes_back() -> None:
    recognizer = Counting()
    whole = updates(recognizer, list(hear(SOUND, UTTERANCES)))
    assert updates(recognizer, list(hear(SOUND, UTTERANCES))) == whole
    unfinished = next(hear(SOUND, UTTERANCES, [100]))
    assert any(not update.final for update in recognizer.feed(unfinished))
    assert updates(recognizer, list(hear(SOUND, UTTERANCES))) == whole
