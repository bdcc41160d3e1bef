"""How much to amplify speech: a causal, deterministic level control for voice activity and recognition."""

from __future__ import annotations

import math

import numpy as np

from engine.types import FloatArray

TARGET_DB = -26.0  # root mean square of loud speech frames, re full scale: the usual level of speech material
MAX_GAIN_DB = 40.0
ACTIVE_OVER_FLOOR_DB = 10.0
QUIETEST_ACTIVE_DB = -75.0  # below: converter noise and dither, never speech
QUIETEST_FLOOR_DB = -90.0
LOUDEST_FIRST_FLOOR_DB = -60.0
FLOOR_RISE_DB_PER_S = 6.0
PEAK_FALL_DB_PER_S = 6.0


class Leveller:
    """Gain that brings quiet speech to the usual level, frame by frame.

    The noise floor falls to any quieter frame at once and rises by 6 dB/s. A frame at least 10 dB
    over it, and not below -75 dB, is active. The speech level jumps to any louder active frame at
    once and falls by 6 dB/s during active frames, so pauses change nothing. The gain brings
    the speech level to -26 dB; it is 1 until something is active, never attenuates, and is at most
    40 dB. Steady noise, hum and digital silence are never active for long, and are not raised.
    """

    def __init__(self) -> None:
        self._floor_db: float | None = None
        self._speech_db: float | None = None

    def gain(self, frame: FloatArray, duration_s: float) -> float:
        """Gain for ``frame`` [n] f32, which lasts ``duration_s``; call it once per frame, in order."""
        power = float(np.add.reduce(np.square(frame, dtype=np.float64))) / len(frame) if len(frame) else 0.0
        level_db = 10 * float(np.log10(max(power, 1e-15)))
        if self._floor_db is None:
            self._floor_db = LOUDEST_FIRST_FLOOR_DB
        self._floor_db = max(QUIETEST_FLOOR_DB, min(level_db, self._floor_db + FLOOR_RISE_DB_PER_S * duration_s))
        if level_db >= max(QUIETEST_ACTIVE_DB, self._floor_db + ACTIVE_OVER_FLOOR_DB):
            fallen_db = -math.inf if self._speech_db is None else self._speech_db - PEAK_FALL_DB_PER_S * duration_s
            self._speech_db = max(level_db, fallen_db)
        if self._speech_db is None:
            return 1.0
        return float(10 ** (min(MAX_GAIN_DB, max(0.0, TARGET_DB - self._speech_db)) / 20))
