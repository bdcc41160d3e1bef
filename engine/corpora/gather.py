"""Extract the features of many items, in parallel, going on where it was stopped."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Sequence
from functools import partial

from engine.corpora.contents import ContentLog
from engine.corpora.extraction import Extracted, Extractor, ItemWork, Task
from engine.corpora.feature_cache import FeatureCache
from engine.corpora.manifest import Item
from engine.corpora.recipe import Settings, requests_of
from engine.corpora.workers import Died, Workers
from engine.machine import usable_cores

_log = logging.getLogger(__name__)

OnItem = Callable[[int, int, str, str | None], None]
"""Is told after each item: how many are done, of how many, its id, and why it cannot be used, or None."""

_MOST_JOBS = 8
"""By default: each process holds its own networks, some 400 MB."""


def default_jobs() -> int:
    """How many processes extract features unless told otherwise: one for each core, at most 8."""
    if multiprocessing.current_process().daemon:  # such a process may begin no other
        return 0
    return min(usable_cores(), _MOST_JOBS)


def extract_items(
    items: Sequence[Item],
    settings: Settings,
    cache: FeatureCache,
    make_extractor: Callable[[], Extractor],
    *,
    jobs: int,
    on_item: OnItem,
) -> list[Extracted]:
    """Features of items, from the cache where they are there.

    Everything that was finished before a stop or a kill is in the cache, so calling this again goes on from there.
    Where the cache cannot be written, as on a full disk, features are kept in memory, and that is said once.

    Parameters
    ----------
    items : what to extract.
    settings : what decides which features come out.
    cache : where they are kept.
    make_extractor : makes what extracts, in each process; it is pickled.
    jobs : how many processes extract; 0 does it in this one.
    on_item : is told after each item.

    Returns
    -------
    What came of each item, in their order.

    Raises
    ------
    AssetError
        When a network is missing.
    """
    log = ContentLog(cache.folder / "contents.jsonl")
    work = ItemWork(settings, cache, make_extractor)
    cache.sweep()
    out: dict[int, Extracted] = {}
    waiting = []
    homeless = False

    def finish(index: int, extracted: Extracted) -> None:
        nonlocal homeless
        if _in_memory(extracted) and not homeless:
            homeless = True
            _log.warning("%s cannot be written: features are kept in memory, and made again next time", cache.folder)
        out[index] = extracted
        on_item(len(out), len(items), items[index].id, extracted.reason)

    for index, item in enumerate(items):
        task = Task(index=index, requests=requests_of(item))
        found = work.find(task, log)
        if found is None:
            waiting.append(task)
        else:
            finish(index, found)
    workers: Workers[Task, Extracted] = Workers(
        partial(ItemWork, settings, cache, make_extractor), min(jobs, len(waiting))
    )
    try:
        with workers:
            for task, result in workers.run(_with_checksums(task, log) for task in waiting):
                extracted = _died(result) if isinstance(result, Died) else result
                log.add(extracted.contents)
                finish(task.index, extracted)
    finally:
        cache.sweep()
    return [out[index] for index in range(len(items))]


def _in_memory(extracted: Extracted) -> bool:
    """Whether the cache could not take the features."""
    return any(one.values is not None for one in extracted.features.values())


def _with_checksums(task: Task, log: ContentLog) -> Task:
    """A task with the checksums that are known by now."""
    known = {}
    for request in task.requests.values():
        for path in request.files():
            checksum = log.find(path)
            if checksum is not None:
                known[path] = checksum
    return Task(index=task.index, requests=task.requests, checksums=known)


def _died(died: Died) -> Extracted:
    why = (
        f"reading it ended the process that read it, twice (exit status {died.status}): it may be damaged, or too large"
    )
    return Extracted(features={}, contents=(), reason=why)
