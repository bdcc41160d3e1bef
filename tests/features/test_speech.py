"""Endpointing on made-up probabilities, and the whole of hearing on real speech and on what is not speech."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.features.audio import LOOK_AHEAD_S, mfcc
from engine.features.speech import Endpointer, Heard, Hearing, SpeechEvent, VoiceFrame
from engine.types import AudioBlock, FloatArray
from tests.conftest import shared_data

FRAME_S = 0.032


def decide(*parts: tuple[float, float], endpointer: Endpointer | None = None) -> list[SpeechEvent]:
    """Events of (seconds, probability) in sequence; a negative probability is a gap."""
    endpointer = endpointer or Endpointer()
    events, now = [], 0.0
    for seconds, probability in parts:
        if probability < 0:
            now += seconds
            continue
        for _ in range(round(seconds / FRAME_S)):
            events += endpointer.feed(VoiceFrame(pts_s=now, end_s=now + FRAME_S, probability=probability))
            now += FRAME_S
    return events + endpointer.flush()


def test_utterance_starts_before_the_speech_and_ends_after_it() -> None:
    start, end = decide((1.024, 0.0), (2.048, 0.9), (3.2, 0.0))
    assert (start.kind, end.kind) == ("start", "end")
    assert start.pts_s == pytest.approx(0.724)
    assert start.known_s == pytest.approx(1.024 + 7 * FRAME_S)
    assert end.pts_s == pytest.approx(3.072 + 0.2)
    assert end.known_s == pytest.approx(3.072 + 0.8)


def test_start_is_not_before_zero_nor_the_last_end() -> None:
    events = decide((0.096, 0.0), (1.6, 0.9), (0.8, 0.0), (1.6, 0.9))
    assert [event.utterance for event in events] == [0, 0, 1, 1]
    assert events[0].pts_s == 0.0
    assert events[2].pts_s == pytest.approx(0.096 + 1.6 + 0.8 - 0.3)
    assert events[2].pts_s >= events[1].pts_s


@pytest.mark.parametrize("seconds", [0.032, 0.096, 0.16])
def test_clicks_open_nothing(seconds: float) -> None:
    assert decide(*[(0.64, 0.0), (seconds, 0.99)] * 5) == []


def test_hysteresis() -> None:
    assert decide((2.048, 0.45)) == []
    start, end = decide((0.32, 0.6), (2.048, 0.4), (1.6, 0.3))
    assert end.pts_s - start.pts_s == pytest.approx(0.32 + 2.048 + 0.2)


def test_short_pauses_do_not_split() -> None:
    assert len(decide(*[(0.64, 0.9), (0.64, 0.1)] * 5)) == 2


def test_long_utterance_is_cut_at_a_short_pause() -> None:
    events = decide((12.8, 0.9), (0.256, 0.0), (3.2, 0.9), (1.6, 0.0))
    assert [event.kind for event in events] == ["start", "end", "start", "end"]
    assert events[1].pts_s == pytest.approx(13.0)
    assert events[2].pts_s == pytest.approx(13.0)


def test_endless_speech_is_cut_and_goes_on_at_once() -> None:
    events = decide((50.0, 0.9))
    assert [event.kind for event in events] == ["start", "end"] * 3
    assert events[1].pts_s == pytest.approx(20.0, abs=FRAME_S)
    assert events[2].pts_s == events[1].pts_s
    assert all(end.pts_s - start.pts_s <= 20.0 + FRAME_S for start, end in zip(events[::2], events[1::2], strict=True))


def test_flush_closes_and_a_gap_is_a_pause() -> None:
    _, end = decide((1.6, 0.9))
    assert end.pts_s == pytest.approx(1.6)
    assert end.known_s == pytest.approx(2.4)
    assert len(decide((1.6, 0.9), (0.5, -1), (1.6, 0.9))) == 2
    events = decide((1.6, 0.9), (5.0, -1), (1.6, 0.9))
    assert len(events) == 4
    assert events[1].known_s == pytest.approx(2.4)


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.floats(0, 8), st.sampled_from([0.0, 0.3, 0.4, 0.6, 0.95, -1.0])), min_size=1, max_size=15
    )
)
def test_events_always_alternate_in_order_of_time(parts: list[tuple[float, float]]) -> None:
    events = decide(*parts)
    assert [event.kind for event in events] == ["start", "end"] * (len(events) // 2)
    assert [event.utterance for event in events] == [index // 2 for index in range(len(events))]
    times = [event.pts_s for event in events]
    assert times == sorted(times)
    known = [event.known_s for event in events]
    assert known == sorted(known)
    assert all(event.pts_s <= event.known_s for event in events)


def block(samples: FloatArray, pts_s: float = 0.0, rate_hz: int = 16_000, gap: bool = False) -> AudioBlock:
    return AudioBlock(
        seq=0, pts_s=pts_s, captured_s=0.0, rate_hz=rate_hz, samples=np.asarray(samples, np.float32), gap=gap
    )


def split(samples: FloatArray, sizes: Sequence[int], start_s: float, rate_hz: int) -> list[AudioBlock]:
    blocks: list[AudioBlock] = []
    at = 0
    while at < len(samples):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(block(samples[at : at + size], start_s + at / rate_hz, rate_hz))
        at += size
    return blocks


def hear(blocks: Sequence[AudioBlock], advance: bool = False) -> list[Heard]:
    hearing, out = Hearing(), []
    for one in blocks:
        if advance:
            out += hearing.advance(one.pts_s)
        out += hearing.feed(one)
    return out + hearing.flush()


def events_of(out: Sequence[Heard]) -> list[SpeechEvent]:
    return [event for heard in out for event in heard.events]


def comparable(heard: Heard) -> tuple[object, ...]:
    features = [(one.times_s.tobytes(), one.values.tobytes()) for one in heard.features]
    samples = heard.block and (heard.block.seq, heard.block.pts_s, heard.block.gap, heard.block.samples.tobytes())
    return samples, features, heard.voice, heard.events, heard.until_s, heard.speech_gain


def glide(seconds: float, rate_hz: int = 16_000) -> FloatArray:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    tone = sum(np.sin(2 * np.pi * harmonic * (120 * t + 15 * t**2)) / harmonic for harmonic in range(1, 20))
    return (0.1 * tone * (t % 0.7 < 0.5)).astype(np.float32)


def clips(count: int) -> list[FloatArray]:
    """RAVDESS clips, evenly spread over the label file."""
    import soundfile

    labels = shared_data("speech/labels.csv")
    with labels.open(newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file) if row["corpus"] == "ravdess"]
    return [soundfile.read(labels.parent / path, dtype="float32")[0] for path in paths[:: len(paths) // count][:count]]


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 9000), min_size=1, max_size=15), rate_hz=st.sampled_from([16_000, 44_100]))
def test_what_is_heard_does_not_depend_on_the_split(sizes: list[int], rate_hz: int) -> None:
    first, second = glide(0.8, rate_hz), glide(0.7, rate_hz)
    at_once = hear([block(first, 0.0, rate_hz), block(second, 2.0, rate_hz)])
    pieces = hear(split(first, sizes, 0.0, rate_hz) + split(second, sizes, 2.0, rate_hz))
    assert [comparable(heard) for heard in pieces] == [comparable(heard) for heard in at_once]


def test_blocks_features_and_watermarks() -> None:
    samples = glide(2.0)
    out = hear(split(samples, [1000], 0.5, 16_000))
    blocks = [heard.block for heard in out if heard.block]
    np.testing.assert_array_equal(np.concatenate([one.samples for one in blocks]), samples)
    assert {len(one.samples) for one in blocks[:-1]} == {512}
    values = np.concatenate([one.values for heard in out for one in heard.features])
    np.testing.assert_allclose(values, mfcc(samples), atol=1e-4, rtol=2e-7)
    marks = [heard.until_s for heard in out]
    assert marks == sorted(marks)
    assert marks[-1] == pytest.approx(2.5)


def test_nothing_becomes_available_after_its_watermark() -> None:
    first, second = clips(2)
    out = hear([block(first), block(second, 3.9), block(glide(0.05), 20.0)], advance=True)
    until_s = 0.0
    for heard in out:
        available = [event.known_s for event in heard.events]
        available += [float(time) + LOOK_AHEAD_S for one in heard.features for time in one.times_s]
        available += [frame.end_s for frame in heard.voice]
        assert all(time > until_s - 1e-4 for time in available)
        assert all(event.known_s > until_s for event in heard.events)
        until_s = heard.until_s


def test_advance_only_makes_known_earlier() -> None:
    (clip,) = clips(1)
    blocks = [block(clip[:30_000], 1.0), block(clip[30_000:], 6.0)]
    silent = hear(blocks)
    hearing = Hearing()
    told = hearing.advance(0.5) + hearing.feed(blocks[0])
    assert hearing.advance(2.5) == []
    for clock_s in (3.0, 4.0, 5.0):
        told += hearing.advance(clock_s)
        assert told[-1].until_s == clock_s
    told += hearing.feed(blocks[1]) + hearing.flush()
    assert events_of(told) == events_of(silent)
    content = [comparable(replace(heard, until_s=0.0, events=())) for heard in told if heard.block or heard.features]
    assert content == [comparable(replace(heard, until_s=0.0, events=())) for heard in silent]


def test_silent_start_and_end_hold_nothing_up() -> None:
    hearing = Hearing()
    assert hearing.advance(3.0)[-1].until_s == 3.0
    assert hearing.feed(block(glide(0.5), 3.0))[0].until_s > 3.0
    assert hearing.advance(9.0)[-1].until_s == 9.0
    assert hearing.flush() == []


def test_real_speech_is_found() -> None:
    recordings = clips(20)
    found = [events_of(hear([block(samples)])) for samples in recordings]
    good = 0
    for samples, events in zip(recordings, found, strict=True):
        spoken_s = sum(end.pts_s - start.pts_s for start, end in zip(events[::2], events[1::2], strict=True))
        good += len(events) == 2 and 1.0 < spoken_s < len(samples) / 16_000
    assert good >= 19


@pytest.mark.parametrize("gain", [1.0, 0.05])
def test_very_quiet_clip_of_a_film(gain: float) -> None:
    av = pytest.importorskip("av")
    with av.open(str(shared_data("clips/ravdess_01-01-01-01-01-01-01.mp4"))) as container:
        stream = container.streams.audio[0]
        rate_hz = stream.rate
        samples = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in container.decode(stream)])
    out = hear(split(samples * np.float32(gain), [1024], 0.0, rate_hz))
    start, end = events_of(out)
    assert 0.3 < start.pts_s < 1.2
    assert 2.0 < end.pts_s < 3.0
    speaking = [heard.speech_gain for heard in out if heard.block and start.known_s < heard.block.pts_s < end.pts_s]
    assert min(speaking) > 2


def not_speech() -> dict[str, FloatArray]:
    rng = np.random.default_rng(0)
    t = np.arange(10 * 16_000) / 16_000
    notes = 220 * 2 ** (np.array([0, 4, 7, 12, 9, 5, 2, 0, 4, 7])[(t // 0.5).astype(int) % 10] / 12)
    return {
        "white noise": rng.standard_normal(len(t)),
        "bursts of noise": rng.standard_normal(len(t)) * (t % 3 < 1),
        "hum": sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 5)),
        "chord": sum(np.sin(2 * np.pi * hz * t) for hz in (261, 329, 392)) * (0.6 + 0.4 * np.sin(np.pi * t)),
        "melody": sum(np.sin(2 * np.pi * notes * k * t) * np.exp(-3 * (t % 0.5)) / k for k in (1, 2, 3, 4)),
        "clicks": (rng.random(len(t)) < 1e-4) * 1.0,
        "silence": np.zeros(len(t)),
    }


@pytest.mark.parametrize("level_db", [-70, -50, -15])
@pytest.mark.parametrize("name", list(not_speech()))
def test_what_is_not_speech_opens_nothing(name: str, level_db: float) -> None:
    samples = not_speech()[name]
    samples = samples * 10 ** (level_db / 20) / max(float(samples.std()), 1e-9)
    assert events_of(hear([block(np.clip(samples, -1, 1).astype(np.float32))])) == []
