"""Recognition with Vosk: streaming, word by word."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from engine.asr.utterance import Utterance, UtteranceRecognizer
from engine.config import SAMPLE_RATE_HZ
from engine.errors import AssetError
from engine.types import FloatArray, Word

_log = logging.getLogger(__name__)

PIECE_SAMPLES = SAMPLE_RATE_HZ // 10
"""The recogniser gets 0.1 s at a time, counted from the start of the utterance, however the sound arrives."""

_DITHER_OFF = re.compile(r"^--dither=0(\.0*)?\s*$", re.MULTILINE)
_NOT_WORDS = {"<unk>", "[unk]", "<eps>", "[noise]", "[laughter]"}


class VoskRecognizer(UtteranceRecognizer):
    """Vosk's KaldiRecognizer; its words come out while they are spoken.

    Parameters
    ----------
    folder : a Vosk model, such as vosk-model-small-en-us-0.15.
    reason : why it was chosen, for the user.

    Raises
    ------
    AssetError : the package vosk is missing, or the folder holds no usable model.
    """

    def __init__(self, folder: Path, *, reason: str = "") -> None:
        super().__init__(f"vosk {folder.name}", reason or f"Vosk with the model in {folder}.")
        self._recognizer: Any = _load(folder)
        self._samples_done = 0  # in all utterances: the recogniser counts its time through
        self._finished_at = 0
        self._utterance_done = 0
        self._next = 0
        self._gain = 1.0
        self._settled: list[Word] = []
        self._last: list[Word] = []

    def close(self) -> None:
        """Release the model; safe to call again."""
        super().close()
        self._recognizer = None

    def _begin(self, utterance: Utterance) -> None:
        if self._samples_done != self._finished_at:  # an utterance was left when its stream was
            self._recognizer.FinalResult()
        self._utterance_done = self._samples_done
        self._next = utterance.start
        self._gain = utterance.gain
        self._settled, self._last = [], []

    def _grow(self, utterance: Utterance, until_s: float) -> Sequence[Word] | None:
        until = round(until_s * SAMPLE_RATE_HZ)
        if self._next + PIECE_SAMPLES > until:
            return None
        while self._next + PIECE_SAMPLES <= until:
            self._accept(utterance, self._next + PIECE_SAMPLES)
        unsettled = self._words(self._recognizer.PartialResult(), "partial_result", utterance)
        words = self._settled + unsettled
        if words == self._last:
            return None
        self._last = words
        return words

    def _finish(self, utterance: Utterance, end_s: float) -> Sequence[Word]:
        end = round(end_s * SAMPLE_RATE_HZ)
        while self._next < end:
            self._accept(utterance, min(end, self._next + PIECE_SAMPLES))
        # After a final result the recogniser begins anew with the next samples; nothing carries over.
        self._finished_at = self._samples_done
        return self._settled + self._words(self._recognizer.FinalResult(), "result", utterance)

    def _accept(self, utterance: Utterance, end: int) -> None:
        if self._recognizer is None:
            raise RuntimeError("this recogniser is closed")
        samples = self._sound.between(self._next, end)
        ended = self._recognizer.AcceptWaveform(self._pcm(samples))
        self._samples_done += len(samples)
        self._next = end
        if ended:  # Vosk found a pause of its own: what came before it is settled
            self._settled = self._settled + self._words(self._recognizer.Result(), "result", utterance)

    def _pcm(self, samples: FloatArray) -> bytes:
        """16-bit samples; quiet speech is raised first, or nothing of it would be left."""
        peak = float(np.abs(samples).max(initial=0.0))
        self._gain = min(self._gain, 0.99 / max(peak, 1e-9)) if peak * self._gain > 1 else self._gain
        pcm: bytes = np.rint(samples * (self._gain * 32767)).astype("<i2").tobytes()
        return pcm

    def _words(self, answer: str, key: str, utterance: Utterance) -> list[Word]:
        before_s = self._utterance_done / SAMPLE_RATE_HZ
        return [
            Word(
                text=str(one["word"]),
                start_s=utterance.start_s + round(float(one["start"]) - before_s, 4),
                end_s=utterance.start_s + round(float(one["end"]) - before_s, 4),
                confidence=float(one.get("conf", 1.0)),
                final=False,
            )
            for one in json.loads(answer).get(key, ())
            if str(one["word"]).lower() not in _NOT_WORDS
        ]


def _load(folder: Path) -> Any:
    """A KaldiRecognizer on the model in ``folder``."""
    vosk = import_vosk()

    class Model(vosk.Model):  # type: ignore[misc, name-defined]
        """Vosk's model, which can also be dropped when its making failed."""

        _handle: Any = None

        def __del__(self) -> None:
            if self._handle is not None:
                super().__del__()

    with _without_dither(folder) as path:
        try:
            model = Model(str(path))
        except Exception as error:
            raise AssetError(
                f"the Vosk model in {folder} cannot be loaded: it is damaged or incomplete. "
                "Unpack it again, or name another one with --asr-model"
            ) from error
    recognizer = vosk.KaldiRecognizer(model, float(SAMPLE_RATE_HZ))
    recognizer.SetWords(True)
    recognizer.SetPartialWords(True)
    return recognizer


def import_vosk() -> Any:
    """The module vosk, its native log silenced.

    Raises
    ------
    AssetError : it is not installed or does not work here.
    """
    try:
        import vosk
    except (ImportError, OSError, TypeError) as error:
        raise AssetError(f"Vosk cannot be used here ({error}): pip install vosk, or take --asr whisper") from error
    vosk.SetLogLevel(-1)
    return vosk


@contextmanager
def _without_dither(folder: Path) -> Iterator[Path]:
    """The model under a temporary path with dither switched off.

    Kaldi adds random noise to each frame unless its configuration says otherwise, so that the same
    sound gives other words each time. Only links are made, and needed while the model is read.
    """
    original = next((folder / name for name in ("conf/mfcc.conf", "mfcc.conf") if (folder / name).is_file()), None)
    if original is None or _DITHER_OFF.search(original.read_text("utf-8")):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="attune-vosk-") as temporary:
        copy = Path(temporary) / folder.name
        try:
            for root, _, files in os.walk(folder, followlinks=True):
                below = copy / Path(root).relative_to(folder)
                below.mkdir(parents=True)
                for name in files:
                    if Path(root, name) != original:
                        (below / name).symlink_to(Path(root, name).resolve())
            text = original.read_text("utf-8").rstrip("\n")
            (copy / original.relative_to(folder)).write_text(f"{text}\n--dither=0\n", "utf-8")
        except OSError as error:
            _log.warning("Vosk keeps its random dither, so repeated runs may differ slightly: %s", error)
            copy = folder
        yield copy
