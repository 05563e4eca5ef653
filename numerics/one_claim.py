"""Verify one claim and always come back with a verdict: the body of every worker.

A failure of the machinery is `undecided`, with evidence that says what failed; only a
malformed claim is an `error`.
"""

from __future__ import annotations

import sys
import time
import traceback
from contextlib import redirect_stdout

from numerics.sentences import first_line_of
from numerics.tasks import Task
from numerics.time_limit import OutOfTime, time_limit
from theory.verdicts import Evidence, Status, Verdict


def verify_task(task: Task, budget: float, seed: int) -> Verdict:
    """The verdict on one task.  Whatever the claim's file prints goes to stderr."""
    start = time.perf_counter()
    try:
        with redirect_stdout(sys.stderr), time_limit(budget + grace(budget)):
            return _verify(task, budget, seed)
    except OutOfTime:
        return undecided(task, "budget", f"no answer within {budget:g} s", start)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return undecided(task, "internal failure", _where(problem), start)


def grace(budget: float) -> float:
    """Seconds beyond the budget before a claim is cut off: provers stop themselves first."""
    return min(5.0, max(1.0, budget / 10))


def undecided(task: Task, by: str, detail: str, start: float | None = None) -> Verdict:
    """The verdict where the machinery gave none."""
    seconds = 0.0 if start is None else time.perf_counter() - start
    evidence = Evidence(by, Status.UNDECIDED, detail, seconds)
    title, source = _labels(task)
    return Verdict(
        task.id, title, source, task.shown, Status.UNDECIDED, "", (evidence,), seconds=seconds
    )


def _verify(task: Task, budget: float, seed: int) -> Verdict:
    from numerics.verify import verify

    return verify(task.claim(), budget=budget, seed=seed, file=task.shown)


def _labels(task: Task) -> tuple[str, str]:
    """Title and source, which a claim file that no longer loads does not give."""
    try:
        claim = task.claim()
    except Exception:
        return "", ""
    return str(claim.title), str(claim.source)


def _where(problem: BaseException) -> str:
    """`ZeroDivisionError: division by zero (in prove, ratios.py line 12)`."""
    said = f"{type(problem).__name__}: {first_line_of(problem)}".removesuffix(": ")
    frames = traceback.extract_tb(problem.__traceback__)
    if not frames:
        return said
    place = frames[-1]
    file = place.filename.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{said} (in {place.name}, {file} line {place.lineno})"
