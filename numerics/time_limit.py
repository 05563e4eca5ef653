"""A wall-clock limit that also stops code which does not look at the clock.

>>> with time_limit(10.0):
...     answer = 6 * 7
>>> answer
42
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """Raised inside the block.  No Exception, or a broad `except` within would swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after `seconds`.

    Only the main thread of a process that has timers can do this; elsewhere the block runs
    unlimited, and the limit is left to the code in it.
    """
    if not _can_interrupt():
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _can_interrupt() -> bool:
    in_main_thread = threading.current_thread() is threading.main_thread()
    return in_main_thread and hasattr(signal, "setitimer")


def _stop(signum: int, frame: FrameType | None) -> None:
    raise OutOfTime
