r"""Methods compared seed by seed: the differences of their rows, with intervals.

.. math:: d_s = f(\text{row of } a \text{ at seed } s) - f(\text{row of } b \text{ at seed } s).

A row is a mapping with ``method``, ``seed``, ``stopped`` (None, or why the run gave no numbers) and
numbers. Needs no torch: figures compare as experiments do. Source: Student 1908, Hedges 1981.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numerics.deep.statistics import Interval, effect_size, paired_interval

Row = Mapping[str, Any]


def clean(row: Row) -> float:
    """Accuracy without an attack, in points."""
    return 100 * float(row["clean"])


def pgd(row: Row) -> float:
    """Accuracy under PGD, in points."""
    return 100 * float(row["pgd"])


def strong(row: Row) -> float:
    """Accuracy under the strong attack, in points."""
    return 100 * float(row["strong"])


def beyond(rows: Sequence[Row]) -> dict[str, list[float]]:
    """By method, the points that AutoAttack takes beyond the strong attack, where it was tried.

    >>> beyond([{"method": "AT", "strong": 0.5, "autoattack": 0.49}, {"method": "AT"}])
    {'AT': [1.0]}
    """
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.get("autoattack") is not None:
            less = strong(row) - 100 * float(row["autoattack"])
            found.setdefault(row["method"], []).append(less)
    return found


def log_quotient(row: Row) -> float:
    """log of the change of the gradient along the longest step, the attack solved anew."""
    longest = max(row["along"], key=lambda a: a["step"])
    if longest["moving"] <= 0:
        raise ValueError(f"{row['method']}, seed {row['seed']}: expected a positive quotient")
    return math.log(longest["moving"])


def values(rows: Sequence[Row], method: str, of: Callable[[Row], float]) -> dict[int, Any]:
    """A number of each finished run of a method, by seed.

    >>> values([{"method": "AT", "seed": 3, "stopped": None, "clean": 0.9}], "AT", clean)
    {3: 90.0}
    """
    done = [row for row in rows if row["method"] == method and row["stopped"] is None]
    return {row["seed"]: of(row) for row in done}


def difference(
    rows: Sequence[Row], a: str, b: str, of: Callable[[Row], float]
) -> tuple[Interval, float]:
    """a - b over the seeds that both finished: the interval, and Hedges' g."""
    first, second = values(rows, a, of), values(rows, b, of)
    seeds = sorted(set(first) & set(second))
    pairs = [first[s] for s in seeds], [second[s] for s in seeds]
    if not seeds:
        raise ValueError(f"{a} and {b}: expected a seed that both finished")
    return paired_interval(*pairs), effect_size(*pairs)


def finished(rows: Sequence[Row]) -> list[str]:
    """The methods with a finished run, in the order of the rows."""
    return list(dict.fromkeys(row["method"] for row in rows if row["stopped"] is None))


def points(interval: Interval) -> str:
    """A difference in points, with its sign and interval."""
    return f"{interval.mean:+.1f} [{interval.low:+.1f}, {interval.high:+.1f}]"


def factor(logarithm: Interval) -> str:
    """A factor and its interval, from those of its logarithm."""
    mean, low, high = (math.exp(v) for v in (logarithm.mean, logarithm.low, logarithm.high))
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]"
