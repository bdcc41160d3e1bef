"""Whisper on one stretch of speech: short windows, word times, and guards against invented text."""

from __future__ import annotations

import logging
import re
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.config import SAMPLE_RATE_HZ
from engine.errors import AssetError
from engine.types import FloatArray

_log = logging.getLogger(__name__)

MEL_HOP = 160
SHORTEST_WINDOW = 1000
"""Mel frames (10 s) that the encoder sees at least; see `WhisperDecoder`."""

WINDOW_MARGIN = 200
FULL_WINDOW = 3000
SHORTEST_PHRASE = 3
"""Words that somebody may well say twice in a row are fewer than this."""

LONGEST_S = 28.0
NO_SPEECH_AT = 0.6
LOWEST_MEAN_LOG_PROBABILITY = -1.0
REPETITIVE_AT = 2.4
SPEECH_LEVEL = 0.1
MAX_GAIN = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedWord:
    """A word with times in seconds from the start of the samples, and its mean token probability."""

    text: str
    start_s: float
    end_s: float
    probability: float


class WhisperDecoder:
    """faster-whisper's model with windows as short as the speech allows.

    Whisper pads every input to 30 s, and its encoder takes as long for one second as for thirty. Here
    the input is padded to 10 s, or to its own length and 2 s where that is more. With tiny.en the word
    error rate stays as it is (60 RAVDESS clips: 0.008 against 0.011) at a quarter of the processor
    time; with 2 s of padding alone it was 0.72. A sentence that comes twice, the one new fault of short
    windows that was seen, is decoded again in the full window.

    Decoding is deterministic: beam search, temperature 0, no context from earlier speech.

    Parameters
    ----------
    folder : a CTranslate2 Whisper model with its tokenizer.json.
    threads : processor threads of the encoder and decoder.

    Raises
    ------
    AssetError : faster-whisper is missing, or the folder holds no usable model.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
            from faster_whisper.tokenizer import Tokenizer
        except ImportError as error:
            raise AssetError("Whisper needs the package faster-whisper: pip install faster-whisper") from error
        try:
            self._model: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise AssetError(
                f"the Whisper model in {folder} cannot be loaded ({error}): install it again, or name another one"
            ) from error
        multilingual = bool(self._model.model.is_multilingual)
        self._tokenizer: Any = Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language="en")
        self._view = ctranslate2.StorageView.from_array
        self._frames_per_s = SAMPLE_RATE_HZ // MEL_HOP

    def decode(self, samples: FloatArray, *, beam_size: int) -> list[DecodedWord]:
        """Words of ``samples`` [n] f32 at 16 kHz; none where there is no speech."""
        longest = int(LONGEST_S * SAMPLE_RATE_HZ)
        out: list[DecodedWord] = []
        for at in range(0, len(samples), longest):
            out += self._decode_window(samples[at : at + longest], at / SAMPLE_RATE_HZ, beam_size)
        return out

    def _decode_window(self, samples: FloatArray, offset_s: float, beam_size: int) -> list[DecodedWord]:
        if len(samples) < MEL_HOP or not samples.any():
            return []
        mel = self._model.feature_extractor(level(samples), padding=-len(samples) % MEL_HOP)
        frames = mel.shape[1]
        encoded = self._encode(mel, max(SHORTEST_WINDOW, frames + WINDOW_MARGIN))
        tokens = self._generate(encoded, frames, beam_size, no_repeat=0)
        if repeats_itself(self._tokenizer.decode(tokens)):
            # A short window at times brings a sentence twice; the full one shows whether it was said twice.
            _log.debug("Whisper repeats itself: decoding again in its full window")
            encoded = self._encode(mel, FULL_WINDOW)
            tokens = self._generate(encoded, frames, beam_size, no_repeat=0)
            if repetitiveness(self._tokenizer.decode(tokens)) > REPETITIVE_AT:
                tokens = self._generate(encoded, frames, beam_size, no_repeat=3)
        if not tokens:
            return []
        pieces = self._model.find_alignment(self._tokenizer, [tokens], encoded, frames)[0]
        return join_pieces(pieces, offset_s)

    def _encode(self, mel: FloatArray, window: int) -> Any:
        """Encode log-mel [80, frames], padded to ``window`` frames as silence would come out."""
        window += window % 2  # the encoder halves it
        padded = np.full((1, mel.shape[0], window), mel.max() - 2.0, np.float32)
        padded[0, :, : mel.shape[1]] = mel
        return self._model.model.encode(self._view(padded))

    def _generate(self, encoded: Any, frames: int, beam_size: int, *, no_repeat: int) -> list[int]:
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        spoken = 16 + 8 * frames // self._frames_per_s  # nobody speaks more tokens in this time
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=beam_size,
            no_repeat_ngram_size=no_repeat,
            max_length=min(self._model.max_length, len(prompt) + spoken),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        if result.no_speech_prob > NO_SPEECH_AT and result.scores[0] < LOWEST_MEAN_LOG_PROBABILITY:
            return []
        return tokens


def level(samples: FloatArray) -> FloatArray:
    """Bring the louder parts of ``samples`` [n] to a usual level without clipping them.

    The level is the 90th percentile of the root mean square of 20 ms pieces.

    >>> quiet = np.full(1600, 1e-3, np.float32)
    >>> round(float(level(quiet).max()), 3)
    0.1
    """
    piece = min(320, len(samples))
    pieces = samples[: len(samples) // piece * piece].reshape(-1, piece)
    loudness = float(np.percentile(np.sqrt(np.square(pieces, dtype=np.float64).mean(axis=1)), 90))
    peak = float(np.abs(samples).max())
    gain = min(SPEECH_LEVEL / max(loudness, 1e-9), 0.99 / max(peak, 1e-9), MAX_GAIN)
    return samples * np.float32(gain)


def repetitiveness(text: str) -> float:
    """How much shorter ``text`` becomes when it is compressed; speech stays below about 2.

    >>> repetitiveness("Kids are talking by the door.") < 1.5 < repetitiveness("thank you " * 30)
    True
    """
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def repeats_itself(text: str) -> bool:
    """Whether a phrase of three words or more comes twice in a row, or much comes many times.

    >>> repeats_itself("Dogs sit by the door. Dogs sit by the door."), repeats_itself("No, no, no, I said no!")
    (True, False)
    """
    words = re.findall(r"[\w']+", text.lower())
    for length in range(SHORTEST_PHRASE, len(words) // 2 + 1):
        for at in range(len(words) - 2 * length + 1):
            phrase = words[at : at + length]
            if phrase == words[at + length : at + 2 * length] and len(set(phrase)) > 1:
                return True
    return repetitiveness(text) > REPETITIVE_AT


def join_pieces(pieces: Sequence[dict[str, Any]], offset_s: float = 0.0) -> list[DecodedWord]:
    """Join aligned pieces to words: a piece without a space before it belongs to the word before.

    A word's times and probability are those of its pieces that hold letters or digits. Pieces of
    punctuation alone are not words.
    """
    groups: list[list[dict[str, Any]]] = []
    for piece in pieces:
        if groups and not piece["word"].startswith(" "):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    words = []
    for group in groups:
        spoken = [one for one in group if any(letter.isalnum() for letter in one["word"])]
        text = "".join(one["word"] for one in group).strip()
        if spoken:
            words.append(
                DecodedWord(
                    text=text.strip(string.whitespace),
                    start_s=offset_s + float(spoken[0]["start"]),
                    end_s=offset_s + float(spoken[-1]["end"]),
                    probability=float(np.mean([one["probability"] for one in spoken])),
                )
            )
    return words
