"""Whether an instance meets the hypotheses of a claim: decided exactly, or not used.

.. math:: \\|\\nabla^2_{ij} l\\| \\le L, \\qquad \\mu I \\preceq \\nabla^2_{ii} l \\text{ always}

Statements about a function hold for all of its arguments; relations, equations and the Loewner
order hold at the points of the instance.
"""

from __future__ import annotations

from typing import Any

from sympy import Ge, Gt, Le, Lt, sympify

from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.numbers import (
    ONE,
    ZERO,
    Number,
    Undefined,
    at_most,
    below,
    is_zero,
    largest,
    smallest,
)
from numerics.falsify.unknowns.rational_matrices import (
    added,
    entries,
    largest_eigenvalue,
    norm_at_most,
    operator_norm_of,
    scaled,
    semidefinite,
    smallest_eigenvalue,
    unit_matrix,
)
from theory.everywhere import Everywhere
from theory.general.functions import Partial, Value
from theory.loewner_order import LoewnerLe
from theory.matrices import MatrixSum
from theory.moduli import _WithModulus
from theory.scalars import Norm
from theory.statements import Convex, Equal, Lipschitz, Smooth
from theory.vectors import Vector

AT_POINTS = (LoewnerLe, Equal)


def meets(hypothesis: Any, at: Evaluation) -> bool:
    """Whether a statement certainly holds; False where it is not known."""
    try:
        return _meets(hypothesis, at) is True
    except Undefined:
        return False


def _meets(h: Any, at: Evaluation) -> bool | None:
    if isinstance(h, Lipschitz):
        return _lipschitz(h, at)
    if isinstance(h, Convex | _WithModulus):
        return _curved(h, at)
    if isinstance(h, Everywhere):
        return _everywhere(h, at)
    if isinstance(h, LoewnerLe):
        return semidefinite(at.matrix(h.right - h.left))
    if isinstance(h, Equal):
        return _equal(h, at)
    raise Undefined(f"hypothesis of an unknown kind: {type(h).__name__}")


def _lipschitz(h: Lipschitz, at: Evaluation) -> bool | None:
    first, second = derivative(h)
    f, c = at.concrete(h.f.function), constant(h, at)
    if first is None:
        bound = f.lipschitz(second)
        return False if bound is None else at_most(bound, c)
    return all(norm_at_most(m, c) is True for m in f.extremes(first, second))


def constant(h: Lipschitz, at: Evaluation) -> Number:
    """The claimed constant; without one there is nothing to check."""
    if h.constant is None:
        raise Undefined("a Lipschitz hypothesis without a constant")
    return _same_everywhere(h.constant, at)


def _same_everywhere(c: Any, at: Evaluation) -> Number:
    """The value of a constant; one that moves with a vector has none."""
    if c.atoms(Vector):
        raise Undefined(f"expected a constant, got {c}")
    return at.scalar(c)


def derivative(h: Lipschitz) -> tuple[str | None, str]:
    """Which Hessian block a constant bounds, as two slots; the value itself has no first slot."""
    f, second = h.f, own_slot(h.f, h.wrt)
    if isinstance(h, Smooth):
        if not isinstance(f, Value):
            raise Undefined("smoothness of something else than a function")
        return second, second
    return (f.slot if isinstance(f, Partial) else None), second


def own_slot(f: Any, wrt: Any) -> str:
    """The argument that a vector stands for, where all arguments are different vectors."""
    if not isinstance(f, Value | Partial):
        raise Undefined("a hypothesis about something else than a function or its gradient")
    distinct = len(set(f.points)) == len(f.points)
    if not distinct or not all(isinstance(p, Vector) for p in f.points) or wrt not in f.points:
        raise Undefined("a hypothesis about a function at special points")
    return f.function.slots[f.points.index(wrt)]  # type: ignore[no-any-return]


def _curved(h: Any, at: Evaluation) -> bool | None:
    if not isinstance(h.f, Value):
        raise Undefined("convexity of something else than a function")
    slot = own_slot(h.f, h.wrt)
    side, m = bend(h, at)
    shift = scaled(unit_matrix(at.instance.dimension), m)
    ends = at.concrete(h.f.function).extremes(slot, slot)
    return all(semidefinite(added(scaled(e, side), shift, -ONE)) for e in ends)


def bend(h: Any, at: Evaluation) -> tuple[Number, Number]:
    """(s, m): s f - (m/2)||.||^2 is convex."""
    if not isinstance(h, _WithModulus):
        return ONE, ZERO
    side, m = h.bend()
    return side * ONE, _same_everywhere(sympify(m), at)


def _everywhere(h: Everywhere, at: Evaluation) -> bool | None:
    """norm(gradient) against a number."""
    g, told = sides(h)
    f, other = at.concrete(g.function), _same_everywhere(told, at)
    compare = below if isinstance(h.relation, Lt | Gt) else at_most
    if told == h.relation.gts:
        bound = f.lipschitz(g.slot)
        return False if bound is None else compare(bound, other)
    if other < 0:
        return True
    return compare(other * other, f.least_slope_squared(g.slot))


def sides(h: Everywhere) -> tuple[Partial, Any]:
    """The gradient whose norm is compared, and what with."""
    r = h.relation
    if not isinstance(r, Le | Ge | Lt | Gt):
        raise Undefined("a universal hypothesis of an unknown kind")
    for part, other in ((r.lts, r.gts), (r.gts, r.lts)):
        if isinstance(part, Norm) and part.p == 2 and isinstance(part.vector, Partial):
            own_slot(part.vector, part.vector.points[0])
            return part.vector, other
    raise Undefined("a universal hypothesis that is not about the norm of a gradient")


def _equal(h: Equal, at: Evaluation) -> bool | None:
    difference = h.left - h.right
    matrix = isinstance(difference, MatrixSum)
    parts = entries(at.matrix(difference)) if matrix else at.vector(difference)
    return all(is_zero(x) is True for x in parts)


def tight(h: Any, at: Evaluation) -> Number | None:
    """The best constant or modulus that the concrete function has; None where it has none."""
    if isinstance(h, Lipschitz):
        first, second = derivative(h)
        f = at.concrete(h.f.function)
        if first is None:
            return f.lipschitz(second)
        return largest([operator_norm_of(m) for m in f.extremes(first, second)])
    slot = own_slot(h.f, h.wrt)
    ends = at.concrete(h.f.function).extremes(slot, slot)
    side, _ = bend(h, at)
    if side == ONE:
        return smallest([smallest_eigenvalue(e) for e in ends])
    return -largest([largest_eigenvalue(e) for e in ends])
