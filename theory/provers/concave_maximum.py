r"""Maximisers of a concave objective over a convex set, by the condition of first order.

.. math:: f \text{ concave},\ g = \nabla f(\delta^*),\ h_K(g) \le \langle g, \delta^*\rangle
          \ \Rightarrow\ f(\delta) \le f(\delta^*) + \langle g, \delta - \delta^*\rangle
          \le f(\delta^*) \text{ for } \delta \in K.
"""

from __future__ import annotations

from typing import Any

from theory.attack_sets import AttackSet, NormBall
from theory.calculus import gradient
from theory.provers.differentiability import differentiable
from theory.provers.kernel import proved
from theory.provers.maximality import _below_support
from theory.reasoning.composites import depends
from theory.reasoning.convexity import curvature
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.invariants import normal_form
from theory.scalars import dot, norm
from theory.statements import Maximizes
from theory.vectors import VectorExpr
from theory.verdicts import Evidence

COST = 12


def treats(statement: Any) -> bool:
    """Maximizes."""
    return isinstance(statement, Maximizes)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """A feasible point at which no feasible direction climbs."""
    s, given = claim.holds, list(claim.given)
    shape = curvature(s.objective, s.wrt)
    if shape is None or shape.kind not in ("concave", "affine") or not depends(s.objective, s.wrt):
        return None
    smooth = differentiable(s.objective, s.wrt, [], deadline)
    if smooth is None or defined(s.point, given, deadline) is None:
        return None
    inside = _membership(s.point, s.over, given, deadline)
    there = gradient(s.objective, s.wrt).xreplace({s.wrt: s.point})
    if inside is None or defined(there, given, deadline) is None:
        return None
    slope = normal_form(there, given)
    climbs = s.over.support(slope) <= normal_form(dot(slope, s.point), given)
    argument = entailed(given, climbs, deadline)
    if argument is None:
        return None
    steps = [
        *shape.steps,
        *smooth,
        f"gradient at {s.point}: {slope}",
        f"feasible: {s.point}",
        *inside,
        f"no feasible direction climbs: {climbs}",
        *argument.steps,
    ]
    return proved("concave-maximum", "concave, and no feasible direction climbs", steps)


def _membership(
    point: VectorExpr, over: AttackSet, given: Any, deadline: float
) -> tuple[str, ...] | None:
    if not isinstance(over, NormBall):
        return _below_support(point, over, given, deadline)
    size = norm(normal_form(point, given), over.p)
    argument = entailed(given, size <= over.radius, deadline)
    return None if argument is None else (f"||point||_{over.p} = {size}", *argument.steps)
