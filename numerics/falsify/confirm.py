"""Does an exact rational point satisfy the hypotheses and break the statement?  For certain?

Balls decide wherever two numbers differ; where they are equal only exact algebra may say so, and
an undefined value decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.relational import Relational

from numerics.falsify.conditions import sides
from numerics.falsify.exact_values import Point, exact_value
from numerics.falsify.kinks import all_nonzero
from numerics.falsify.problem import Goal, Problem, admissible
from numerics.falsify.segments import segment_inside
from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import decide, enclose
from theory.statements import Convex

BITS = (64, 128, 256, 1024, 4096)


@dataclass(frozen=True)
class Broken:
    """A confirmed violation at a point: the relation and balls of its two sides."""

    goal: Goal
    relation: Relational | None
    lhs: arb | None = None
    rhs: arb | None = None
    on_kink: bool = False

    @property
    def severity(self) -> float:
        """lhs/rhs - 1 for a bound by a positive number, else the relative gap."""
        if self.lhs is None or self.rhs is None:
            return 1.0
        low, high = float(self.lhs), float(self.rhs)
        gap, scale = abs(low - high), max(abs(low), abs(high))
        return gap / min(abs(low), abs(high)) if low * high > 0 else float(scale > 0)


def settle(f: Any, point: Point) -> Any:
    """Choose the pieces of every Piecewise whose conditions are exact at the point."""
    if not f.atoms(sp.Piecewise):
        return f
    chosen = {}
    for piece in f.atoms(sp.Piecewise):
        for value, condition in piece.args:
            truth = condition if condition == sp.true else condition.xreplace(point)
            if truth == sp.true:
                chosen[piece] = value
            if truth != sp.false:
                break
    return settle(f.xreplace(chosen), point) if chosen else f


def certain(formula: Any, point: Point, bits: int = 1024) -> bool | None:
    """The truth of a Boolean at the point, or None."""
    if formula in (sp.true, sp.false):
        return bool(formula)
    if isinstance(formula, sp.Not):
        inner = certain(formula.args[0], point, bits)
        return None if inner is None else not inner
    if isinstance(formula, sp.And | sp.Or):
        truths = [certain(a, point, bits) for a in formula.args]
        if None in truths:
            return None
        return all(truths) if isinstance(formula, sp.And) else any(truths)
    return _relation(settle(formula, point), point, bits)


def _relation(r: Any, point: Point, bits: int) -> bool | None:
    if not isinstance(r, Relational):
        return certain(r, point, bits)
    found = apart(r, point, bits)
    if found is not None:
        lhs, rhs = found
        return {"<": lhs < rhs, "<=": lhs < rhs, ">": lhs > rhs, ">=": lhs > rhs,
                "==": False, "!=": True}[r.rel_op]  # fmt: skip
    return _when_equal(r, point)


def apart(r: Relational, point: Point, bits: int = 4096) -> tuple[arb, arb] | None:
    """Disjoint balls of the two sides; None where they are equal, too close or undefined."""
    for b in BITS:
        if b > bits:
            break
        try:
            lhs, rhs = enclose(r.lhs, point, b), enclose(r.rhs, point, b)
        except NotEnclosed:
            return None
        if not (lhs.is_finite() and rhs.is_finite()):
            continue
        if not lhs.overlaps(rhs):
            return lhs, rhs
    return None


def _when_equal(r: Relational, point: Point) -> bool | None:
    """Equality by exact arithmetic, tried only where the numbers are simple enough."""
    lhs, rhs = (side.xreplace(point) for side in (r.lhs, r.rhs))
    radicals = (lhs - rhs).atoms(sp.Pow) if not (lhs.is_Rational and rhs.is_Rational) else set()
    if len(radicals) > 3 or (lhs - rhs).atoms(sp.exp, sp.log):
        return None
    try:
        return decide(r, point, 256)
    except NotEnclosed:
        return None


def satisfies(problem: Problem, point: Point) -> bool:
    """Whether the point certainly lies in the domain of every variable and of `given`."""
    if not all(admissible(s, point[s]) for s in problem.symbols):
        return False
    if certain(problem.hypotheses.formula, point) is not True:
        return False
    if problem.partner is None or not isinstance(problem.claim.holds, Convex):
        return True
    return segment_inside(problem, point)


def broken(problem: Problem, point: Point, bits: int = 1024) -> Broken | None:
    """A goal that the point certainly violates, smooth points first; hypotheses not checked."""
    found = None
    for goal in problem.goals:
        hit = _breaks(goal, point, bits)
        if hit is not None and not hit.on_kink:
            return hit
        found = found or hit
    return found


def _breaks(goal: Goal, point: Point, bits: int) -> Broken | None:
    formula = goal.condition.formula
    if formula == sp.false:
        return Broken(goal, None)
    if certain(formula, point, bits) is not False or not all_nonzero(goal.guards, point):
        return None
    if not all(_is_defined(f, point) for f in goal.defined):
        return None
    on_kink = not all_nonzero(goal.jumps, point)
    if on_kink and formula.atoms(sp.Piecewise, sp.Heaviside):
        return None  # the value at a jump is nobody's definition
    relation = _culprit(formula, point)
    lhs, rhs = (_ball(settle(side, point), point) for side in (relation.lhs, relation.rhs))
    return Broken(goal, relation, lhs, rhs, on_kink)


def _ball(f: sp.Expr, point: Point) -> arb:
    """The value to show: exact where it is rational."""
    value = exact_value(f, point)
    with ctx.workprec(512):
        return enclose(f, point, 512) if value is None else arb(fmpq(*value.as_integer_ratio()))


def _is_defined(f: sp.Expr, point: Point) -> bool:
    settled = settle(f, point)
    return any(enclose(settled, point, b).is_finite() for b in BITS[:4])


def _culprit(formula: Any, point: Point) -> Relational:
    """The violated relation to report; inside Not, the relation itself."""
    if isinstance(formula, Relational):
        return formula
    candidates = sorted(formula.atoms(Relational), key=sp.default_sort_key)
    false = [r for r in candidates if certain(r, point) is False]
    return (false or candidates)[0]


def ratio_at(relation: Relational, point: Point) -> arb | None:
    """small/large of a bound a <= b with b > 0 at the point."""
    settled = settle(relation, point)
    if not isinstance(settled, Relational):
        return None
    small, large = sides(settled)
    try:
        a, b = enclose(small, point, 192), enclose(large, point, 192)
    except NotEnclosed:
        return None
    if not (a.is_finite() and b.is_finite() and b > 0):
        return None
    return a / b
