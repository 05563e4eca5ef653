"""Maximisers over a convex set: the objective grows with one linear functional.

.. math:: \\langle c, \\delta\\rangle \\le h_K(c) = \\langle c, \\delta^*\\rangle
          \\ \\Rightarrow\\ G(\\langle c, \\delta\\rangle) \\le G(\\langle c, \\delta^*\\rangle)
          \\text{ for non-decreasing } G.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, expand_mul

from theory.attack_sets import AttackSet, NormBall
from theory.attack_sets.support_function import PROBE
from theory.provers.kernel import proved
from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.convexity import curvature
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed, equal_scalars
from theory.reasoning.invariants import normal_form
from theory.reasoning.lipschitz_calculus import LipschitzCalculus
from theory.scalars import dot, norm
from theory.statements import Maximizes
from theory.vectors import VectorExpr, zero
from theory.verdicts import Evidence

COST = 10


def treats(statement: Any) -> bool:
    """Maximizes."""
    return isinstance(statement, Maximizes)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Duality: an upper bound by the support function, and a feasible point that attains it."""
    s, given = claim.holds, list(claim.given)
    growth = _growth(s.objective, s.wrt)
    if growth is None or defined(s.point, given, deadline) is None:
        return None
    direction, note = growth
    inside = _membership(s.point, direction, s.over, given, deadline)
    if inside is None:
        return None
    attained = equal_scalars(
        normal_form(dot(direction, s.point), given), s.over.support(direction), given, deadline
    )
    if attained is None:
        return None
    steps = [
        note,
        f"upper bound: <{direction}, {s.wrt}> <= {s.over.support(direction)} on {s.over}",
        f"feasible: {s.point}",
        *inside,
        "attained:",
        *attained.steps,
    ]
    return proved("duality", "upper bound by the support function, attained", steps)


def _growth(objective: Expr, wrt: Any) -> tuple[VectorExpr, str] | None:
    """The direction c in which the objective, a monotone function of <c, wrt>, grows."""
    if not depends(objective, wrt):
        return zero(), f"the objective does not depend on {wrt}"
    c = _linear(objective, wrt)
    if c is not None:
        return c, f"the objective is <{c}, {wrt}> plus a constant"
    found = composite(objective, wrt)
    c = _linear(found.inner, wrt) if found is not None else None
    if found is None or c is None:
        return None
    trend = _trend(found.form, found.factor)
    if trend is None:
        return None
    note = f"the objective is {trend} in {found.inner}, g(z) = {found.form}"
    return (c if trend in ("increasing", "constant") else -c), note


def _trend(form: Expr, factor: Expr) -> str | None:
    from theory.reasoning import one_variable

    trend = one_variable.monotonicity(form, INNER, S.Reals)
    if trend == "constant" or factor.is_nonnegative:
        return trend
    flip = {"increasing": "decreasing", "decreasing": "increasing"}
    return flip.get(trend or "") if factor.is_nonpositive else None


def _linear(e: Expr, wrt: Any) -> VectorExpr | None:
    direction, rest = LipschitzCalculus(wrt).linear_part(expand_mul(e))
    return None if depends(rest, wrt) else direction


def _membership(
    point: VectorExpr, direction: VectorExpr, over: AttackSet, given: Any, deadline: float
) -> tuple[str, ...] | None:
    if isinstance(over, NormBall):
        size = norm(normal_form(point, given), over.p)
        argument = entailed(given, size <= over.radius, deadline)
        return None if argument is None else (f"||point||_{over.p} = {size}", *argument.steps)
    found = _is_support_gradient(point, direction, over, given)
    return found or _below_support(point, over, given, deadline)


def _below_support(
    point: VectorExpr, over: AttackSet, given: Any, deadline: float
) -> tuple[str, ...] | None:
    """z lies in K iff <z, t> <= h(t) for every t, for a convex h."""
    shape = curvature(over.support(PROBE), PROBE)
    if shape is None or shape.kind not in ("convex", "affine"):
        return None
    goal = normal_form(dot(point, PROBE), given) <= over.support(PROBE)
    argument = entailed(given, goal, deadline)
    if argument is None:
        return None
    return (f"the point lies below the support function: {goal}", *argument.steps)


def _is_support_gradient(
    point: VectorExpr, direction: VectorExpr, over: AttackSet, given: Any
) -> tuple[str, ...] | None:
    """A gradient of a convex support function is a point of its set."""
    shape = curvature(over.support(PROBE), PROBE)
    if shape is None or shape.kind not in ("convex", "affine"):
        return None
    target = over.maximiser(direction)
    if normal_form(point - target, given) != zero():
        return None
    return ("the point is the gradient of the convex support function", *shape.steps)
