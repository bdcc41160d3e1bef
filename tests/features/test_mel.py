"""Filter banks and windows against librosa and SciPy."""

from __future__ import annotations

import numpy as np
import pytest

from engine.features.mel import hamming, hann, mel_filters


@pytest.mark.parametrize("bands", [64, 80, 128])
def test_filters_are_those_of_librosa_bit_for_bit(bands: int) -> None:
    from librosa import filters

    expected = filters.mel(sr=16_000, n_fft=400, n_mels=bands).T
    assert mel_filters(bands).shape == (201, bands)
    np.testing.assert_array_equal(mel_filters(bands), expected)


def test_windows_are_those_of_scipy() -> None:
    from scipy.signal import get_window

    np.testing.assert_array_equal(hamming(), get_window("hamming", 400))
    np.testing.assert_array_equal(hann(), get_window("hann", 400))
