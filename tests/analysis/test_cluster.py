from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.analysis.analyzer import Task
from engine.analysis.batch import AGAIN, SHARING, run_here, run_pool, tasks_of
from engine.analysis.places import find_recordings
from engine.errors import CheckpointError, DataError
from tests.analysis.fakes import FakeAnalyzer, Heard, contents, write_recordings

pytest.importorskip("ray", reason="Ray is not installed")
from engine.pools.cluster import Terms, ray_pool
from tests.experiment.test_cluster import cluster  # noqa: F401  (a fixture)

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # what Ray does inside is its own affair
    pytest.mark.timeout(240),
]

TERMS = Terms(sharing=SHARING, again=AGAIN)


def tasks(folder: Path, out: Path) -> list[Task]:
    return tasks_of(find_recordings([folder], out).recordings, resume=False, anywhere=True)


def test_machines_give_what_one_gives(tmp_path: Path, cluster: Any) -> None:  # noqa: F811
    texts = {f"t{number}": f"text {number}" for number in range(6)}
    talks = write_recordings(tmp_path / "talks", **texts, bad="damaged", odd="raises")
    here, there, analyzer = Heard(), Heard(), FakeAnalyzer(tmp_path / "log")
    run_here(tasks(talks, tmp_path / "here"), FakeAnalyzer(tmp_path / "alone"), "cpu", here)
    with ray_pool(analyzer, cluster.address, "auto", None, TERMS) as pool:
        assert pool.parallel == 2
        outcome = run_pool(tasks(talks, tmp_path / "there"), pool, there)
        assert contents(tmp_path / "there") == contents(tmp_path / "here")
        with pytest.raises(CheckpointError, match="the models are damaged"):
            run_pool(tasks(write_recordings(tmp_path / "more", a="no models"), tmp_path / "out"), pool, Heard())
    assert outcome.done == 6 and sorted(there.done) == sorted(here.done)
    assert there.failures.keys() == here.failures.keys() == {"bad.mp4", "odd.mp4"}
    assert "raise ValueError" in there.traces["odd.mp4"]
    assert {share for _, share in there.shares} <= {0.0, 0.5}


def test_recordings_that_a_machine_does_not_see(tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    talks = write_recordings(tmp_path / "talks", a="one", b="two")
    todo = tasks(talks, tmp_path / "out")
    (talks / "a.mp4").unlink()  # gone everywhere: that is its own loss
    with ray_pool(FakeAnalyzer(tmp_path / "log"), cluster.address, "cpu", 1, TERMS) as pool:
        assert pool.parallel == 1
        outcome = run_pool(todo, pool, Heard())
        assert list(outcome.failed) == [talks / "a.mp4"] and outcome.done == 1
        monkeypatch.setattr(Path, "exists", lambda path: True)  # as this process sees it; machines have their own
        with pytest.raises(DataError, match=r"machine .* does not see the recording .*a\.mp4"):
            run_pool(todo, pool, Heard())
