"""Seconds of work: what a proof is given, however busy the machine is with other things.

A deadline is a value of `now`, the CPU time of the thread and of the solvers that it waited for.
The same claim so gets the same chances on an idle machine and on a crowded one; who needs a limit
on the wall sets one outside.

>>> deadline = now() + 1.0
>>> now() < deadline
True
"""

from __future__ import annotations

import threading
import time

_SAMPLE = 0.2  # seconds of work between two looks at the wall
_MOST = 5.0


class _Work(threading.local):
    """Of one thread: the solvers' seconds, and how much slower the wall clock made its own."""

    def __init__(self) -> None:
        self.solvers = 0.0
        self.stretch = 1.0
        self.sample = (time.monotonic(), time.thread_time())


_work = _Work()


def now() -> float:
    """The thread's CPU time, its solvers' included, in seconds from an arbitrary origin."""
    own = time.thread_time()
    wall_before, own_before = _work.sample
    if own - own_before >= _SAMPLE:
        wall = time.monotonic()
        _work.stretch = min(_MOST, max(1.0, (wall - wall_before) / (own - own_before)))
        _work.sample = (wall, own)
    return own + _work.solvers


def begin() -> None:
    """Start to compare with the wall anew: what the thread idled away says nothing."""
    _work.stretch, _work.sample = 1.0, (time.monotonic(), time.thread_time())


def on_the_wall(seconds: float) -> float:
    """How long so many seconds of work take, as busy as the machine is."""
    return seconds * _work.stretch


def of_the_wall(seconds: float) -> float:
    """How much work so many seconds on the wall allow, as busy as the machine is."""
    return seconds / _work.stretch


def waited(seconds: float) -> None:
    """Count the work of a solver; the wait does not count as a slow machine."""
    _work.solvers += max(0.0, seconds)
    _work.sample = (time.monotonic(), time.thread_time())
