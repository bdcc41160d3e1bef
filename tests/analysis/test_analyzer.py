from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.analyzer import Analyzer, Share, Task, located
from engine.analysis.batch import run_here, tasks_of
from engine.analysis.places import find_recordings
from engine.analysis.results import RESULTS, SUMMARY, read_origin, write_results
from engine.components import Components
from engine.config import SessionConfig
from engine.errors import AssetError, DataError, SourceError
from engine.pools.worker import Hopeless
from tests.analysis.fakes import Heard
from tests.fakes import FakePredictor, FakeRecognizer, fake_components
from tests.sources.media import write_clip

CONFIG = SessionConfig()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SessionConfig]]:
    """The settings with which models were loaded; they are fakes."""
    asked: list[SessionConfig] = []

    def load(config: SessionConfig, **_: object) -> Components:
        asked.append(config)
        return fake_components(recognizer=FakeRecognizer())

    monkeypatch.setattr("engine.components.load_components", load)
    yield asked


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    write_clip(folder / "both.mp4", seconds=2.0)
    write_clip(folder / "voice.wav", None, "pcm_s16le", seconds=1.2)
    write_clip(folder / "pictures.mkv", audio=None, seconds=1.5)
    return folder


def analyzed(folder: Path, out: Path, analyzer: Analyzer, *, backwards: bool = False) -> dict[str, Any]:
    """Content of every result file, without the durations."""
    tasks = tasks_of(find_recordings([folder], out).recordings, resume=False)
    outcome = run_here(tasks[::-1] if backwards else tasks, analyzer, "cpu", Heard())
    assert not outcome.failed and outcome.done == len(tasks)
    found: dict[str, Any] = {}
    for path in out.rglob("*"):
        if path.name == SUMMARY:
            content = json.loads(path.read_bytes())
            assert content["durations"].pop("analysis_s") >= 0 and content.pop("real_time_factor") >= 0
            found[str(path.relative_to(out))] = content
        elif path.is_file():
            found[str(path.relative_to(out))] = path.read_bytes()
    return found


def test_threads_and_order_change_nothing(tmp_path: Path, clips: Path, loads: list[SessionConfig]) -> None:
    one = analyzed(clips, tmp_path / "one", Analyzer(CONFIG, threads=True))
    two = analyzed(clips, tmp_path / "two", pickle.loads(pickle.dumps(Analyzer(CONFIG, threads=False))), backwards=True)
    assert len(one) == 3 * len(RESULTS) and one == two
    assert loads == [replace(CONFIG, device="cpu")] * 2  # once for all recordings
    assert one["both/summary.json"]["settings"]["device"] == "auto"  # as the user said


def test_progress(clips: Path, loads: list[SessionConfig]) -> None:
    told: list[Share] = []
    with_length, without = Task(path=clips / "both.mp4", folder=clips), Task(path=clips / "voice.wav", folder=clips)
    analyzer = Analyzer(CONFIG, threads=False)
    analyzer(with_length, told.append)
    assert told[0] == 0.0 and all(one is not None and 0 <= one <= 1 for one in told)
    analyzer(without, told.append)


def test_results_that_are_still_right_are_left(tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info: dict[str, object] = {"weights_sha256": "a" * 64}

    def load(config: SessionConfig, **_: object) -> Components:
        predictor = FakePredictor()
        predictor.info = dict(info)
        return fake_components(recognizer=FakeRecognizer(), predictor=predictor)

    monkeypatch.setattr("engine.components.load_components", load)
    path = tmp_path / "clip.wav"
    path.write_bytes((clips / "voice.wav").read_bytes())
    task = Task(path=path, folder=tmp_path)
    files = Analyzer(CONFIG, threads=False)(task, lambda share: None)
    assert files is not None
    write_results(files, tmp_path)
    again = replace(task, origin=read_origin(tmp_path))
    assert Analyzer(CONFIG, threads=False)(again, lambda share: None) is None
    assert Analyzer(replace(CONFIG, step_s=0.25), threads=False)(again, lambda share: None) is not None
    path.write_bytes((clips / "voice.wav").read_bytes()[:-2000])
    assert Analyzer(CONFIG, threads=False)(again, lambda share: None) is not None
    path.write_bytes((clips / "voice.wav").read_bytes())
    info["weights_sha256"] = "b" * 64
    assert Analyzer(CONFIG, threads=False)(again, lambda share: None) is not None


@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b"\xff", b"null"])
def test_a_damaged_summary_is_none(damage: bytes, tmp_path: Path) -> None:
    for name in RESULTS:
        (tmp_path / name).write_bytes(damage)
    assert read_origin(tmp_path) is None


def test_what_is_no_recording(tmp_path: Path, loads: list[SessionConfig]) -> None:
    analyzer = Analyzer(CONFIG, threads=False)
    (tmp_path / "text.mp4").write_text("milk, bread and cheese")
    for name in ("text.mp4", "missing.mp4"):
        with pytest.raises(SourceError, match=name):
            analyzer(Task(path=tmp_path / name, folder=tmp_path), lambda share: None)
    with pytest.raises(DataError, match=r"machine far does not see the recording .*missing\.mp4"):
        Task(path=tmp_path / "missing.mp4", folder=tmp_path).at("far")


def test_models_that_cannot_be_loaded(tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(config: SessionConfig, **_: object) -> Components:
        raise AssetError("the model is missing")

    monkeypatch.setattr("engine.components.load_components", load)
    task = Task(path=clips / "both.mp4", folder=tmp_path)
    with pytest.raises(Hopeless) as here:
        Analyzer(CONFIG, threads=False)(task, lambda share: None)
    assert isinstance(here.value.reason, AssetError) and str(here.value) == "the model is missing"
    with pytest.raises(Hopeless, match="machine far: the model is missing"):
        Analyzer(CONFIG, threads=False)(task.at("far"), lambda share: None)


def test_closing_lets_go_of_the_recogniser(clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    recognizer = FakeRecognizer()
    monkeypatch.setattr(recognizer, "close", lambda: closed.append(True))
    monkeypatch.setattr("engine.components.load_components", lambda *_, **__: fake_components(recognizer=recognizer))
    analyzer = Analyzer(CONFIG, threads=True)
    analyzer(Task(path=clips / "voice.wav", folder=tmp_path), lambda share: None)
    analyzer.close()
    analyzer.close()
    assert closed == [True]


def test_paths_for_other_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vectors.txt").touch()
    config = SessionConfig(
        asr_model="download", word_vectors="vectors.txt", model_dir="models", models=("runs/one", "model")
    )
    found = located(config)
    assert (found.asr_model, found.word_vectors) == ("download", str(tmp_path / "vectors.txt"))
    assert found.model_dir == str(tmp_path / "models")
    assert found.models == (str(tmp_path / "runs/one"), str(tmp_path / "model"))
    assert located(CONFIG) == CONFIG
