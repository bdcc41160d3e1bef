"""The followed face: found, kept apart from others, lost and found again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.features.face import FaceTracker
from engine.types import Face, VideoFrame
from tests.conftest import shared_data

Picture = NDArray[np.uint8]
Person = tuple[Picture, float, float, float]
"""A photograph, the centre where it is shown, and the side of the photograph there."""

STEP_S = 1 / 6


@pytest.fixture(scope="module")
def people() -> list[Picture]:
    names = ("Abba_Eban_0001.jpg", "AJ_Cook_0001.jpg")
    return [np.asarray(Image.open(shared_data(f"faces/colour/{name}")).convert("RGB")) for name in names]


@pytest.fixture(scope="module")
def shared_tracker() -> FaceTracker:
    return FaceTracker()


@pytest.fixture
def tracker(shared_tracker: FaceTracker) -> Iterator[FaceTracker]:
    shared_tracker.reset()
    yield shared_tracker


def scene(people: Iterable[Person], width: int = 640, height: int = 480) -> Picture:
    """A smooth background with photographs on it, the later ones in front."""
    y, x = np.mgrid[0:height, 0:width]
    canvas = np.stack([60 + 90 * x / width, 80 + 60 * y / height, 120 - 40 * x / width], axis=2).astype(np.uint8)
    picture = Image.fromarray(canvas)
    for photograph, cx, cy, side in people:
        size = max(1, round(side))
        picture.paste(Image.fromarray(photograph).resize((size, size)), (round(cx - side / 2), round(cy - side / 2)))
    return np.asarray(picture)


def frame(rgb: Picture, pts_s: float, seq: int = 0) -> VideoFrame:
    return VideoFrame(seq=seq, pts_s=pts_s, captured_s=0.0, rgb=rgb)


def follow(tracker: FaceTracker, count: int, at: Callable[[int], Sequence[Person]]) -> list[Face | None]:
    """Track through ``count`` scenes, six a second."""
    return [tracker.track(frame(scene(at(k)), k * STEP_S, k)) for k in range(count)]


def identities(faces: Iterable[Face | None]) -> list[int | None]:
    return [None if face is None else face.identity for face in faces]


def centre_x(face: Face | None) -> float:
    assert face is not None
    return (face.box[0] + face.box[2]) / 2


def check(face: Face, width: int, height: int) -> None:
    x0, y0, x1, y1 = face.box
    assert 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height
    assert all(type(value) is float for value in face.box) and type(face.score) is float
    assert 0.9 <= face.score <= 1.0
    assert face.crop.shape == (112, 112, 3) and face.crop.dtype == np.uint8


def test_a_moving_face_keeps_its_identity(tracker: FaceTracker, people: list[Picture]) -> None:
    path = [(200 + 15 * k, 240 + 60 * np.sin(k / 4), 180 + 5 * k) for k in range(18)]
    faces = follow(tracker, len(path), lambda k: [(people[0], *path[k])])
    assert identities(faces) == [0] * len(path)
    for face, (x, _, side) in zip(faces, path, strict=True):
        assert face is not None
        check(face, 640, 480)
        assert abs(centre_x(face) - x) < 0.15 * side


def test_the_largest_is_followed_and_kept_when_another_outgrows_it(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        return [(people[0], 160 + 3 * k, 240, 220 - 5 * k), (people[1], 470 - 3 * k, 240, 130 + 6 * k)]

    faces = follow(tracker, 19, at)
    assert identities(faces) == [0] * 19
    assert all(abs(centre_x(face) - (160 + 3 * k)) < 40 for k, face in enumerate(faces))


def test_people_who_cross_are_not_confused(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        return [(people[1], 540 - 24 * k, 240, 150), (people[0], 100 + 24 * k, 240, 170)]

    faces = follow(tracker, 19, at)
    assert set(identities(faces)) <= {0, None}
    assert abs(centre_x(faces[-1]) - 532) < 40


def test_one_who_passes_in_front_does_not_take_over(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        return [(people[0], 320, 240, 190), (people[1], 590 - 45 * k, 250, 165)]

    faces = follow(tracker, 13, at)
    assert set(identities(faces)) == {0, None}
    assert all(abs(centre_x(face) - 320) < 40 for face in faces if face is not None)
    assert faces[-1] is not None


def test_a_shaking_face_is_not_lost(tracker: FaceTracker, people: list[Picture]) -> None:
    faces = follow(tracker, 12, lambda k: [(people[0], 320 + 35 * (-1) ** k, 240, 200)])
    assert identities(faces) == [0] * 12


@pytest.mark.parametrize(("hidden", "after"), [(3, 0), (12, 1)])
def test_a_face_that_is_away_for_long_is_a_new_one(
    tracker: FaceTracker, people: list[Picture], hidden: int, after: int
) -> None:
    gone = range(6, 6 + hidden)
    faces = follow(tracker, 24, lambda k: [] if k in gone else [(people[0], 250 + 6 * k, 240, 180)])
    assert identities(faces) == [0] * 6 + [None] * hidden + [after] * (18 - hidden)


def test_nobody_takes_over_from_one_who_leaves(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        stays: Person = (people[1], 460, 240, 150)
        return [stays] if k >= 6 else [stays, (people[0], 260, 240, 190)]

    faces = follow(tracker, 18, at)
    # seen last at 5/6 s, so more than a second later is the tick after 11/6 s
    assert identities(faces) == [0] * 6 + [None] * 6 + [1] * 6
    assert abs(centre_x(faces[-1]) - 460) < 40


def test_a_larger_newcomer_beside_is_ignored(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        newcomer: Person = (people[1], 440, 250, 240)
        followed: Person = (people[0], 230, 240, 150)
        return [followed] if k < 4 else [newcomer, followed]

    faces = follow(tracker, 18, at)
    assert identities(faces) == [0] * 18
    assert all(abs(centre_x(face) - 230) < 30 for face in faces)


def test_the_identity_ends_just_after_one_second(tracker: FaceTracker, people: list[Picture]) -> None:
    seen, empty = scene([(people[0], 320, 240, 200)]), scene([])
    shown = [(0.0, seen), (0.5, empty), (1.0, seen), (1.5, empty), (2.01, seen)]
    faces = [tracker.track(frame(rgb, pts_s)) for pts_s, rgb in shown]
    assert identities(faces) == [0, None, 0, None, 1]


def test_going_back_in_time_begins_anew(tracker: FaceTracker, people: list[Picture]) -> None:
    seen = scene([(people[0], 320, 240, 200)])
    assert identities(tracker.track(frame(seen, pts_s)) for pts_s in (5.0, 5.2, 1.0)) == [0, 0, 1]


def test_the_result_depends_on_pictures_and_times_alone(tracker: FaceTracker, people: list[Picture]) -> None:
    def at(k: int) -> list[Person]:
        return [] if k in (4, 5) else [(people[0], 250 + 9 * k, 240, 180), (people[1], 480, 200, 120)]

    first = follow(tracker, 9, at)
    tracker.reset()
    for one, other in zip(first, follow(tracker, 9, at), strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.box, one.score, one.identity) == (other.box, other.score, other.identity)
            assert np.array_equal(one.crop, other.crop)


@pytest.mark.parametrize("shape", [(24, 24), (48, 64), (120, 90), (853, 480), (1920, 1080), (2160, 3840)])
def test_any_size_of_picture(tracker: FaceTracker, people: list[Picture], shape: tuple[int, int]) -> None:
    height, width = shape
    rgb = scene([(people[0], width / 2, height / 2, min(shape))], width, height)
    for k in range(2):
        face = tracker.track(frame(rgb, k * STEP_S))
        assert face is not None
        check(face, width, height)


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (11, 11), (13, 700)])
def test_pictures_too_small_for_a_face(tracker: FaceTracker, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert [tracker.track(frame(noise, k * STEP_S)) for k in range(2)] == [None, None]


@pytest.mark.parametrize("kind", ["black", "noise", "smooth"])
def test_no_face_is_none(tracker: FaceTracker, kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    rgb = {"black": np.zeros_like(noise), "noise": noise, "smooth": scene([], 320, 240)}[kind]
    assert tracker.track(frame(rgb, 0.0)) is None


def test_a_grey_picture(tracker: FaceTracker, people: list[Picture]) -> None:
    grey = np.asarray(Image.fromarray(scene([(people[0], 320, 240, 200)])).convert("L").convert("RGB"))
    face = tracker.track(frame(grey, 0.0))
    assert face is not None
    assert (face.crop[..., 0] == face.crop[..., 2]).all()


def test_a_face_that_leaves_the_picture_stays_within_it(tracker: FaceTracker, people: list[Picture]) -> None:
    faces = follow(tracker, 14, lambda k: [(people[0], 400 + 20 * k, 240, 240)])
    seen = [face for face in faces if face is not None]
    for face in seen:
        check(face, 640, 480)
    assert max(face.box[2] for face in seen) > 620
    assert {face.identity for face in seen} == {0}


def test_the_real_clip(tracker: FaceTracker) -> None:
    av = pytest.importorskip("av")
    faces, next_s = [], 0.0
    with av.open(str(shared_data("clips/ravdess_01-01-01-01-01-01-01.mp4"))) as clip:
        for picture in clip.decode(video=0):
            if picture.time >= next_s:
                faces.append(tracker.track(frame(picture.to_ndarray(format="rgb24"), picture.time)))
                next_s += STEP_S
    assert len(faces) >= 18
    assert identities(faces) == [0] * len(faces)


def test_a_click_follows_another_person_and_only_another(tracker: FaceTracker, people: list[Picture]) -> None:
    both = [(people[0], 160, 240, 220), (people[1], 470, 240, 150)]
    first = tracker.track(frame(scene(both), 0.0))
    assert centre_x(first) < 250 and len(tracker.others) == 1
    x0, _, x1, _ = tracker.others[0]
    assert 400 < (x0 + x1) / 2 < 540
    assert not tracker.switch(frame(scene(both), STEP_S), 160, 240)
    assert not tracker.switch(frame(scene(both), STEP_S), 320, 20)
    assert tracker.switch(frame(scene(both), STEP_S), 470, 240)
    faces = [tracker.track(frame(scene(both), k * STEP_S)) for k in range(1, 4)]
    assert identities(faces) == [1, 1, 1]
    assert all(centre_x(face) > 400 for face in faces)
    assert (tracker.others[0][0] + tracker.others[0][2]) / 2 < 250
