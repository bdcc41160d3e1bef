"""What a recording declares is believed within bounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import SourceError
from engine.playback.sound import SoundReader
from engine.sources.media_file import MediaFile
from tests.sources.declared import late_sound, wav
from tests.sources.media import play


def test_time_beyond_three_days_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    path.write_bytes(late_sound())
    _, blocks, _ = play(path)
    assert blocks[-1].end_s < 1.0


@pytest.mark.parametrize("rate_hz", [1, 999, 1_000_001, 10**9])
def test_sound_at_a_rate_that_no_converter_has_is_not_played(tmp_path: Path, rate_hz: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(rate_hz))
    with pytest.raises(SourceError, match="could be decoded"):
        MediaFile(path)


def test_silence_of_a_long_hole_is_made_as_it_is_read(tmp_path: Path) -> None:
    from tests.sources.media import Writer, tone

    path = tmp_path / "hole.mkv"
    with Writer(path) as writer:
        writer.mux(writer.add_audio("pcm_s16le", tone(0.256), starts_ms=[0, 64, 3_600_000, 3_600_064]))
    with SoundReader(path, 16_000, 1) as sound:
        first = sound.read(32_000)
        assert len(first) == 32_000 and np.abs(first[:2000]).max() > 0.1 and not first[4000:].any()
        assert sound._ready_count < 40_000
        sound.seek(3599.9)
        later = sound.read(3_200)
        assert not later[:1500].any() and np.abs(later[1700:]).max() > 0.1
