"""A session is read whatever has happened to its files: torn, damaged, hostile, of another version, half written."""

from __future__ import annotations

import json
import random
import shutil
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from engine.annotations import Annotation, Annotations, write_annotations
from engine.errors import AttuneError, DataError
from engine.saved.folder import SessionFolder
from engine.saved.replay import predict_again
from engine.saved.session import SavedSession
from engine.saved.verify import verify
from engine.types import Prediction
from tests.fakes import FakePredictor, FakeSource, fake_components, recording, sound
from tests.saved.saving import save_session

Made = list[tuple[float, Prediction | None]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A session of 8 s, and what was predicted in it."""
    path = tmp_path_factory.mktemp("recorded") / "one"
    faces = [0.0 if 20 <= k < 30 else 0.5 + 0.4 * np.sin(k) for k in range(8 * 6)]
    source = FakeSource(recording(sound(8, [(1.0, 3.0), (4.5, 5.5), (7.0, 8.0)]), faces, sizes=(1600,)))
    return path, save_session(path, source=source)


@pytest.fixture
def copied(recorded: tuple[Path, Made], tmp_path: Path) -> tuple[Path, Made]:
    path = tmp_path / "copy"
    shutil.copytree(recorded[0], path)
    return path, recorded[1]


def check_prefix(path: Path, made: Made) -> SavedSession:
    """What can be read is what was there, from the beginning on, and is made again to the bit."""
    saved = SavedSession.open(path)
    moments = list(saved.timeline.moments)
    assert [t for t, _ in moments] == [t for t, _ in made[: len(moments)]]
    again = list(predict_again(saved, fake_components(predictor=FakePredictor())))
    assert len(again) == len(moments) and all(one.same for one in again)
    return saved


def test_torn_anywhere_everything_before_the_tear_is_there(copied: tuple[Path, Made]) -> None:
    path, made = copied
    journal = path / "journal.msgpack"
    whole = journal.read_bytes()
    chance = random.Random(7)
    header = 8 + struct.unpack_from("<I", whole)[0]
    ends = []
    for size in sorted(chance.sample(range(header, len(whole)), 12)):
        journal.write_bytes(whole[:size])
        saved = check_prefix(path, made)
        frames = list(_frames(whole[:size]))
        assert len(saved.moments) == sum(one["kind"] == "prediction" for one in frames)
        assert saved.damaged == 0 and (saved.torn_at is None or saved.torn_at <= size)
        ends.append(len(saved.moments))
    assert ends == sorted(ends) and ends[-1] > ends[0]
    journal.write_bytes(whole)
    assert len(check_prefix(path, made).moments) == len(made)


def test_a_changed_byte_costs_a_record_or_what_follows_and_nothing_before_it(copied: tuple[Path, Made]) -> None:
    path, made = copied
    journal = path / "journal.msgpack"
    whole = journal.read_bytes()
    chance = random.Random(8)
    header = 8 + struct.unpack_from("<I", whole)[0]
    for at in chance.sample(range(header, len(whole)), 25):
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        journal.write_bytes(changed)
        saved = SavedSession.open(path)
        assert saved.damaged or saved.torn_at is not None
        before = sum(one["kind"] == "prediction" for one in _frames(whole[:at]))
        moments = list(saved.timeline.moments)
        assert [t for t, _ in moments[:before]] == [t for t, _ in made[:before]]
        again = list(predict_again(saved, fake_components(predictor=FakePredictor())))
        assert all(one.same for one in again[:before])
        assert any("journal.msgpack" in note for note in saved.notes)


def test_a_session_cut_off_by_a_crash_says_so_and_shows_what_is_there(copied: tuple[Path, Made]) -> None:
    path, made = copied
    about = json.loads((path / "session.json").read_text())
    (path / "session.json").write_text(json.dumps({**about, "complete": False, "until_s": None}))
    saved = SavedSession.open(path)
    assert not saved.complete and saved.until_s == made[-1][0]
    assert "cut off" in saved.notes[0] and not any(one.open for one in saved.timeline.utterances)


def test_what_is_still_being_recorded_can_be_looked_at(copied: tuple[Path, Made]) -> None:
    path, made = copied
    about = json.loads((path / "session.json").read_text())
    (path / "session.json").write_text(json.dumps({**about, "complete": False, "until_s": None}))
    folder = SessionFolder(path)
    folder.hold()
    try:
        saved = SavedSession.open(path)
        assert saved.recording and "still being recorded" in saved.notes[0]
        assert len(saved.moments) == len(made)
    finally:
        folder.release()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("session.json", {"version": 2}, "newer"),
        ("session.json", {"version": 0}, "Attune"),
        ("session.json", {"format": "something"}, "does not describe a session"),
        ("session.json", {"from_s": "soon"}, "damaged"),
        ("session.json", {"settings": {"step_s": "1"}}, "damaged"),
        ("session.json", {"settings": {"fusions": ["../../other"]}}, "damaged"),
        ("session.json", {"settings": {"sound_after_s": 1e300}}, "damaged"),
        ("session.json", {"settings": {"window": "mirror"}}, "damaged"),
        ("journal.msgpack", {"version": 2}, "newer"),
        ("journal.msgpack", {"format": "something"}, "journal"),
    ],
)
def test_other_versions_and_other_things_are_refused_in_a_sentence(
    copied: tuple[Path, Made], name: str, change: dict[str, Any], said: str
) -> None:
    path, _ = copied
    if name == "session.json":
        content = json.loads((path / name).read_text())
        (path / name).write_text(json.dumps({**content, **change}))
    else:
        header, *rest = _frames((path / name).read_bytes())
        (path / name).write_bytes(b"".join(_framed(one) for one in ({**header, **change}, *rest[:5])))
    (path / "media.mkv").write_bytes(b"")
    with pytest.raises(DataError, match=said) as raised:
        SavedSession.open(path)
    assert name in str(raised.value) and "attune play" in str(raised.value)


def test_a_file_of_a_session_chooses_nothing_that_is_loaded(copied: tuple[Path, Made]) -> None:
    path, _ = copied
    about = json.loads((path / "session.json").read_text())
    chosen = {"model_dir": "/etc", "models": ["/etc/passwd"], "asr_model": "download", "word_vectors": "glove-300"}
    about["settings"] |= {**chosen, "device": "cuda:0"}
    (path / "session.json").write_text(json.dumps(about))
    config = SavedSession.open(path).config
    assert (config.model_dir, config.models, config.asr_model, config.word_vectors) == (None, (), None, None)
    assert config.device == "auto"


def test_what_is_no_session_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone", Path(__file__)):
        with pytest.raises(DataError, match="session"):
            SavedSession.open(path)


def test_damaged_annotations_are_told_and_cost_nothing_else(copied: tuple[Path, Made]) -> None:
    path, made = copied
    write_annotations(path / "annotations.json", Annotations([Annotation.new(1.0, text="here")]))
    assert len(SavedSession.open(path).annotations) == 1
    (path / "annotations.json").write_text("{")
    saved = SavedSession.open(path)
    assert len(saved.annotations) == 0 and len(saved.moments) == len(made)
    assert any("annotations.json" in note for note in saved.notes)
    assert [one.state for one in verify(saved, None).files if one.name == "annotations.json"] == ["damaged"]


def test_half_characters_in_annotations_are_replaced(copied: tuple[Path, Made]) -> None:
    path, _ = copied
    row = '{"id": "a", "start_s": 1, "end_s": 2, "text": "x\\ud800", "label": "\\udfff"}'
    (path / "annotations.json").write_text(f'{{"format": "attune annotations", "version": 1, "annotations": [{row}]}}')
    (one,) = SavedSession.open(path).annotations
    assert (one.text, one.label) == ("x?", "?")


def test_a_journal_that_was_written_twice_is_damaged(copied: tuple[Path, Made]) -> None:
    path, _ = copied
    journal = path / "journal.msgpack"
    journal.write_bytes(journal.read_bytes() * 2)
    saved = check_prefix(*copied)
    state = next(one for one in verify(saved, None).files if one.name == journal.name)
    assert saved.damaged and state.state == "damaged" and state.text.startswith(f"{saved.damaged} record")


def test_without_its_description_the_recording_can_still_be_played(copied: tuple[Path, Made]) -> None:
    path, _ = copied
    (path / "session.json").unlink()
    with pytest.raises(DataError, match=r"there is no session\.json") as told:
        SavedSession.open(path)
    assert "attune play" not in str(told.value)
    (path / "media.mkv").touch()
    with pytest.raises(DataError, match=r"can still be played: attune play .*media\.mkv$"):
        SavedSession.open(path)


def _array(dtype: str, shape: list[Any], data: bytes) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data": data}


def _report(**more: Any) -> dict[str, Any]:
    empty = _array("f8", [0], b"")
    report = {
        "kind": "report",
        "stage": "hearing",
        "until_s": 1.0,
        "seen": None,
        "faces": [],
        "features": [],
        "envelope_s": empty,
        "envelope": _array("f4", [0, 2], b""),
        "voice_s": empty,
        "voice": _array("f4", [0, 1], b""),
        "events": [],
        "updates": [],
    }
    return report | more


def _hostile() -> Iterator[tuple[str, dict[str, Any]]]:
    huge, nan = 1 << 40, float("nan")
    times = _array("f8", [2], struct.pack("<2d", 1.0, 0.5))
    frames = _array("f4", [2, 120], bytes(960))
    yield "huge shape", _report(features=[{"times_s": _array("f8", [huge], b""), "values": frames}])
    yield "negative shape", _report(envelope_s=_array("f8", [-1], b""))
    yield "shape beyond bytes", _report(voice_s=_array("f8", [3], bytes(8)))
    yield "object dtype", _report(envelope_s=_array("O", [1], bytes(8)))
    yield "other dimension", _report(features=[{"times_s": times, "values": _array("f4", [2, 7], bytes(56))}])
    yield "time goes back", _report(features=[{"times_s": times, "values": frames}])
    nans = _array("f8", [2], struct.pack("<2d", nan, nan))
    yield "time is none", _report(features=[{"times_s": nans, "values": frames}])
    yield (
        "face of another size",
        _report(
            stage="face",
            faces=[{"pts_s": 1.0, "identity": 1, "embedding": _array("f4", [9], bytes(36)), "jpeg": b"no picture"}],
        ),
    )
    yield "seen nowhere", _report(seen=[nan, [0, 0, 1, 1], []])
    yield "seen is text", _report(seen="here")
    yield "until is text", _report(until_s="soon")
    yield "until is none", _report(until_s=nan)
    event = {"kind": "end", "utterance": 9, "pts_s": 1.0, "known_s": 1.0}
    yield "end without a beginning", _report(events=[event])
    yield "huge utterance", _report(events=[{**event, "kind": "start", "utterance": 1 << 52}])
    word = {"pts_s": 1.0, "utterance": 77, "words": [["a", 0.0, 1.0, 1.0, True]], "final": True, "missing": False}
    yield "words of no utterance", _report(stage="transcription", updates=[word])
    outcome = {"self": {"probabilities": _array("f4", [2], bytes(8)), "labels": ["a", "b"]}}
    made = {"window_start_s": 0.0, "outcomes": outcome, "present": ["audio"], "utterance": 5, "latency_s": {}}
    point = {"kind": "prediction", "pts_s": 100.0, "muted": [], "prediction": made}
    yield "other classes", point
    yield "unknown fusion", {**point, "prediction": {**made, "outcomes": {"../x": outcome["self"]}}}
    yield "prediction in the past", {**point, "pts_s": 0.01, "prediction": None}
    yield "prediction at no time", {**point, "pts_s": nan}
    yield "muted is unknown", {**point, "muted": ["smell"]}
    yield "unknown kind", {"kind": "something later", "value": 1}
    yield "no kind", {"stage": "face"}
    yield "kind is a list", {"kind": ["report"]}
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    yield "deep", {"kind": "report", "stage": deep}


@pytest.mark.parametrize("record", [pytest.param(one, id=name) for name, one in _hostile()])
def test_a_hostile_record_is_left_out_or_harmless(copied: tuple[Path, Made], record: dict[str, Any]) -> None:
    path, made = copied
    journal = path / "journal.msgpack"
    whole = journal.read_bytes()
    frames = list(_frames(whole))
    middle = len(frames) // 2
    journal.write_bytes(b"".join(_framed(one) for one in (*frames[:middle], record, *frames[middle:])))
    components = fake_components(predictor=FakePredictor())
    try:
        saved = SavedSession.open(path)
        again = list(predict_again(saved, components))
        recall = saved.recall(components)
        for t in (1.0, 4.0, 7.9):
            recall.window_at(t)
            recall.crops(0.0, t, 100)
            recall.sound(0.0, t)
            recall.seen_at(t)
        verify(saved, components)
    except AttuneError:
        pytest.fail("what is damaged is left out")
    before = sum(one["kind"] == "prediction" for one in frames[:middle])
    assert all(one.same for one in again[:before]) and len(again) >= len(made)


@pytest.mark.parametrize(
    "tail",
    [
        struct.pack("<II", 0xFFFFFFFF, 0),
        struct.pack("<II", 1 << 31, 0) + bytes(100),
        struct.pack("<II", 0, 0) * 1000,
        b"\xff" * 5000,
        # msgpack that declares four billion items, with the right checksum
        struct.pack("<II", 5, zlib.crc32(b"\xdd\xff\xff\xff\xff")) + b"\xdd\xff\xff\xff\xff",
        struct.pack("<II", 5, zlib.crc32(b"\xc6\xff\xff\xff\xff")) + b"\xc6\xff\xff\xff\xff",
        struct.pack("<II", 60_000, zlib.crc32(b"\x91" * 60_000)) + b"\x91" * 60_000,
    ],
    ids=["longest", "long", "empty", "noise", "many items", "many bytes", "deep"],
)
def test_a_hostile_tail_takes_no_memory(copied: tuple[Path, Made], tail: bytes) -> None:
    path, made = copied
    with (path / "journal.msgpack").open("ab") as file:
        file.write(tail)
    SavedSession.open(path)  # what is imported the first time does not count
    tracemalloc.start()
    try:
        saved = SavedSession.open(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(saved.moments) == len(made) and (saved.damaged or saved.torn_at is not None)
    assert peak < 20 << 20


def _frames(data: bytes) -> Iterator[dict[str, Any]]:
    at = 0
    while at + 8 <= len(data):
        length, _ = struct.unpack_from("<II", data, at)
        if at + 8 + length > len(data):
            return
        yield msgpack.unpackb(data[at + 8 : at + 8 + length])
        at += 8 + length


def _framed(record: dict[str, Any]) -> bytes:
    packed: bytes = _packed(record)
    return struct.pack("<II", len(packed), zlib.crc32(packed)) + packed


def _packed(record: dict[str, Any]) -> bytes:
    depth, inner = 0, record.get("stage")
    while isinstance(inner, list) and inner:
        inner, depth = inner[0], depth + 1
    if depth < 100:
        return msgpack.packb(record, use_bin_type=True)  # type: ignore[no-any-return]
    return b"\x82\xa4kind\xa6report\xa5stage" + b"\x91" * depth + b"\x90"  # deeper than packb goes
