"""Whether a whole segment lies in the domain of a claim, as convexity needs.

The parameter is cut into balls until the hypotheses certainly hold on every one.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb
from sympy.core.relational import Relational

from numerics.falsify.problem import Problem, conjunction, primed, wrt_symbols
from numerics.falsify.repairs import Point
from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure.balls import truth

L = sp.Dummy("lambda", nonnegative=True)
DEEPEST = 10


def segment_inside(problem: Problem, point: Point) -> bool:
    """Whether the hypotheses hold on all of [theta, theta']."""
    d, wrt = problem.dimension, problem.claim.holds.wrt
    first = wrt_symbols(wrt, d)
    ends = {s: (point[s], point[primed(s)]) for s in first}
    line = {s: a + L * (b - a) for s, (a, b) in ends.items()}
    given = conjunction(problem.claim.given, d).xreplace({**point, **line})
    return _inside(given, sp.S.Zero, sp.S.One, 0)


def _inside(given: Any, low: sp.Rational, high: sp.Rational, depth: int) -> bool:
    if given in (sp.true, sp.false):
        return bool(given)
    if isinstance(given, sp.And):
        return all(_inside(g, low, high, depth) for g in given.args)
    if isinstance(given, Relational) and sp.expand(given.lhs - given.rhs) == 0:
        return given.rel_op in ("==", "<=", ">=")
    middle, radius = (low + high) / 2, (high - low) / 2
    ball = arb(float(middle), float(radius) * (1 + 1e-12))
    try:
        if truth(given, {L: ball}, 128):
            return True
    except NotEnclosed:
        return False
    if depth == DEEPEST:
        return False
    return _inside(given, low, middle, depth + 1) and _inside(given, middle, high, depth + 1)
