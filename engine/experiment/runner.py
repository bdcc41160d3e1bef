"""Runs an experiment: what is missing is done, everything is kept, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.corpora.utterances import Dataset
from engine.experiment.about import About
from engine.experiment.datasets import DataSource
from engine.experiment.events import Listener, RunPool
from engine.experiment.jobs import Choice, Job, all_jobs, choose_jobs, plan_folds
from engine.experiment.plan import Plan
from engine.experiment.record import RunRecord
from engine.experiment.store import Store
from engine.pools.events import Finished, Started, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has become of the runs that were wanted.

    Attributes
    ----------
    total : how many were wanted.
    before : how many had been done before.
    done : how many were done now.
    failed : why the others failed, by the name of the run.
    """

    total: int
    before: int
    done: int
    failed: dict[str, str]


def run_experiment(
    plan: Plan,
    dataset: Dataset,
    source: DataSource,
    out: Path,
    pool: RunPool,
    listener: Listener,
    choice: Choice,
) -> Outcome:
    """Do the runs of a plan that are not done yet. The caller holds the lock of ``out``.

    Raises
    ------
    DataError
        When plan, data and folder do not go together.
    OutputError
        When results cannot be written; what is done is kept, and the same call goes on.
    KeyboardInterrupt
        On Ctrl-C; the same holds.
    """
    wanted = choose_jobs(all_jobs(plan, dataset, source), choice)
    store = Store(out, plan, About.of(dataset, plan_folds(plan, dataset)))
    records, missing = _sort(wanted, store, listener)
    listener.begin(missing, records, pool.parallel)
    done, failed = 0, dict[str, str]()
    try:
        with closing(pool.run(store.prepare(job) for job in missing)) as events:
            for event in events:
                job = event.job
                if isinstance(event, Started):
                    listener.started(job, event.place)
                elif isinstance(event, Told):
                    listener.epoch(job, event.news)
                elif isinstance(event, Finished):
                    listener.finished(job, store.save(job, event.result))
                    done += 1
                elif event.fatal is not None:
                    raise event.fatal
                else:
                    store.fail(job, event.message)
                    failed[job.name] = event.message
                    listener.failed(job, event.message)
    finally:
        store.sweep(missing)
    return Outcome(total=len(wanted), before=len(records), done=done, failed=failed)


def _sort(jobs: Sequence[Job], store: Store, listener: Listener) -> tuple[list[RunRecord], list[Job]]:
    """Records of the runs that are done, and those that are not."""
    records, missing = [], []
    for job in jobs:
        record = store.finished(job, listener.note)
        if record is None:
            missing.append(job)
        else:
            records.append(record)
    return records, missing
