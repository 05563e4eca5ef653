"""``theory.enclosure`` on wide inputs: ``enclose`` and ``range_of`` against 512 bits at members."""

from __future__ import annotations

from fractions import Fraction
from itertools import cycle
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx

from tests.containment.draws import intervals, members
from tests.containment.kernel import Tally
from theory.enclosure import Range, enclose, range_of

BITS = 4 * 128
a, b = sp.symbols("a b", real=True)
THIRD = sp.Rational(1, 3)
EXPRESSIONS = [
    a + b,
    a - b,
    a * b,
    a / b,
    a**b,
    sp.Max(a, b),
    sp.Min(a, b, 1),
    sp.sqrt(a**2 + b**2),
    *(f(a) for f in (sp.exp, sp.log, sp.sqrt, sp.tanh, sp.sinh, sp.cosh, sp.sin, sp.cos)),
    *(f(a) for f in (sp.atan, sp.erf, sp.Abs, sp.sign)),
    *(a**n for n in (-3, -2, -1, 2, 3, 4)),
    *(a**e for e in (THIRD, -THIRD, sp.Rational(3, 2))),
    sp.log(1 + sp.exp(-a)),
    1 / (1 + sp.exp(a * b)),
    sp.Piecewise((a, a < b), (b**2, True)),
    sp.Piecewise((1 / a, a > 0), (sp.log(b), b > 1), (0, True)),
]
LARGE = 1e5  # beyond it exp takes balls long and tells nothing new


def run(count: int, seed: int = 0) -> Tally:
    """``count`` members, each in an enclosure by balls or by ranges."""
    rng, tally = np.random.default_rng(seed), Tally()
    for expression in cycle(EXPRESSIONS):
        n = min(16, count - tally.count)
        if n <= 0:
            return tally
        ends = [intervals(rng, n) for _ in range(2)]
        points = [members(rng, lo, hi) for lo, hi in ends]
        for k in range(n):
            tally.count += 1
            box = [(float(lo[k]), float(hi[k])) for lo, hi in ends]
            _test(expression, box, [float(p[k]) for p in points], tally)
    return tally


def _test(f: Any, box: list[tuple[float, float]], point: list[float], tally: Tally) -> None:
    if any(np.isnan(lo) or np.isnan(hi) for lo, hi in box):
        tally.nan += 1
        return
    if any(lo > hi for lo, hi in box):
        tally.empty += 1
        return
    if any(abs(x) > LARGE for x in point):
        tally.beyond += 1
        return
    values = {s: Fraction(x) for s, x in zip((a, b), point, strict=True)}
    exact = enclose(f, values, BITS)
    name = str(f)
    wide = range_of(f, {s: _range(*ends) for s, ends in zip((a, b), box, strict=True)})
    if wide is not None:
        _contained(name, "range", wide.lo, wide.hi, exact, point, tally)
    if all(abs(e) <= LARGE for ends in box for e in ends):
        ball = enclose(f, {s: _ball(*ends) for s, ends in zip((a, b), box, strict=True)})
        if ball.is_finite():
            with ctx.workprec(BITS):
                _contained(name, "ball", ball.lower(), ball.upper(), exact, point, tally)


def _range(lo: float, hi: float) -> Range:
    return Range(*(None if np.isinf(e) else arb(e) for e in (lo, hi)))


def _ball(lo: float, hi: float) -> Any:
    with ctx.workprec(4096):  # a hull of far exponents, rounded outwards to a ball
        return arb(lo).union(arb(hi))


def _contained(
    name: str, kind: str, lo: Any, hi: Any, exact: Any, point: list[float], tally: Tally
) -> None:
    """A finite enclosure also claims that the value is defined."""
    if not exact.is_finite():
        tally.undefined += 1
        tally.fail(name, f"a finite {kind}, but undefined at {point}")
    elif not (lo <= exact.upper() and exact.lower() <= hi):
        tally.fail(name, f"{kind} [{lo}, {hi}] without {exact} at {point}")
