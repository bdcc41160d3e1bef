"""Whisper's networks through CTranslate2: sound to log-mel, states, tokens, and pieces of text with their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.config import SAMPLE_RATE_HZ
from engine.errors import AssetError
from engine.features.mel import FRAME, hann, mel_filters

if TYPE_CHECKING:
    from engine.types import FloatArray

HOP = 160
MEL_FRAMES_PER_S = SAMPLE_RATE_HZ // HOP
STATES_PER_S = MEL_FRAMES_PER_S // 2

_POWER_FLOOR = 1e-10
_RANGE = 8.0  # decades below the loudest point that are kept
_MOST_TOKENS = 448
_UNFINISHED = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a word, or punctuation, with times in seconds and its mean token probability."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was said: its tokens, and their mean log probability."""

    tokens: tuple[int, ...]
    mean_log_probability: float


class WhisperNetwork:
    """A CTranslate2 Whisper model on the processor, with eight-bit weights.

    Parameters
    ----------
    folder : the model with its tokenizer.json.
    threads : processor threads.

    Raises
    ------
    AssetError : a package is missing, or the folder holds no usable model.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        try:
            import ctranslate2
            import tokenizers
        except ImportError as error:
            raise AssetError(
                "Whisper needs the packages ctranslate2 and tokenizers: pip install ctranslate2 tokenizers"
            ) from error
        try:
            self._model: Any = ctranslate2.models.Whisper(
                str(folder), device="cpu", compute_type="int8", intra_threads=threads
            )
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises nothing narrower
            raise AssetError(
                f"the Whisper model in {folder} cannot be loaded ({error}): install it again, or name another one"
            ) from error
        self._view = ctranslate2.StorageView.from_array
        self._filters = np.ascontiguousarray(mel_filters(self._model.n_mels).T, np.float32)
        self._window = hann().astype(np.float32)
        task = ("<|en|>", "<|transcribe|>") if self._model.is_multilingual else ()
        self._start = [self._token(name) for name in ("<|startoftranscript|>", *task)]
        self._prompt = [*self._start, self._token("<|notimestamps|>")]
        self._end = self._token("<|endoftext|>")

    def log_mel(self, samples: FloatArray) -> FloatArray:
        """Log-mel spectrogram [bands, frames] of ``samples`` [n] f32 at 16 kHz, scaled as Whisper wants it.

        Frame i is centred at sample 160 i; the last one may be partly silence.
        """
        count = -(-len(samples) // HOP)
        silence = np.zeros(count * HOP - len(samples), np.float32)
        padded = np.pad(np.concatenate((samples, silence)), FRAME // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[: count * HOP : HOP]
        power = np.square(np.abs(np.fft.rfft(frames * self._window)), dtype=np.float32)
        mel = np.log10(np.maximum(self._filters @ power.T, np.float32(_POWER_FLOOR)))
        scaled: FloatArray = (np.maximum(mel, mel.max() - np.float32(_RANGE)) + np.float32(4)) / np.float32(4)
        return scaled

    def encode(self, mel: FloatArray, window: int) -> FloatArray:
        """States [1, window / 2, d] of log-mel [bands, frames], padded to ``window`` frames as silence comes out."""
        window += window % 2
        padded = np.full((1, mel.shape[0], window), mel.max() - _RANGE / 4, np.float32)
        padded[0, :, : mel.shape[1]] = mel
        return np.array(self._model.encode(self._view(padded)), np.float32)

    def generate(self, states: FloatArray, *, beam_size: int, most_tokens: int, no_repeat: int = 0) -> Spoken:
        """The most probable text.

        Parameters
        ----------
        most_tokens : where it breaks off at the latest.
        no_repeat : so many tokens in a row may not come twice; 0: they may.
        """
        # CTranslate2 allows half of its ``max_length`` for the answer.
        result = self._model.generate(
            self._view(states),
            [self._prompt],
            beam_size=beam_size,
            no_repeat_ngram_size=no_repeat,
            max_length=min(_MOST_TOKENS, len(self._prompt) + most_tokens),
            return_scores=True,
        )[0]
        tokens = tuple(token for token in result.sequences_ids[0] if token < self._end)
        return Spoken(tokens=tokens, mean_log_probability=result.scores[0])

    def no_speech(self, states: FloatArray) -> float:
        """How probable it is that nobody speaks."""
        result = self._model.generate(
            self._view(states), [self._prompt], beam_size=1, max_length=2, return_no_speech_prob=True
        )
        return float(result[0].no_speech_prob)

    def text(self, tokens: Sequence[int]) -> str:
        """Tokens as text."""
        return str(self._tokenizer.decode(list(tokens)))

    def align(self, states: FloatArray, tokens: Sequence[int], frames: int) -> list[Piece]:
        """When each piece of a text was spoken.

        Parameters
        ----------
        states : of `encode`.
        tokens : the text.
        frames : how many log-mel frames hold sound.
        """
        if not tokens:
            return []
        result = self._model.align(self._view(states), self._start, [list(tokens)], frames)[0]
        pairs = np.array(result.alignments)  # [n, 2]: token, state; both never go back
        first = np.concatenate(([True], np.diff(pairs[:, 0]) > 0))
        times_s = pairs[first, 1] / STATES_PER_S  # when each token begins, and the end of all
        pieces = []
        at = 0
        for text, length in self._pieces(tokens):
            probability = float(np.mean(result.text_token_probs[at : at + length]))
            start_s, end_s = float(times_s[at]), float(times_s[at + length])
            pieces.append(Piece(text=text, start_s=start_s, end_s=end_s, probability=probability))
            at += length
        return pieces

    def _pieces(self, tokens: Sequence[int]) -> list[tuple[str, int]]:
        """Text of each token; of several where a letter is made of several."""
        pieces = []
        begin = 0
        for end in range(1, len(tokens) + 1):
            text = self.text(tokens[begin:end])
            if _UNFINISHED not in text or end == len(tokens):
                pieces.append((text, end - begin))
                begin = end
        return pieces

    def _token(self, name: str) -> int:
        token = self._tokenizer.token_to_id(name)
        if token is None:
            raise AssetError(f"tokenizer.json of the Whisper model has no {name}: install the model again")
        return int(token)
