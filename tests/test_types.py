from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.types import AudioBlock, FeatureBlock, Outcome, UtteranceWindow, VideoFrame, Word

NOTHING = np.zeros((0, 3), np.float32)
WORD = Word(text="oh", start_s=0.0, end_s=0.3, confidence=1.0, final=True)


def picture(rgb: np.ndarray) -> VideoFrame:
    return VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=rgb)


def sound(samples: np.ndarray, rate_hz: int = 16_000) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=0.0, captured_s=0.0, rate_hz=rate_hz, samples=samples)


def window(audio: np.ndarray, times: int, words: tuple[Word, ...] = ()) -> UtteranceWindow:
    return UtteranceWindow(
        start_s=0.0,
        end_s=1.0,
        audio=audio,
        audio_times_s=np.zeros(times),
        video=NOTHING,
        video_times_s=np.zeros(0),
        text=NOTHING,
        text_times_s=np.zeros(0),
        words=words,
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: picture(np.zeros((4, 5), np.uint8)), r"a picture is .* got uint8\[4, 5\]"),
        (lambda: picture(np.zeros((4, 5, 3), np.float32)), "got float32"),
        (lambda: sound(np.zeros(3, np.float32), rate_hz=0), "rate must be positive, got 0"),
        (lambda: sound(np.zeros(3)), r"audio samples are .* got float64\[3\]"),
        (
            lambda: FeatureBlock(stream="audio", times_s=np.zeros(2), values=np.zeros((3, 4), np.float32)),
            r"got FeatureBlock\(stream='audio', times_s=float64\[2\], values=float32\[3, 4\]\)",
        ),
        (lambda: window(np.zeros((2, 4), np.float32), 3), r"audio of a window .* float32\[2, 4\] and float64\[3\]"),
        (lambda: window(NOTHING, 0, words=(WORD,)), "every word vector"),
        (lambda: Outcome(probabilities=np.zeros(3, np.float32)), r"probabilities are \[7\], got float32\[3\]"),
    ],
)
def test_what_does_not_fit_together_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_values_are_read_only_and_show_their_shapes() -> None:
    samples = np.zeros(4, np.float32)
    block = sound(samples)
    with pytest.raises(ValueError, match="read-only"):
        block.samples[0] = 1
    assert samples.flags.writeable
    assert repr(window(np.zeros((2, 4), np.float32), 2)).startswith(
        "UtteranceWindow(start_s=0.000, end_s=1.000, audio="
    )
