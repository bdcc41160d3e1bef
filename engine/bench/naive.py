"""All that `analyze` does, in the usual way: the baselines of all stages, one after another, in one loop."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.bench.mtcnn import DefaultMtcnn
from engine.bench.published import PublishedStep
from engine.bench.resnet import EagerResNet101
from engine.config import FACE_RATE_HZ, SAMPLE_RATE_HZ
from engine.features.audio import mfcc
from engine.features.face_crop import crop_face
from engine.features.speech import Hearing
from engine.sources.media_file import MediaFile
from engine.types import FloatArray, VideoFrame

if TYPE_CHECKING:
    from engine.asr.base import Recognizer
    from engine.features.speech import Heard

TRACK_HZ = 2 * FACE_RATE_HZ
AUDIO_HZ = 10.0
STEP_HZ = 2.0
_WINDOW_S = 10.0


class NaiveLoop:
    """Analyses a recording with nothing but the baselines, in one thread.

    MTCNN with its defaults on every picture that is taken (6 a second, as Attune does; all would be 25), ResNet-101
    in eager PyTorch 3 times a second, librosa on the whole 10 s window 10 times a second, both published models in
    eager PyTorch 2 times a second. Utterances are found and words recognised by what Attune uses for it.

    Parameters
    ----------
    device : as PyTorch calls it.
    recognizer : the same that Attune uses; None leaves words out.
    """

    def __init__(self, device: str, recognizer: Recognizer | None) -> None:
        self._mtcnn, self._resnet, self._step = DefaultMtcnn(device), EagerResNet101(device), PublishedStep(device)
        self._recognizer = recognizer

    def run(self, path: Path, seconds: float) -> float:
        """Analyse the first seconds of a recording. Returns the media time that was analysed."""
        self._hearing, self._done = Hearing(), {"audio": 0, "step": 0, "face": -1}
        self._samples: list[FloatArray] = []
        if self._recognizer is not None:
            self._recognizer.reset()
        now_s = 0.0
        with MediaFile(path, frame_hz=TRACK_HZ) as source:
            for item in source:
                if item.pts_s >= seconds:
                    break
                now_s = item.pts_s
                if isinstance(item, VideoFrame):
                    self._see(item)
                else:
                    self._listen(self._hearing.feed(item))
                self._repeat("audio", now_s, AUDIO_HZ, self._hear_window)
                self._repeat("step", now_s, STEP_HZ, self._step)
        self._listen(self._hearing.flush())
        if self._recognizer is not None:
            self._recognizer.flush()
        return now_s

    def _see(self, item: VideoFrame) -> None:
        box = self._mtcnn.detect(item.rgb)
        tick = math.floor(item.pts_s * FACE_RATE_HZ + 1e-6)
        if box is not None and tick > self._done["face"]:
            self._done["face"] = tick
            self._resnet.encode(crop_face(item.rgb, box))

    def _listen(self, heard: list[Heard]) -> None:
        for one in heard:
            if one.block is not None:
                self._samples.append(one.block.samples)
            if self._recognizer is not None:
                self._recognizer.feed(one)

    def _hear_window(self) -> object:
        """Features of the whole last window, padded to its length."""
        wanted = round(_WINDOW_S * SAMPLE_RATE_HZ)
        newest = np.concatenate([np.zeros(wanted, np.float32), *self._samples[-wanted // 512 - 1 :]])[-wanted:]
        return mfcc(newest)

    def _repeat(self, name: str, now_s: float, rate_hz: float, work: Callable[[], object]) -> None:
        """Do the work as often as is due by now."""
        while (self._done[name] + 1) / rate_hz <= now_s + 1e-6:
            self._done[name] += 1
            work()
