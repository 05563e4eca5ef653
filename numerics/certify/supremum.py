"""The supremum of a function, or the best Lipschitz constant, between two rigorous bounds.

.. math:: f(p) \\le \\sup_B f \\le t, \\qquad t = f(p) + \\text{tolerance} \\cdot |f(p)|.

The lower bound is the value at an exact rational point, the upper one a tree of boxes on which
f <= t, both by Arb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx
from sympy.core.relational import Relational

from numerics.certify.cases import cases
from numerics.certify.certify import Gap, problem
from numerics.certify.confirmation import BITS, confirm
from numerics.certify.goals import CENTRED, HYPOTHESIS, NATURAL, OPEN, Array, Bounds, Goal
from numerics.certify.program import Unsupported
from numerics.certify.search import NoTree, Search
from numerics.certify.touching import UndefinedHere, lowest
from numerics.certify.tree import ExactBox
from theory import clock
from theory.claims import Claim
from theory.serial import Malformed
from theory.statements import Convex, Lipschitz

LEAST_SCALE = 1e-9  # a supremum near 0 is enclosed to an absolute tolerance


@dataclass(frozen=True)
class Supremum:
    """lower <= sup <= upper; lower is reached (or exceeded) at ``point``."""

    lower: Fraction
    upper: Fraction
    point: Mapping[str, Fraction]
    dimension: int
    signs: Mapping[str, Any]
    boxes: int


def enclose_supremum(claim: Claim, deadline: float, tolerance: float = 1e-3) -> Supremum | Gap:
    """sup f for a claim ``f <= c``, or the best constant of a Lipschitz or Smooth claim.

    The constant of the claim does not matter.  A relation of functions, a <= b, gives sup (a - b).
    """
    try:
        return _enclosed(claim, deadline, tolerance)
    except (Unsupported, NoTree, Malformed) as reason:
        return Gap(str(reason))
    except UndefinedHere:
        return Gap("the function is undefined at a point of the domain")
    except (ArithmeticError, ValueError) as error:
        return Gap(f"the search broke off: {type(error).__name__}: {error}")


def _enclosed(claim: Claim, deadline: float, tolerance: float) -> Supremum:
    free = with_bound(claim, Fraction(0))
    climbs = []
    for case in cases(free)[1]:
        goal, root = problem(free, case)
        climbs.append(Climb(goal, root, deadline, tolerance))
    best = -np.inf
    for climb in climbs:  # what one case reaches spares the others work
        climb.best = max(climb.best, best)
        climb.run()
        best = max(best, climb.best)
    found = [c for c in climbs if c.point is not None]
    if not found:
        raise NoTree("no admissible point was found")
    winner = max(found, key=lambda c: c.reached)
    top = winner.top()
    boxes = sum(_confirmed(claim, climb, top, deadline) for climb in climbs)
    case = winner.goal.case
    point = dict(zip(case.variables, winner.point or (), strict=True))
    return Supremum(_exact(winner.reached), top, point, case.dimension, case.signs, boxes)


def _confirmed(claim: Claim, climb: Climb, top: Fraction, deadline: float) -> int:
    """Every leaf of a climb holds with the bound ``top``, by Arb."""
    goal, root = problem(with_bound(claim, top), climb.goal.case)
    found = confirm(goal, climb.tree, root, deadline, {})
    if found.failed:
        raise NoTree("boxes bounded by floats were not confirmed in ball arithmetic")
    return climb.tree.leaves()


def with_bound(claim: Claim, bound: Fraction) -> Claim:
    """The claim with another bound: f <= bound, or the constant of a derivative."""
    number = sp.Rational(bound.numerator, bound.denominator)
    holds = claim.holds
    if isinstance(holds, Lipschitz):
        return replace(claim, holds=replace(holds, constant=number), mutants=())
    if isinstance(holds, Convex) or not isinstance(holds, Relational):
        raise Unsupported("a supremum is asked of f <= c, or of a Lipschitz or Smooth statement")
    if holds.rel_op not in ("<=", "<", ">=", ">"):
        raise Unsupported("an equation has no supremum")
    small, large = (holds.lhs, holds.rhs) if "<" in holds.rel_op else (holds.rhs, holds.lhs)
    f = small if large.is_number else small - large
    return replace(claim, holds=sp.Le(f, number, evaluate=False), mutants=())


class Climb(Search):
    """Branch and bound for a largest value: a box is closed where no better value can be."""

    def __init__(self, goal: Goal, root: ExactBox, deadline: float, tolerance: float) -> None:
        self.tolerance = tolerance
        self.best, self.reached = -np.inf, arb.neg_inf()
        self.point: tuple[Fraction, ...] | None = None
        lo, hi = (np.array([float(pair[i]) for pair in root]) for i in (0, 1))
        value, start, _ = lowest(goal, lo, hi, deadline)
        self.goal = goal
        if start is not None:
            self._offer(start, -value, root)
        super().__init__(goal, root, deadline)
        self._probes = ()

    def top(self) -> Fraction:
        """The bound under which every leaf lies, a little above the best value."""
        return Fraction(self._threshold() + 1e-12 * abs(self._threshold()))

    def _threshold(self) -> float:
        return self.best + self.tolerance * max(abs(self.best), LEAST_SCALE)

    def _offer(self, point: Array, value: float, root: ExactBox) -> None:
        """Believe a better point when Arb agrees."""
        if not value > self.best:
            return
        exact = tuple(
            min(max(Fraction(float(x)).limit_denominator(10**9), a), b)
            for x, (a, b) in zip(point, root, strict=True)
        )
        with ctx.workprec(BITS):
            found = self.goal.value(exact)
            if found is not None and found > self.reached:
                self.reached, self.point = found, exact
                self.best = max(self.best, float(found))

    def _bounds(self, lo: Array, hi: Array) -> Bounds:
        middle = (lo + hi) / 2
        score, admissible = self.goal.at_points(middle)
        values = np.where(admissible & np.isfinite(score), -score, -np.inf)
        k = int(np.argmax(values))
        self._offer(middle[:, k], float(values[k]), self.root)
        bounds = self.goal.search(lo, hi, tight=True)
        threshold = self._threshold()
        code = np.where(bounds.code >= HYPOTHESIS, bounds.code, OPEN)
        code[(code == OPEN) & (-bounds.natural <= threshold)] = NATURAL
        code[(code == OPEN) & (-bounds.score <= threshold)] = CENTRED
        return Bounds(bounds.natural, bounds.score, code, bounds.smear)

    def _check_budget(self) -> None:
        if clock.now() > self.deadline:
            raise NoTree(f"the time was spent with {len(self.frontier)} boxes open")
        super()._check_budget()


def _exact(value: arb) -> Fraction:
    """A float not above the value, as a fraction."""
    return Fraction(float(np.nextafter(float(value), -np.inf)))
