"""Order, patience and loss where camera and microphone come together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources.merge import MOST_PATIENCE_S, Merger
from engine.types import AudioBlock, VideoFrame

BOTH = {"camera": 0.5, "microphone": 0.5}


def picture(pts_s: float) -> VideoFrame:
    return VideoFrame(seq=0, pts_s=pts_s, captured_s=0.0, rgb=np.zeros((1, 1, 3), np.uint8))


def sound(pts_s: float) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=pts_s, captured_s=0.0, rate_hz=100, samples=np.zeros(2, np.float32))


def merger(room: int = 8) -> Merger:
    return Merger({"camera": room, "microphone": room})


def test_an_item_waits_until_the_other_stream_has_come_as_far() -> None:
    one = merger()
    one.put("camera", picture(1.0), 1.0)
    assert one.pop(1.1, BOTH) is None
    one.put("microphone", sound(0.9), 1.1)
    assert one.pop(1.1, BOTH).pts_s == 0.9
    assert one.pop(1.1, BOTH) is None
    one.advance("microphone", 1.0)
    assert one.pop(1.1, BOTH).pts_s == 1.0


def test_sound_is_first_where_both_are_equal() -> None:
    one = merger()
    one.put("camera", picture(1.0), 1.0)
    one.put("microphone", sound(1.0), 1.0)
    assert isinstance(one.pop(1.0, BOTH), AudioBlock) and isinstance(one.pop(1.0, BOTH), VideoFrame)


def test_patience_ends_and_nobody_waits_for_a_stream_that_has_stopped() -> None:
    one = merger()
    one.put("camera", picture(1.0), 1.0)
    assert one.pop(1.49, BOTH) is None and one.pop(1.51, BOTH) is not None
    one.put("camera", picture(2.0), 2.0)
    assert one.pop(2.0, {"camera": 0.5}) is not None


def test_what_is_late_is_dropped_counted_and_waited_for_longer_next_time() -> None:
    one = merger()
    one.put("camera", picture(1.0), 1.0)
    assert one.pop(1.6, BOTH) is not None
    one.put("microphone", sound(0.9), 1.7, late_s=0.8)
    assert one.pop(1.7, BOTH) is None and one.dropped("microphone") == 1
    one.put("camera", picture(2.0), 2.0)
    assert one.pop(2.85, BOTH) is None
    one.put("microphone", sound(1.9), 2.87)
    assert one.pop(2.87, BOTH).gap
    one.put("microphone", sound(0.1), 9.0, late_s=30.0)
    one.put("camera", picture(30.0), 30.0)
    assert one.pop(30.0 + MOST_PATIENCE_S, BOTH) is not None


def test_without_room_the_oldest_goes_and_the_tear_is_marked() -> None:
    one = merger(room=2)
    for k in range(4):
        one.put("microphone", sound(k / 10), 0.0)
    left = [one.pop(0.0, {}) for _ in range(2)]
    assert [item.pts_s for item in left] == [0.2, 0.3] and [item.gap for item in left] == [True, False]
    assert one.dropped("microphone") == 2 and len(one) == 0


@given(st.lists(st.tuples(st.booleans(), st.floats(0.001, 0.2), st.floats(0, 0.7)), max_size=60))
def test_whatever_comes_leaves_in_order_and_nothing_vanishes_uncounted(steps: list[tuple[bool, float, float]]) -> None:
    one, now_s, left = merger(), 0.0, []
    newest_s = {"camera": 0.0, "microphone": 0.0}
    for is_picture, step_s, wait_s in steps:
        name = "camera" if is_picture else "microphone"
        newest_s[name] += step_s
        one.put(name, (picture if is_picture else sound)(newest_s[name]), now_s, late_s=0.1)
        now_s += wait_s
        while (item := one.pop(now_s, BOTH)) is not None:
            left.append(item.pts_s)
    while (item := one.pop(now_s, {})) is not None:
        left.append(item.pts_s)
    assert left == sorted(left)
    assert len(left) + one.dropped("camera") + one.dropped("microphone") == len(steps)


def test_an_unknown_stream_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        merger().put("speaker", picture(0.0), 0.0)
