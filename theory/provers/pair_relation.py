"""Relations ||f(u) - f(v)|| <= K(u, v) ||u - v||, by the Lipschitz calculus for the pair (u, v).

The constant may depend on both points, as in the Dunkl-Williams inequality.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

from sympy import Abs, Add, Expr, expand_mul
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.lipschitz_calculus import LipschitzCalculus
from theory.scalars import Norm, norm
from theory.vectors import Label, Signs, Vector, VectorExpr, combine
from theory.verdicts import Evidence

COST = 15


def treats(statement: Any) -> bool:
    """Weak and strict inequalities."""
    return isinstance(statement, Le | Ge | Lt | Gt)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Find the pair, derive its rate, compare it with the claimed one."""
    goal = claim.holds
    small, big = goal.lts, goal.gts
    if isinstance(goal, Lt | Gt):
        return None
    points = [v for v in claim.free_variables if not isinstance(v, Signs | Label)]
    for u, v in permutations(points, 2):
        if not _same_domain(u, v):
            continue
        f = _split(small, u, v)
        if f is not None and (found := _compare(f, big, u, v, claim.given, deadline)):
            return found
    return None


def _same_domain(u: Any, v: Any) -> bool:
    """Two vectors, or two symbols with the same assumptions: rates hold for both."""
    if isinstance(u, Vector) or isinstance(v, Vector):
        return isinstance(u, Vector) and isinstance(v, Vector)
    return bool(u.assumptions0 == v.assumptions0)


def _split(small: Expr, u: Any, v: Any) -> Any:
    """f with small = ||f(u) - f(v)||_2 or |f(u) - f(v)|, or None."""
    if isinstance(small, Norm) and small.p == 2 and isinstance(small.vector, VectorExpr):
        terms = [(a, b) for c, b in small.vector.terms() for a in Add.make_args(expand_mul(c))]
        here = combine((c, b) for c, b in terms if depends(c, u) or depends(b, u))
        difference: Any = small.vector
    elif isinstance(small, Abs):
        difference = small.args[0]
        here = Add(*(a for a in Add.make_args(difference) if depends(a, u)))
    else:
        return None
    if depends(here, v) or difference - here != -1 * here.xreplace({u: v}):
        return None
    return here


def _compare(f: Any, big: Expr, u: Any, v: Any, given: Any, deadline: float) -> Any:
    distance = norm(u - v) if isinstance(u, Vector) else Abs(u - v)
    factor = big.coeff(distance)
    if factor == 0 or (big - factor * distance).expand() != 0 or factor.has(distance):
        factor = big / distance
        if factor.has(distance):
            return None
    both = list(given)
    if defined(f, both, deadline) is None or defined(f.xreplace({u: v}), both, deadline) is None:
        return None
    shared = [g for g in given if not depends(g, v) and g.xreplace({u: v}) in given]
    calculus = LipschitzCalculus(u, tuple(shared))
    for bound in calculus.rates(f):
        rate = bound.value.xreplace({calculus.other: v})
        argument = entailed(both, rate <= factor, deadline)
        if argument is not None:
            steps = [*bound.steps, f"compare: {rate} <= {factor}", *argument.steps]
            return proved("lipschitz-calculus", f"derived rate {rate}", steps, argument.data)
    return None
