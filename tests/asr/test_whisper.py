"""Whisper on real speech."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.asr.base import TranscriptUpdate
from engine.asr.choose import bundled_whisper_model
from engine.asr.whisper import WhisperRecognizer
from engine.asr.whisper_decoder import WhisperDecoder, join_pieces, level, repetitiveness
from engine.asr.whisper_network import Piece, WhisperNetwork
from engine.errors import AssetError
from engine.features.speech import Heard, Hearing
from engine.types import AudioBlock, FloatArray
from tests.asr.hearing import FRAME, RATE_HZ, Spoken, babble, hear, spoken
from tests.conftest import shared_data

_CHECKOUT = Path(__file__).parents[2]
KIDS = "kids are talking by the door"
DOGS = "dogs are sitting by the door"
CLIPS = {
    "speech/ravdess/actor_01/03-01-01-01-01-01-01.flac": KIDS,
    "speech/ravdess/actor_02/03-01-03-01-02-01-02.flac": DOGS,
    "speech/ravdess/actor_07/03-01-05-02-01-02-07.flac": KIDS,
    "speech/ravdess/actor_12/03-01-04-01-02-02-12.flac": DOGS,
    "speech/ravdess/actor_15/03-01-06-02-01-01-15.flac": KIDS,
    "speech/ravdess/actor_18/03-01-08-02-02-01-18.flac": DOGS,
}


@pytest.fixture(scope="module")
def whisper() -> Iterator[WhisperRecognizer]:
    with WhisperRecognizer(bundled_whisper_model(), reason="for the test") as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def network() -> WhisperNetwork:
    return WhisperNetwork(bundled_whisper_model())


def read(path: Path) -> FloatArray:
    """Mono at 16 kHz."""
    import av
    import soxr

    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        parts = [frame.to_ndarray() for frame in container.decode(stream)]
        rate_hz = stream.rate
        packed = not parts[0].shape[0] > 1 and stream.format.is_packed
        channels = stream.channels
    samples = np.concatenate(parts, axis=1)
    if np.issubdtype(samples.dtype, np.integer):
        samples = samples / float(-np.iinfo(samples.dtype).min)
    samples = samples.reshape(-1, channels).mean(axis=1) if packed else samples.mean(axis=0)
    return np.asarray(soxr.resample(samples, rate_hz, RATE_HZ), np.float32)


def recognise(recognizer: WhisperRecognizer, samples: FloatArray) -> list[TranscriptUpdate]:
    """Through real hearing."""
    hearing = Hearing()
    out: list[TranscriptUpdate] = []
    for number, at in enumerate(range(0, len(samples), 4000)):
        block = AudioBlock(
            seq=number, pts_s=at / RATE_HZ, captured_s=0.0, rate_hz=RATE_HZ, samples=samples[at : at + 4000]
        )
        for heard in hearing.feed(block):
            out += recognizer.feed(heard)
    for heard in hearing.flush():
        out += recognizer.feed(heard)
    return out + recognizer.flush()


def run(recognizer: WhisperRecognizer, heard: Iterable[Heard]) -> list[TranscriptUpdate]:
    return [update for one in heard for update in recognizer.feed(one)] + recognizer.flush()


def plain(updates: list[TranscriptUpdate]) -> str:
    text = " ".join(update.text for update in updates if update.final).lower()
    return " ".join(re.findall(r"[a-z']+", text))


def test_acted_speech_is_recognised(whisper: WhisperRecognizer) -> None:
    import jiwer

    found = {path: plain(recognise(whisper, read(shared_data(path)))) for path in CLIPS}
    assert jiwer.wer(list(CLIPS.values()), list(found.values())) <= 0.1, found


def test_a_very_quiet_clip_yields_its_words_in_time(whisper: WhisperRecognizer) -> None:
    samples = read(shared_data("clips/ravdess_01-01-01-01-01-01-01.mp4"))
    updates = recognise(whisper, samples)
    assert plain(updates) == KIDS
    assert any(not update.final for update in updates)
    words = updates[-1].words
    assert all(word.final and 0 <= word.confidence <= 1 for word in words)
    times = [time_s for word in words for time_s in (word.start_s, word.end_s)]
    assert times == sorted(times)
    # Where the samples are loud, the sentence lies.
    envelope = np.convolve(np.abs(samples), np.ones(800) / 800, "same")
    loud = np.flatnonzero(envelope > 0.15 * envelope.max()) / RATE_HZ
    assert abs(words[0].start_s - loud[0]) < 0.3
    assert abs(words[-1].end_s - loud[-1]) < 0.4


@settings(max_examples=3, deadline=None)
@given(splits=st.sets(st.integers(1, 120), max_size=12))
def test_splits_do_not_matter(whisper: WhisperRecognizer, splits: set[int]) -> None:
    samples = read(shared_data(next(iter(CLIPS))))
    utterance = (spoken(0.9, 2.7),)
    whole = run(whisper, hear(samples, utterance))
    assert run(whisper, hear(samples, utterance, sorted(splits))) == whole
    assert plain(whole) == KIDS


def test_few_partial_decodes(whisper: WhisperRecognizer, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[tuple[int, float]] = []

    def decode(samples: FloatArray, *, beam_size: int) -> list[object]:
        lengths.append((beam_size, len(samples) / RATE_HZ))
        return []

    monkeypatch.setattr(whisper._decoder, "decode", decode)
    samples = np.ones(22 * RATE_HZ, np.float32)
    one = Spoken(0.2, 20.2, 0.7, 20.8)
    updates = run(whisper, hear(samples, (one,), range(0, 700)))
    partial = [seconds for beam_size, seconds in lengths if beam_size == 1]
    assert len(partial) <= 9 and sum(partial) <= 3.5 * 20
    assert lengths[-1][1] == pytest.approx(20.0)
    assert updates[-1].final and updates[-1].words == ()
    assert [update.pts_s for update in updates[:-1]] == pytest.approx([0.2 + seconds for seconds in partial])


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(3 * RATE_HZ, np.float32),
        np.random.default_rng(0).normal(0, 0.05, 3 * RATE_HZ).astype(np.float32),
        (0.1 * np.sin(np.arange(3 * RATE_HZ) * 0.1)).astype(np.float32),
        (np.random.default_rng(0).random(3 * RATE_HZ) > 0.999).astype(np.float32),
        np.zeros(0, np.float32),
        np.ones(5, np.float32),
    ],
    ids=["silence", "noise", "tone", "clicks", "empty", "five samples"],
)
def test_no_words_where_nobody_speaks(whisper: WhisperRecognizer, samples: FloatArray) -> None:
    utterances = (Spoken(0.2, 2.5, 0.7, 2.9),)
    updates = run(whisper, hear(samples, utterances))
    if len(samples) > FRAME:
        assert updates[-1].final and updates[-1].utterance == 0
    assert all(update.words == () for update in updates)
    assert whisper._decoder is not None
    assert whisper._decoder.decode(samples, beam_size=1) == []


def test_words_outside_the_speech_are_dropped(whisper: WhisperRecognizer) -> None:
    samples = read(shared_data(next(iter(CLIPS))))
    # Voice activity heard speech only in the first half of the utterance.
    half = Spoken(0.6, 3.2, 1.1, 3.25)
    updates = []
    for heard in hear(samples, (half,), range(0, 200)):
        voice = tuple(frame for frame in heard.voice if frame.end_s < 1.5)
        updates += whisper.feed(
            type(heard)(block=heard.block, features=(), voice=voice, events=heard.events, until_s=0)
        )
    assert whisper.flush() == []
    assert "kids" in plain(updates) and "door" not in plain(updates)
    assert all(word.end_s <= 2.0 for word in updates[-1].words)


def test_long_speech_is_decoded_in_parts(whisper: WhisperRecognizer) -> None:
    speech = read(shared_data(next(iter(CLIPS))))[: 3 * RATE_HZ]
    decoder = whisper._decoder
    assert decoder is not None
    words = decoder.decode(
        np.concatenate([speech, np.zeros(28 * RATE_HZ - len(speech), np.float32), speech]), beam_size=1
    )
    assert sum(word.text.lower().startswith("kids") for word in words) == 2
    assert words[-1].start_s > 28


def test_log_mel_is_that_of_librosa(network: WhisperNetwork) -> None:
    import librosa

    samples = level(babble(1.5)[:23_900])  # no whole number of hops
    found = network.log_mel(samples)
    padded = np.pad(samples, (0, -len(samples) % 160))
    power = librosa.feature.melspectrogram(
        y=padded, sr=RATE_HZ, n_fft=400, hop_length=160, n_mels=80, pad_mode="reflect"
    )
    expected = np.log10(np.maximum(power[:, :-1], 1e-10))
    expected = (np.maximum(expected, expected.max() - 8) + 4) / 4
    assert found.shape == (80, 150) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-4)


def test_pieces_of_a_text_are_aligned(network: WhisperNetwork) -> None:
    samples = read(shared_data(next(iter(CLIPS))))[: 3 * RATE_HZ]
    mel = network.log_mel(level(samples))
    states = network.encode(mel, mel.shape[1] + 100)
    assert states.shape[:2] == (1, 200)
    tokens = network.generate(states, beam_size=1, most_tokens=40).tokens
    pieces = network.align(states, tokens, mel.shape[1])
    assert "".join(piece.text for piece in pieces) == network.text(tokens)
    times = [time_s for piece in pieces for time_s in (piece.start_s, piece.end_s)]
    assert times == sorted(times) and times[-1] <= 3.0
    assert all(0 <= piece.probability <= 1 for piece in pieces)
    assert network.align(states, (), mel.shape[1]) == []


def test_a_letter_of_several_tokens_is_one_piece(network: WhisperNetwork) -> None:
    tokens = network._tokenizer.encode(" na\u00efve \u2603!", add_special_tokens=False).ids
    pieces = network._pieces(tokens)
    assert "".join(text for text, _ in pieces) == " na\u00efve \u2603!"
    assert sum(length for _, length in pieces) == len(tokens) > len(pieces)


def test_nobody_speaking_is_probable_in_silence(network: WhisperNetwork) -> None:
    quiet = network.log_mel(np.full(RATE_HZ, 1e-5, np.float32))
    assert 0.0 <= network.no_speech(network.encode(quiet, 1000)) <= 1.0


def test_level_raises_and_never_clips() -> None:
    rng = np.random.default_rng(0)
    quiet = (1e-4 * rng.standard_normal(16000)).astype(np.float32)
    assert 0.05 < np.sqrt(np.mean(level(quiet) ** 2)) < 0.2
    spiky = quiet.copy()
    spiky[5] = 1.0
    assert np.abs(level(spiky)).max() <= 1.0
    assert level(quiet).dtype == np.float32


def test_pieces_become_words() -> None:
    def piece(text: str, start_s: float) -> Piece:
        return Piece(text=text, start_s=start_s, end_s=start_s + 1, probability=0.5)

    pieces = [piece(" $", 0), piece("5", 1), piece(" well", 2), piece("-", 3), piece("known", 4), piece("!", 5)]
    pieces += [piece(" -", 6), piece(" don", 7), piece("'t", 8), piece("...", 9)]
    words = join_pieces(pieces, 10.0)
    assert [(word.text, word.start_s, word.end_s) for word in words] == [
        ("$5", 11, 12),
        ("well-known!", 12, 15),
        ("don't...", 17, 19),
    ]


def test_repetition_is_recognised() -> None:
    assert repetitiveness("") == 0.0
    assert repetitiveness("I am so happy to see you again after all this time.") < 2.0
    assert repetitiveness("and then " * 20) > 2.4


def test_a_damaged_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_bytes((bundled_whisper_model() / name).read_bytes())
    (tmp_path / "model.bin").write_bytes((bundled_whisper_model() / "model.bin").read_bytes()[:1000])
    with pytest.raises(AssetError, match="install it again"):
        WhisperDecoder(tmp_path)


def test_closed_means_closed() -> None:
    recognizer = WhisperRecognizer(bundled_whisper_model())
    recognizer.close()
    recognizer.close()
    with pytest.raises(RuntimeError, match="closed"):
        for heard in hear(np.zeros(3 * RATE_HZ, np.float32), (spoken(0.5, 1.5),)):
            recognizer.feed(heard)


def test_recognition_loads_nothing_heavy() -> None:
    program = (
        "import sys; from engine.asr.choose import choose_recognizer; choose_recognizer('whisper').close(); "
        "print({'torch', 'librosa', 'scipy', 'av', 'onnxruntime', 'huggingface_hub'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=_CHECKOUT)
    assert done.stdout.strip() == "set()", done.stderr
