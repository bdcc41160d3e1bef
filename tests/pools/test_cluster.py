"""What a pool makes of the news of a cluster, without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.analysis.analyzer import Task
from engine.pools.cluster import TERMS, RayPool
from engine.pools.events import Started, Told
from engine.pools.worker import News


class FakeRay:
    """Gives the news that it was made with; whatever else is asked of it is itself."""

    def __init__(self, *news: tuple[str, object]) -> None:
        self._news = list(news)

    def __getattr__(self, name: str) -> FakeRay:
        return self

    def __call__(self, *_: object, **__: object) -> FakeRay:
        return self

    def get(self, what: object, timeout: float) -> list[tuple[str, object]]:
        return self._news


def news(ray: FakeRay, job: Task) -> list[Any]:
    pool: RayPool[Task, float, None] = RayPool(ray, lambda task, tell: None, "cpu", None, TERMS)
    return list(pool._news({job.key: job}, set()))


def test_a_job_begins_before_it_tells_anything() -> None:
    job = Task(path=Path("talk.mp4"), folder=Path("out"))
    assert news(FakeRay((job.key, "host"), (job.key, News(0.5))), job) == [Started(job, "host"), Told(job, 0.5)]
    lost = news(FakeRay((job.key, News(0.5)), (job.key, News(0.6))), job)  # the news of its beginning did not come
    assert lost == [Started(job, "cluster"), Told(job, 0.5), Told(job, 0.6)]


def test_news_of_other_jobs_are_no_news() -> None:
    assert news(FakeRay(("other.mp4", "host")), Task(path=Path("talk.mp4"), folder=Path("out"))) == []
