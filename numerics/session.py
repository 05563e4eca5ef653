"""A session: many claims, one after the other, in a pool of processes or on a cluster.

>>> run([], budget=1.0, seed=0)
[]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool

from numerics.one_claim import undecided, verify_task
from numerics.pool import Pool
from numerics.tasks import Task
from theory.verdicts import Verdict

Report = Callable[[Task, Verdict], None]


def run(
    tasks: Sequence[Task],
    *,
    budget: float,
    seed: int,
    jobs: int = 1,
    executor: Executor | None = None,
    report: Report = lambda task, verdict: None,
) -> list[Verdict]:
    """The verdicts in the order of the tasks; `report` gets each one as it is reached.

    `executor` is any of concurrent.futures, such as a Dask client's `get_executor()`, and
    stays open.  Ctrl-C ends the workers and leaves as KeyboardInterrupt: what was reached by
    then has been reported.
    """
    if executor is not None:
        return _spread(executor, tasks, budget, seed, report)
    if jobs == 1 or len(tasks) < 2:
        return [_told(task, verify_task(task, budget, seed), report) for task in tasks]
    return _pooled(tasks, budget, seed, min(jobs, len(tasks)), report)


def _told(task: Task, verdict: Verdict, report: Report) -> Verdict:
    report(task, verdict)
    return verdict


def _spread(
    executor: Executor, tasks: Sequence[Task], budget: float, seed: int, report: Report
) -> list[Verdict]:
    """Every task on the given executor; one that is lost there is undecided."""
    futures = {executor.submit(verify_task, task, budget, seed): task for task in tasks}
    try:
        reached = {
            futures[future]: _told(futures[future], _result(future, futures[future]), report)
            for future in as_completed(futures)
        }
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [reached[task] for task in tasks]


def _pooled(
    tasks: Sequence[Task], budget: float, seed: int, jobs: int, report: Report
) -> list[Verdict]:
    """Every task in a pool of our own; those that a dying worker takes with it run again, alone.

    A pool does not say which task killed it, hence the second, solitary try.
    """
    reached: dict[Task, Verdict] = {}
    with Pool(jobs) as pool:
        futures = {pool.submit(verify_task, task, budget, seed): task for task in tasks}
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                task = futures[future]
                reached[task] = _told(task, _result(future, task), report)
    for task in tasks:
        if task not in reached:
            reached[task] = _told(task, _alone(task, budget, seed), report)
    return [reached[task] for task in tasks]


def _alone(task: Task, budget: float, seed: int) -> Verdict:
    with Pool(1) as pool:
        return _result(pool.submit(verify_task, task, budget, seed), task)


def _result(future: Future[Verdict], task: Task) -> Verdict:
    try:
        return future.result()
    except Exception as problem:
        return undecided(task, "worker", f"the worker failed: {type(problem).__name__}")
