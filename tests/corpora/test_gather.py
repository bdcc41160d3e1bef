from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from engine.corpora import contents
from engine.corpora.extraction import Extracted, Extractor
from engine.corpora.feature_cache import FeatureCache
from engine.corpora.gather import extract_items
from engine.corpora.manifest import Item, Part
from tests.corpora.media import ByteExtractor, CountingExtractor, settings
from tests.signals import hearing_ctrl_c


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test were written a moment ago, and are to be remembered all the same."""
    monkeypatch.setattr(contents, "_SETTLED_NS", -(10**12))


def write(folder: Path, **texts: str) -> list[Item]:
    """An item for each text, in a file of its own."""
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [Item(row=row, id=name, label=0, audio=folder / name) for row, name in enumerate(texts, start=2)]


def gather(
    items: list[Item], cache: Path, make: Callable[[], Extractor] = ByteExtractor, *, jobs: int = 0, **changes: Any
) -> tuple[list[Extracted], list[tuple[int, int, str, str | None]]]:
    told: list[tuple[int, int, str, str | None]] = []
    out = extract_items(
        items,
        settings(**changes),
        FeatureCache(cache),
        make,
        jobs=jobs,
        on_item=lambda *news: told.append(news),
    )
    return out, told


def asked(items: list[Item], cache: Path, **changes: Any) -> list[str]:
    """What had to be extracted."""
    extractor = CountingExtractor()
    gather(items, cache, lambda: extractor, **changes)
    return extractor.asked


def drafts(cache: Path) -> list[Path]:
    return list(cache.glob("*/.*"))


def test_features_are_extracted_once(tmp_path: Path) -> None:
    items, cache = write(tmp_path, a="first", b="second"), tmp_path / "cache"
    assert asked(items, cache) == ["a", "b"]
    assert asked(items, cache) == []
    (extracted, _), told = gather(items, cache)
    assert extracted.features["audio"].read().shape == (5, 120)
    assert told == [(1, 2, "a", None), (2, 2, "b", None)]


def test_content_and_settings_name_the_features(tmp_path: Path) -> None:
    items, cache = write(tmp_path, a="first", b="second"), tmp_path / "cache"
    gather(items, cache)
    assert asked(write(tmp_path, c="second"), cache) == []  # the same under another name
    (tmp_path / "a").write_text("other")
    assert asked(items, cache) == ["a"]
    video = [Item(row=2, id="v", label=0, video=tmp_path / "b")]
    assert asked(video, cache) == ["b"] and asked(video, cache) == []
    assert asked(video, cache, track_hz=9.0) == ["b"]
    assert asked(video, cache, encoder="another") == ["b"]
    half = [Item(row=2, id="v", label=0, video=tmp_path / "b", part=Part(side="left"))]
    assert asked(half, cache) == ["b"]
    assert asked(items, cache, track_hz=9.0) == []  # which says nothing about voices


def test_damaged_features_are_made_again(tmp_path: Path) -> None:
    items, cache = write(tmp_path, a="first", b="second"), tmp_path / "cache"
    (first, _), _ = gather(items, cache)
    path = Path(first.features["audio"].path)
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    assert asked(items, cache) == ["a"] and path.read_bytes() == good


def test_what_cannot_be_read_is_told_and_tried_again(tmp_path: Path) -> None:
    items, cache = write(tmp_path, a="damaged", b="good"), tmp_path / "cache"
    items.append(Item(row=4, id="c", label=0, audio=tmp_path / "folder"))
    (tmp_path / "folder").mkdir()
    out, told = gather(items, cache)
    assert out[0].reason == f"{tmp_path / 'a'} is damaged" and out[1].reason is None
    assert "cannot be read" in str(out[2].reason)
    assert sorted(news[2:] for news in told)[0] == ("a", f"{tmp_path / 'a'} is damaged")
    assert asked(items, cache) == ["a"]


def test_that_no_face_is_seen_is_remembered(tmp_path: Path) -> None:
    write(tmp_path, v="faceless")
    items, cache = [Item(row=2, id="v", label=0, video=tmp_path / "v", audio=tmp_path / "v")], tmp_path / "cache"
    (extracted,), _ = gather(items, cache)
    assert extracted.reason == f"no face was found in {tmp_path / 'v'}"
    assert asked(items, cache) == []


def test_an_empty_folder_of_faces_and_words_alone(tmp_path: Path) -> None:
    (tmp_path / "faces").mkdir()
    items = [Item(row=2, id="f", label=0, faces=tmp_path / "faces"), Item(row=3, id="t", label=0, text="hello")]
    (faces, text), _ = gather(items, tmp_path / "cache")
    assert "holds no picture" in str(faces.reason)
    assert text.reason is None and text.features == {}


def test_processes_give_the_same(tmp_path: Path) -> None:
    items = write(tmp_path, **{f"i{k}": "damaged" if k == 3 else "x" * (k + 1) for k in range(7)})
    alone, _ = gather(items, tmp_path / "one")
    several, told = gather(items, tmp_path / "two", jobs=2)
    assert [news[:2] for news in told] == [(k, 7) for k in range(1, 8)]
    for one, other in zip(alone, several, strict=True):
        assert one.reason == other.reason
        for name, stored in one.features.items():
            np.testing.assert_array_equal(stored.read(), other.features[name].read())
    assert asked(items, tmp_path / "two") == ["i3"]


def test_a_file_that_ends_its_process_is_left_out(tmp_path: Path) -> None:
    items = write(tmp_path, a="die", b="die once", c="fine")
    out, _ = gather(items, tmp_path / "cache", jobs=1)
    assert "exit status 7" in str(out[0].reason)
    assert [one.reason for one in out[1:]] == [None, None]


def test_a_mistake_ends_all_and_a_full_disk_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    items, cache = write(tmp_path, a="fine", b="wrong"), tmp_path / "cache"
    with pytest.raises(RuntimeError, match=r"ZeroDivisionError: a mistake"):
        gather(items, cache, jobs=1)
    assert asked(items[:1], cache) == []  # what was finished is kept
    large = write(tmp_path, big="x" * 9000, large="y" * 9000)
    out, _ = gather(large, cache, partial(_on_small_disk), jobs=1)
    assert drafts(cache) == [] and caplog.text.count("features are kept in memory") == 1
    whole, _ = gather(large, cache)
    for one, other in zip(out, whole, strict=True):
        assert one.reason is None
        np.testing.assert_array_equal(one.features["audio"].read(), other.features["audio"].read())


def _on_small_disk() -> ByteExtractor:
    """Lets this process write no large file, as a full disk would not."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    return ByteExtractor()


_SCRIPT = """
    import sys
    from pathlib import Path
    from engine.corpora import contents
    from tests.corpora.test_gather import gather, write
    if __name__ == "__main__":
        contents._SETTLED_NS = -(10**12)
        folder = Path(sys.argv[1])
        try:
            gather(write(folder, a="first", b="second", c="wait for it", d="last"), folder / "cache", jobs=2)
        except KeyboardInterrupt:
            sys.exit(130)
"""


def begin(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A process that extracts, and the id of its worker that is in the middle of an item."""
    script = folder / "script.py"
    script.write_text(textwrap.dedent(_SCRIPT))
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        env=environment,
        start_new_session=True,
        preexec_fn=hearing_ctrl_c,
    )
    begun = folder / "c.begun"
    wait_until(lambda: begun.exists() and begun.read_text() != "", process)
    return process, int(begun.read_text())


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    until_s = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < until_s and (process is None or process.poll() is None)
        time.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_stop_in_the_middle_leaves_no_process_and_loses_nothing(how: signal.Signals, tmp_path: Path) -> None:
    process, worker = begin(tmp_path)
    cache = tmp_path / "cache"
    wait_until(lambda: len(list(cache.glob("voice/[!.]*.npy"))) == 3)  # the other worker did all the rest
    children = [one.pid for one in psutil.Process(process.pid).children(recursive=True)]
    assert worker in children
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does
    else:
        process.kill()
    assert process.wait(30) == (130 if how is signal.SIGINT else -9)
    wait_until(lambda: all(gone(pid) for pid in children))
    assert drafts(cache) == []
    (tmp_path / "c.go").touch()
    items = write(tmp_path, a="first", b="second", c="wait for it", d="last")
    assert asked(items, cache) == ["c"]
    resumed, _ = gather(items, cache)
    fresh, _ = gather(items, tmp_path / "fresh")
    for one, other in zip(resumed, fresh, strict=True):
        np.testing.assert_array_equal(one.features["audio"].read(), other.features["audio"].read())
