"""Where the time goes: start-up, loading the library, and the slowest claims.

Run by `make bench`; a verdict that takes long shows here before it shows as `undecided`.
"""

from __future__ import annotations

import subprocess
import sys
import time

from numerics.library import library
from numerics.one_claim import verify_task
from theory.verdicts import Verdict

SLOWEST = 20


def import_seconds(module: str) -> float:
    """Seconds that a new interpreter needs for `import module`, its own start included."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
    return time.perf_counter() - start


def slowest(verdicts: list[Verdict], count: int = SLOWEST) -> list[str]:
    """One line for each of the slowest claims: seconds, status, id."""
    ranked = sorted(verdicts, key=lambda verdict: -verdict.seconds)[:count]
    return [f"{v.seconds:9.2f} s  {v.status.value:<10} {v.id}" for v in ranked]


def measure(budget: float = 60.0, seed: int = 0) -> list[str]:
    """The lines of the report."""
    lines = [f"{import_seconds(name):9.2f} s  import {name}" for name in ("theory", "numerics")]
    start = time.perf_counter()
    tasks = library().tasks
    lines.append(f"{time.perf_counter() - start:9.2f} s  load {len(tasks)} claims")
    verdicts = [verify_task(task, budget, seed) for task in tasks]
    total = sum(verdict.seconds for verdict in verdicts)
    return [*lines, f"{total:9.2f} s  verify them all; slowest first:", *slowest(verdicts)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure()) + "\n")
