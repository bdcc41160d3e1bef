from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.errors import AssetError, DataError, OutputError
from engine.experiment.datasets import source_of
from engine.experiment.jobs import Choice
from engine.experiment.runner import run_experiment
from engine.pools.cluster import ray_pool
from tests.experiment.fakes import FakeDataset, FakeExecute, InlinePool, Listener, results, tiny_plan

pytest.importorskip("ray", reason="Ray is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # what Ray does inside is its own affair
    pytest.mark.timeout(240),
]

SMALL = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster of two machines, as far as Ray can tell; logs and sockets in a folder of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_health_check_initial_delay_ms", "0")
        patch.setenv("RAY_health_check_period_ms", "500")
        from ray.cluster_utils import Cluster

        before = set(psutil.Process().children(recursive=True))
        folder = tmp_path_factory.mktemp("ray")
        cluster = Cluster(initialize_head=True, head_node_args=SMALL | {"temp_dir": str(folder)})
        try:
            cluster.add_node(**SMALL)
            yield cluster
        finally:
            cluster.shutdown()
            left = set(psutil.Process().children(recursive=True)) - before
            assert not psutil.wait_procs(list(left), timeout=30)[1]


def test_a_cluster_gives_what_one_machine_gives(tmp_path: Path, cluster: Any) -> None:
    plan, fails, waits = tiny_plan(), "self A+T, two, seed 2", "self A+T, one, seed 1"
    source, nowhere = source_of(plan, tmp_path), source_of(plan, tmp_path / "nowhere")
    alone, spread = FakeExecute(tmp_path / "alone"), FakeExecute(tmp_path / "spread", {fails: "raises", waits: "waits"})
    run_experiment(plan, FakeDataset(), source, tmp_path / "here", InlinePool(alone), Listener(), Choice())
    heard, there = Listener(), tmp_path / "there"
    with ray_pool(spread, cluster.address, "auto", None) as pool:
        assert pool.parallel == 2
        outcome = run_experiment(plan, FakeDataset(), source, there, pool, heard, Choice())
        with pytest.raises(DataError, match="does not see the data at"):
            run_experiment(plan, FakeDataset(), nowhere, tmp_path / "blind", pool, Listener(), Choice())
    assert (outcome.done, list(outcome.failed)) == (7, [fails]) and len(spread.runs()) == 8
    assert sorted(heard.begun) == alone.runs()
    assert len(spread.processes()) == 2  # each machine did some
    outcome = run_experiment(plan, FakeDataset(), source, there, InlinePool(alone), Listener(), Choice())
    assert (outcome.before, outcome.done) == (7, 1)
    assert results(there) == results(tmp_path / "here")


def test_a_lost_machine_costs_no_run(tmp_path: Path, cluster: Any) -> None:
    plan = tiny_plan(("seeds = [1, 2]", "seeds = [1]"))
    names = ("self A+T, one, seed 1", "cross A+T, one, seed 1", "self A+T, two, seed 1")
    execute = FakeExecute(tmp_path / "log", dict.fromkeys(names, "hangs"))
    heard = TakesAway(cluster, cluster.add_node(**SMALL), execute.log)
    with ray_pool(execute, cluster.address, "cpu", None) as pool:
        outcome = run_experiment(
            plan, FakeDataset(), source_of(plan, tmp_path), tmp_path / "out", pool, heard, Choice()
        )
    assert outcome.done == 4 and not outcome.failed
    assert len(execute.runs()) == 5 and set(execute.runs()) == set(heard.done)


class TakesAway(Listener):
    """Takes a machine away when every machine has a run under way, and lets these go on."""

    def __init__(self, cluster: Any, node: Any, log: Path) -> None:
        super().__init__()
        self._cluster, self._node, self._log = cluster, node, log

    def epoch(self, job: Any, epoch: Any) -> None:
        super().epoch(job, epoch)
        if len({name for name, _ in self.epochs}) == 3 and not (self._log / "go").exists():
            raylet = psutil.Process(self._node.all_processes["raylet"][0].process.pid)
            workers = raylet.children(recursive=True)
            self._cluster.remove_node(self._node, allow_graceful=False)
            for one in workers:  # they would go on for a moment without their raylet
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            (self._log / "go").touch()


def test_no_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, error in (("127.0.0.1:1", OutputError), ("nonsense", DataError), ("host:99999", OutputError)):
        told = r"--ray nonsense: give 'auto'|no Ray cluster at .*ray start --head"
        with pytest.raises(error, match=told), ray_pool(FakeExecute(tmp_path), address, "auto", None):
            pass
    with pytest.raises(DataError, match="auto, cpu or cuda"), ray_pool(FakeExecute(tmp_path), "auto", "cuda:1", None):
        pass
    monkeypatch.setitem(sys.modules, "ray", None)
    told = r"pip install 'attune\[cluster\]'"
    with pytest.raises(AssetError, match=told), ray_pool(FakeExecute(tmp_path), "auto", "auto", None):
        pass
