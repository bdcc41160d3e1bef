"""Recognition with Whisper: the current utterance is decoded again as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.asr.utterance import Utterance, UtteranceRecognizer
from engine.asr.whisper_decoder import DecodedWord, WhisperDecoder
from engine.config import SAMPLE_RATE_HZ
from engine.types import Word

FIRST_SPEECH_S = 1.0
GROWTH = 0.4
PARTIAL_BEAM = 1
FINAL_BEAM = 3
NEAR_SPEECH_S = 0.25
SHORTEST_WORD_S = 0.02


class WhisperRecognizer(UtteranceRecognizer):
    """Whisper through CTranslate2, on the processor, without a network.

    An utterance is decoded first when it holds 1 s of speech, then each time its speech grew by 40 %
    and at least 1 s, so the cost of partial words stays within about three times that of the final
    ones; and for good at its end. Words are cut to the stretches in which voice activity found
    speech, and dropped where there was none.

    Parameters
    ----------
    folder : a CTranslate2 Whisper model.
    reason : why it was chosen, for the user.
    name : what to call it; by default after the folder.
    threads : processor threads.

    Raises
    ------
    AssetError : the package or the model is missing or damaged.
    """

    def __init__(self, folder: Path, *, reason: str = "", name: str | None = None, threads: int = 1) -> None:
        super().__init__(name or f"whisper {folder.name}", reason or f"Whisper with the model in {folder}.")
        self._decoder: WhisperDecoder | None = WhisperDecoder(folder, threads=threads)
        self._next_at_s = FIRST_SPEECH_S

    def close(self) -> None:
        """Release the model; safe to call again."""
        super().close()
        self._decoder = None

    def _begin(self, utterance: Utterance) -> None:
        self._next_at_s = FIRST_SPEECH_S

    def _grow(self, utterance: Utterance, until_s: float) -> Sequence[Word] | None:
        if utterance.voiced_s < self._next_at_s - 1e-6:
            return None
        self._next_at_s = utterance.voiced_s + max(FIRST_SPEECH_S, GROWTH * utterance.voiced_s)
        return self._decode(utterance, until_s, PARTIAL_BEAM)

    def _finish(self, utterance: Utterance, end_s: float) -> Sequence[Word]:
        return self._decode(utterance, end_s, FINAL_BEAM)

    def _decode(self, utterance: Utterance, end_s: float, beam_size: int) -> list[Word]:
        if self._decoder is None:
            raise RuntimeError("this recogniser is closed")
        samples = self._sound.between(utterance.start, round(end_s * SAMPLE_RATE_HZ))
        words = [self._place(word, utterance) for word in self._decoder.decode(samples, beam_size=beam_size)]
        return [word for word in words if word is not None]

    @staticmethod
    def _place(word: DecodedWord, utterance: Utterance) -> Word | None:
        """Its media times, cut to speech; None where nobody spoke."""
        start_s, end_s = utterance.start_s + word.start_s, utterance.start_s + word.end_s
        near = [
            (first_s, last_s)
            for first_s, last_s in utterance.voiced
            if last_s > start_s - NEAR_SPEECH_S and first_s < end_s + NEAR_SPEECH_S
        ]
        if not near:
            return None
        cut_start_s, cut_end_s = max(start_s, near[0][0]), min(end_s, near[-1][1])
        if cut_end_s - cut_start_s >= SHORTEST_WORD_S:  # else the word lies in a hole of the speech: leave it
            start_s, end_s = cut_start_s, cut_end_s
        end_s = max(end_s, start_s + SHORTEST_WORD_S)
        return Word(text=word.text, start_s=start_s, end_s=end_s, confidence=word.probability, final=False)
