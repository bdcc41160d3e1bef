from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from engine.corpora import contents
from engine.corpora.contents import ContentLog, read_content
from engine.corpora.feature_cache import FeatureCache
from engine.errors import DataError
from tests.drafts import leave_draft

VALUES = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_what_is_stored_is_found(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path / "cache")
    assert cache.find("voice", "key", 3) is None
    stored = cache.store("voice", "key", VALUES)
    assert cache.find("voice", "key", 3) == stored
    np.testing.assert_array_equal(stored.read(), VALUES)
    np.testing.assert_array_equal(np.load(stored.path), VALUES)
    assert cache.find("voice", "other", 3) is None and cache.find("face", "key", 3) is None


def test_nothing_seen_is_kept_too(tmp_path: Path) -> None:
    stored = FeatureCache(tmp_path).store("face", "key", VALUES[:0])
    assert stored.frames == 0 and FeatureCache(tmp_path).find("face", "key", 3) == stored
    assert stored.read().shape == (0, 3)


@pytest.mark.parametrize("damage", ["bit", "cut", "empty", "text", "longer", "other width"])
def test_damaged_files_count_as_missing(damage: str, tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    path = Path(cache.store("voice", "key", VALUES).path)
    data = path.read_bytes()
    broken = {
        "bit": data[:140] + bytes([data[140] ^ 1]) + data[141:],
        "cut": data[:-9],
        "empty": b"",
        "text": b"this is nothing of ours, at all",
        "longer": data + b"x",
        "other width": data,
    }
    path.write_bytes(broken[damage])
    assert cache.find("voice", "key", 4 if damage == "other width" else 3) is None
    stored = cache.store("voice", "key", VALUES)
    assert cache.find("voice", "key", 3) == stored


def test_a_file_that_goes_while_it_is_needed(tmp_path: Path) -> None:
    stored = FeatureCache(tmp_path).store("voice", "key", VALUES)
    Path(stored.path).write_bytes(Path(stored.path).read_bytes()[:-20])
    with pytest.raises(DataError, match=r"start again"):
        stored.read()
    Path(stored.path).unlink()
    with pytest.raises(DataError, match=r"start again"):
        stored.read()


def test_where_the_cache_cannot_be_written_features_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = FeatureCache(tmp_path / "file")
    stored = cache.store("voice", "key", VALUES)
    np.testing.assert_array_equal(stored.read(), VALUES)
    assert (stored.frames, stored.dim) == VALUES.shape
    assert cache.find("voice", "key", VALUES.shape[1]) is None


@pytest.mark.skipif(os.name == "nt", reason="this system has no such modes")
def test_features_of_people_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = Path(FeatureCache(tmp_path / "cache").store("voice", "key", VALUES).path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_drafts_of_ended_processes_are_swept(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    path = tmp_path / "voice" / "a.npy"
    leave_draft(path)
    cache.store("voice", "a", VALUES)
    cache.sweep()
    assert list(path.parent.iterdir()) == [path]


def test_unchanged_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_SETTLED_NS", -(10**12))
    path, log = tmp_path / "a.wav", tmp_path / "log" / "contents.jsonl"
    path.write_bytes(b"one")
    content = read_content(path)
    ContentLog(log).add([content])
    assert ContentLog(log).find(path) == content.sha256
    path.write_bytes(b"two")
    os.utime(path, ns=(content.modified_ns, content.modified_ns))  # as long, and as old as far as anybody says
    assert ContentLog(log).find(path) is None
    path.unlink()
    assert ContentLog(log).find(path) is None


def test_a_file_that_has_just_changed_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"one")
    log = ContentLog(tmp_path / "contents.jsonl")
    log.add([read_content(path)])
    assert log.find(path) is None and not (tmp_path / "contents.jsonl").exists()


def test_a_log_that_was_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_SETTLED_NS", -(10**12))
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path in paths:
        path.write_text(path.name)
    log = tmp_path / "contents.jsonl"
    ContentLog(log).add([read_content(path) for path in paths[:2]])
    log.write_bytes(log.read_bytes()[:-30] + b'\xff"')
    ContentLog(log).add([read_content(paths[2])])
    again = ContentLog(log)
    assert [again.find(path) is not None for path in paths] == [True, False, True]
