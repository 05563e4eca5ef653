"""Kinks: a point and a direction along which the two one-sided derivatives differ.

.. math:: f'_{\\pm}(\\theta; h) = \\lim_{t\\to 0^{\\pm}} \\frac{f(\\theta + t h) - f(\\theta)}{t}.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx
from sympy.core.relational import Relational

from numerics.falsify.confirm import certain, satisfies
from numerics.falsify.germs import S, Unresolved, along, taylor, whole_powers
from numerics.falsify.goals import at_one_point
from numerics.falsify.kink_points import directions, kink_points
from numerics.falsify.kinks import kinks
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem, conjunction, domain, wrt_symbols
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.tape import Tape
from numerics.falsify.unsupported import Unsupported
from numerics.falsify.witnesses import decimal, values_of
from theory import clock
from theory.claims import Claim
from theory.coordinates import in_coordinates
from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import enclose
from theory.verdicts import Witness

STEPS = (1e-4, 1e-6)
HIGHEST = 24  # the most terms of an expansion


class KinkSearch:
    """Kinks of a scalar function inside the domain of a claim, in one dimension."""

    LARGEST = 5  # dimension

    def __init__(self, claim: Claim, d: int) -> None:
        holds = claim.holds
        self.claim, self.d = claim, d
        self.first = wrt_symbols(holds.wrt, d)
        self.f = in_coordinates(holds.f, d)
        self.problem: Problem = at_one_point(claim, d)
        self.repairs = Repairs(self.problem)
        self.points = 0
        self._tape = Tape(self.problem.symbols, [self.f])
        given = sp.And(conjunction(claim.given, d), *domain(self.first))
        self._strict = _open(given, self.first)

    def search(self, deadline: float) -> Refutation | None:
        """The first confirmed kink."""
        surfaces = kinks([self.f], self.first)
        for point in kink_points(self.problem, self.repairs, surfaces, self.first):
            if clock.now() > deadline:
                return None
            self.points += 1
            for h in directions(len(self.first)):
                if (hit := self._kink(point, h)) is not None:
                    return hit
        return None

    def _kink(self, point: Point, h: Sequence[int]) -> Refutation | None:
        if not self._looks_kinked(point, h) or not self._inside(point):
            return None
        sides = [self._one_sided(point, [sign * c for c in h]) for sign in (-1, 1)]
        if sides[0] is None or sides[1] is None:
            return None
        with ctx.workprec(256):
            left, right = -sides[0], sides[1]
        infinite = not (left.is_finite() and right.is_finite())
        if infinite or not left.overlaps(right):
            return self._refutation(point, h, left, right)
        return None

    def _looks_kinked(self, point: Point, h: Sequence[int]) -> bool:
        """A float estimate that saves exact work: a bend does not shrink with the step."""
        column = np.array([float(point[s]) for s in self.problem.symbols])
        move = np.zeros_like(column)
        for s, c in zip(self.first, h, strict=True):
            move[self.problem.row_of[s]] = c
        columns = [column, *(column + k * move for t in STEPS for k in (t, -t))]
        value = self._tape(np.stack(columns, axis=1))[0]
        wide, narrow = (
            abs(value[k] - 2 * value[0] + value[k + 1]) / t
            for k, t in zip((1, 3), STEPS, strict=True)
        )
        return bool(narrow > 0.3 * wide and narrow > 1e-7 * (1 + abs(value[0])))

    def _inside(self, point: Point) -> bool:
        """In the domain with room on every side, so that both one-sided limits are in it."""
        return satisfies(self.problem, point) and certain(self._strict, point) is True

    def _one_sided(self, point: Point, h: Sequence[int]) -> arb | None:
        """The derivative of f(theta + t h) at t = 0+, enclosed; None where it is not settled."""
        path: dict[sp.Symbol, Any] = dict(point)
        path.update({s: point[s] + c * S for s, c in zip(self.first, h, strict=True)})
        try:
            (germ,), m = whole_powers([along(self.f, path)])
            value = enclose(self.f, point, 256)
            found = taylor(germ, m) if m <= HIGHEST else None
        except (Unresolved, NotEnclosed):
            return None
        if found is None or not value.is_finite() or not found[0].overlaps(value):
            return None
        for c in found[1:m]:
            if not c.contains(0):
                return arb.pos_inf() if c > 0 else arb.neg_inf()
        return found[m] if all(c.is_zero() for c in found[1:m]) else None

    def _refutation(self, point: Point, h: Sequence[int], left: arb, right: arb) -> Refutation:
        witness = Witness(
            self.d,
            values_of(self.claim, self.d, point),
            h=[str(c) for c in h],
            left=_shown(left),
            right=_shown(right),
        )
        detail = (
            f"a kink in dimension {self.d}: along h the derivative from the left is "
            f"{_shown(left)}, from the right {_shown(right)}"
        )
        return Refutation(witness, detail, abs(float(right) - float(left)))


def _shown(slope: arb) -> str:
    """A slope in decimals, or oo."""
    if slope.is_finite():
        return decimal(slope)
    return "oo" if slope > 0 else "-oo"


def _open(given: Any, first: Sequence[sp.Symbol]) -> Any:
    """The hypotheses on theta, made strict; an equation on theta leaves no room at all."""
    if isinstance(given, sp.And | sp.Or):
        return given.func(*(_open(g, first) for g in given.args))
    if isinstance(given, Relational) and given.free_symbols & set(first):
        if given.rel_op == "==":
            return sp.false
        if given.rel_op in ("<=", ">="):
            return (sp.Lt if given.rel_op == "<=" else sp.Gt)(given.lhs, given.rhs)
    elif not isinstance(given, Relational) and given not in (sp.true, sp.false):
        raise Unsupported(f"no interior of {given}")
    return given
