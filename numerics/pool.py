"""A process pool whose workers never outlive it, Ctrl-C and kill -9 included.

>>> with Pool(1) as pool:  # doctest: +SKIP
...     pool.submit(abs, -2).result()
2
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import wait
from types import TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Pool:
    """Processes started afresh (`spawn`): a fork of a process with threads may deadlock."""

    def __init__(self, jobs: int) -> None:
        self._others = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start)

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _interrupts_held():
            return self._pool.submit(work, *args, **kwargs)

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _kill(self) -> None:
        """End the workers now: a solver deep in C would not look at a request."""
        for worker in set(multiprocessing.active_children()) - self._others:
            _kill_group(worker.pid)
            worker.kill()


class Workers:
    """A pool that starts when it is first needed, and anew after ``renew``.

    >>> with Workers(2) as workers:
    ...     workers.jobs
    2
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._open = ExitStack()
        self._pool: Pool | None = None

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._pool is None:
            self._pool = self._open.enter_context(Pool(self.jobs))
        return self._pool.submit(work, *args, **kwargs)

    def renew(self) -> None:
        """Leave a pool that a crash has broken."""
        self._open.close()
        self._pool = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, problem, trace)


def _kill_group(leader: int | None) -> None:
    """Kill a worker with the solvers it started; one that is no leader yet has started none."""
    if leader is not None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start workers with Ctrl-C blocked, which they inherit: the parent alone answers it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start() -> None:
    """In a new worker: print to stderr only, and leave when the parent is gone.

    A worker leads a process group of its own, so that its end is that of its solvers too.
    """
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        _kill_group(os.getpid())
        os._exit(1)
