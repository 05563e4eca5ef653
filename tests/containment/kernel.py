"""The float64 intervals against balls at 212 bits, four times their precision.

A violation is: an image certainly outside the interval, a defined mark although the operation is
undefined at a member, a NaN end, an empty operand without an empty result, a trusted NaN operand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import numpy as np
from flint import arb, ctx

from numerics.intervals import interval
from tests.containment.draws import Array, intervals, members
from tests.containment.operations import OPERATIONS, Operation

BITS = 4 * 53
BATCH = 4096


@dataclass
class Tally:
    """How many tests ran, and what they found."""

    count: int = 0
    violations: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    empty: int = 0
    nan: int = 0
    undefined: int = 0
    beyond: int = 0  # exponents too large for balls to resolve

    def fail(self, name: str, detail: str) -> None:
        self.violations[name] += 1
        if len(self.examples) < 10:
            self.examples.append(f"{name}: {detail}")


def run(count: int, seed: int = 0) -> Tally:
    """``count`` tests, in batches, as many of each operation."""
    rng, tally = np.random.default_rng(seed), Tally()
    size = min(BATCH, -(-count // len(OPERATIONS)))
    with ctx.workprec(BITS):
        for operation in cycle(OPERATIONS):
            if tally.count >= count:
                return tally
            _batch(operation, rng, min(size, count - tally.count), tally)
    return tally


def _batch(operation: Operation, rng: np.random.Generator, n: int, tally: Tally) -> None:
    ends = [intervals(rng, n) for _ in range(operation.inputs)]
    points = [members(rng, lo, hi) for lo, hi in ends]
    y = operation.interval(*(interval(lo, hi) for lo, hi in ends))
    lo, hi = np.broadcast_to(y.lo, n), np.broadcast_to(y.hi, n)
    sure = np.broadcast_to(y.sure, n)
    nan = np.logical_or.reduce([np.isnan(a) | np.isnan(b) for a, b in ends])
    empty = np.logical_or.reduce([a > b for a, b in ends])
    _check_marks(operation.name, tally, lo, hi, sure, nan, empty)
    for k in np.flatnonzero(~empty):
        _check_point(operation, [p[k] for p in points], lo[k], hi[k], bool(sure[k]), tally)
    tally.count += n


def _check_marks(
    name: str, tally: Tally, lo: Array, hi: Array, sure: Array, nan: Array, empty: Array
) -> None:
    tally.nan += int(nan.sum())
    tally.empty += int(empty.sum())
    wrong = {
        "a NaN end": np.isnan(lo) | np.isnan(hi),
        "an empty operand, a result with members": empty & (lo <= hi),
        "a NaN operand that was trusted": nan & ~empty & sure,
        "no members although the operands have some": ~empty & (lo > hi),
    }
    for what, where in wrong.items():
        for _ in range(int(where.sum())):
            tally.fail(name, what)


def _check_point(
    operation: Operation, points: list[Any], lo: float, hi: float, sure: bool, tally: Tally
) -> None:
    exact = operation.ball(*(arb(float(p)) for p in points))
    if exact is None:
        tally.undefined += 1
        if sure:
            tally.fail(operation.name, f"defined at {points}?")
        return
    if exact.rel_accuracy_bits() < 100 and not exact.is_zero():
        tally.beyond += 1
    if exact < _end(lo) or exact > _end(hi):
        tally.fail(operation.name, f"{points}: {exact} not in [{lo!r}, {hi!r}]")


def _end(x: float) -> Any:
    return arb(float(x)) if np.isfinite(x) else (arb.pos_inf() if x > 0 else arb.neg_inf())
