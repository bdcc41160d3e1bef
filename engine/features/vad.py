"""Voice activity by silero-vad's network, run by ONNX Runtime."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.config import SAMPLE_RATE_HZ
from engine.errors import AssetError
from engine.features.endpoint import VoiceFrame
from engine.features.level import Leveller
from engine.features.onnx_session import open_session
from engine.features.resample import SampleClock
from engine.types import AudioBlock, FloatArray

if TYPE_CHECKING:
    import onnxruntime

FRAME = 512
CONTEXT = 64
FRAME_S = FRAME / SAMPLE_RATE_HZ

_TOLERANCE_S = 0.005
_RATE = np.array(SAMPLE_RATE_HZ)


def find_silero() -> Path:
    """Path of the network in the installed package.

    The package itself is not imported: that loads torch and changes its number of threads.

    Raises
    ------
    AssetError : the package is not installed, or does not hold the file.
    """
    spec = importlib.util.find_spec("silero_vad")
    if spec is None or spec.origin is None:
        raise AssetError("voice activity needs the package silero-vad: run 'pip install silero-vad'")
    path = Path(spec.origin).parent / "data" / "silero_vad.onnx"
    if not path.is_file():
        raise AssetError(f"{path} is missing: run 'pip install --force-reinstall silero-vad'")
    return path


@lru_cache(1)
def _network(path: Path) -> onnxruntime.InferenceSession:
    """The network, once in a process: it keeps no state, which goes in and comes out with every frame.

    One for each listener took 60 ms and 2 MB, which were given back late: Python's collector does not see them.
    """
    return open_session(path)


class VoiceActivity:
    """Speech probability of every 512 samples (32 ms) at 16 kHz.

    Every frame is amplified by a `Leveller` first, which very quiet recordings need, and given
    to the network after the 64 samples before it, as silero-vad does. A gap, or a time stamp more
    than 5 ms off, ends the signal and resets the network, not the level.

    Parameters
    ----------
    level : False gives the network the samples as they are.

    Raises
    ------
    AssetError : silero-vad is not installed.
    """

    def __init__(self, *, level: bool = True) -> None:
        self._network = _network(find_silero())
        self._leveller = Leveller() if level else None
        self._clock = SampleClock(SAMPLE_RATE_HZ, _TOLERANCE_S)
        self._reset()

    def _reset(self) -> None:
        self._clock.stop()
        self._pending = np.zeros(0, np.float32)
        self._frames = 0
        self._context = np.zeros(CONTEXT, np.float32)
        self._state = np.zeros((2, 1, 128), np.float32)

    def feed(self, block: AudioBlock) -> list[VoiceFrame]:
        """Take samples at 16 kHz; return the frames that they complete.

        Raises
        ------
        ValueError : the rate is not 16 kHz.
        """
        if block.rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"voice activity needs audio at {SAMPLE_RATE_HZ} Hz, got {block.rate_hz}: resample it")
        out: list[VoiceFrame] = []
        if not self._clock.follows(block):
            out += self.flush()
            self._clock.start(block.pts_s)
        self._clock.count(len(block.samples))
        samples = np.concatenate((self._pending, block.samples)) if len(self._pending) else block.samples
        whole = len(samples) // FRAME * FRAME
        for at in range(0, whole, FRAME):
            out.append(self._decide(samples[at : at + FRAME]))
        self._pending = samples[whole:].copy()
        return out

    def flush(self) -> list[VoiceFrame]:
        """End the signal: decide on its last samples, followed by silence. The next block starts a new one."""
        out = [self._decide(self._pending)] if len(self._pending) else []
        self._reset()
        return out

    def _decide(self, samples: FloatArray) -> VoiceFrame:
        start = self._frames * FRAME
        gain = 1.0 if self._leveller is None else self._leveller.gain(samples, len(samples) / SAMPLE_RATE_HZ)
        frame = np.zeros((1, CONTEXT + FRAME), np.float32)
        frame[0, :CONTEXT] = self._context
        frame[0, CONTEXT : CONTEXT + len(samples)] = samples
        self._context = frame[0, -CONTEXT:].copy()
        frame *= np.float32(gain)
        probability, self._state = self._network.run(None, {"input": frame, "state": self._state, "sr": _RATE})
        self._frames += 1
        return VoiceFrame(
            pts_s=self._clock.at(start),
            end_s=self._clock.at(start + len(samples)),
            probability=float(probability[0, 0]),
            gain=gain,
        )
