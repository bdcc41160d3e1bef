"""The parts of the detection cascade that are not networks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.features.face_detect import FaceDetector, suppress


def test_suppression_keeps_the_best_of_overlapping_boxes() -> None:
    boxes = np.array([[0, 0, 10, 10, 0.8], [1, 0, 11, 10, 0.9], [20, 0, 30, 10, 0.7]])
    assert suppress(boxes, 0.5).tolist() == [1, 2]


def test_suppression_of_nested_boxes() -> None:
    boxes = np.array([[0, 0, 10, 10, 0.9], [2, 2, 6, 6, 0.8]])
    assert suppress(boxes, 0.5).tolist() == [0, 1]
    assert suppress(boxes, 0.5, nested=0.7).tolist() == [0]


def test_suppression_of_nothing() -> None:
    assert suppress(np.zeros((0, 5)), 0.5).tolist() == []


@given(st.lists(st.tuples(*[st.floats(0, 50)] * 2, *[st.floats(1, 30)] * 2, st.floats(0, 1)), max_size=12))
def test_what_suppression_keeps_does_not_overlap(rows: list[tuple[float, ...]]) -> None:
    boxes = np.array([(x, y, x + w, y + h, p) for x, y, w, h, p in rows]).reshape(-1, 5)
    kept = boxes[suppress(boxes, 0.4)]
    assert (np.diff(kept[:, 4]) <= 0).all()
    for i, a in enumerate(kept):
        for b in kept[i + 1 :]:
            shared = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
            joint = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
            assert shared <= 0.4 * joint + 1e-9


def test_the_region_may_lie_outside_of_the_picture() -> None:
    detector = FaceDetector()
    rgb = np.full((60, 80, 3), 90, np.uint8)
    assert detector.detect(rgb, 20, 60, (200, 200, 300, 300)).shape == (0, 5)
    assert detector.detect(rgb, 20, 60, (-500, -500, -400, -400)).shape == (0, 5)
