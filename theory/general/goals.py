"""What has to be shown at points for a statement about unknown functions or maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic
from sympy.logic.boolalg import And, Boolean

from theory.calculus import gradient, hessian
from theory.general.assumptions import DANSKIN, UNDER_THE_INTEGRAL, Assumption
from theory.general.functions import Value
from theory.general.inner_maximum import Maximiser
from theory.general.local_entropy import Covariance, EntropyValue, Mean
from theory.loewner_order import DIRECTION, LoewnerLe
from theory.matrices import MatrixSum, identity
from theory.moduli import _WithModulus
from theory.reasoning.invariants import primed
from theory.scalars import dot, norm
from theory.statements import Convex, Equal, Lipschitz, Smooth
from theory.vectors import Vector, VectorExpr


@dataclass(frozen=True)
class Goals:
    """Relations at points that together give the statement, and why."""

    relations: tuple[Any, ...]
    steps: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    pair: Any = None  # the vector that has a second, primed point
    whole_space: Any = None  # the vector that has to range over all of R^d


def goals(statement: Any) -> Goals | None:
    """The relations to show, or None for a statement of another kind."""
    found = _goals(statement)
    densities = found is not None and any(r.atoms(Covariance, Mean) for r in found.relations)
    if found is None or not densities or UNDER_THE_INTEGRAL in found.assumptions:
        return found
    return replace(found, assumptions=(*found.assumptions, UNDER_THE_INTEGRAL))


def _goals(statement: Any) -> Goals | None:
    if isinstance(statement, Boolean):
        return Goals(And.make_args(statement))
    if isinstance(statement, LoewnerLe):
        return Goals((statement.restated(),), ("for every direction h",))
    if isinstance(statement, Equal):
        return _equality(statement)
    if isinstance(statement, Smooth):
        return _smooth(statement)
    if isinstance(statement, Lipschitz):
        return _pair(statement.f, statement, ())
    if isinstance(statement, Convex | _WithModulus):
        return _curved(statement)
    return None


def _equality(statement: Equal) -> Goals:
    difference = statement.left - statement.right
    if isinstance(difference, MatrixSum):
        difference = difference @ DIRECTION
    return Goals((norm(difference) <= 0,), ("the difference is the zero vector",))


def _pair(f: Any, statement: Lipschitz, assumptions: tuple[Assumption, ...]) -> Goals | None:
    t = statement.wrt
    if statement.constant is None or not isinstance(t, Vector):
        return None
    if not isinstance(f, VectorExpr) and f.atoms(EntropyValue):
        steps = (f"the gradient is bounded by {statement.constant} everywhere",)
        small = norm(gradient(f, t)) <= statement.constant
        return Goals((small,), steps, (UNDER_THE_INTEGRAL,), whole_space=t)
    there = f.xreplace({t: primed(t)})
    size = norm(f - there) if isinstance(f, VectorExpr) else abs(f - there)
    steps = (f"for every pair {t}, {primed(t)}",)
    return Goals((size <= statement.constant * norm(t - primed(t)),), steps, assumptions, t)


def _smooth(statement: Smooth) -> Goals | None:
    t, c = statement.wrt, statement.constant
    if not isinstance(t, Vector) or c is None:
        return None
    if statement.f.atoms(EntropyValue):
        matrix = hessian(statement.f, t)
        both = LoewnerLe(-c * identity(), matrix), LoewnerLe(matrix, c * identity())
        steps = (f"the Hessian {matrix} lies between -{c} and {c} times the identity, everywhere",)
        relations = tuple(b.restated() for b in both)
        return Goals(relations, steps, (UNDER_THE_INTEGRAL,), whole_space=t)
    return _pair(gradient(statement.f, t), statement, envelope(statement.f))


def _curved(statement: Any) -> Goals | None:
    t = statement.wrt
    side, m = statement.bend() if isinstance(statement, _WithModulus) else (1, 0)
    if not isinstance(t, Vector):
        return None
    f, g = statement.f, gradient(statement.f, t)
    if f.atoms(EntropyValue):
        bound = LoewnerLe(m * identity(), side * hessian(f, t))
        return Goals((bound.restated(),), (f"{bound}",), (UNDER_THE_INTEGRAL,), whole_space=t)
    step = primed(t) - t
    tangent = side * f + dot(side * g, step) + m * dot(step, step) / 2
    steps = (f"at every {t} an affine minorant touches, with slope {g}",)
    there = f.xreplace({t: primed(t)})
    return Goals((side * there >= tangent,), steps, (), pair=t, whole_space=t)


def envelope(f: Any) -> tuple[Assumption, ...]:
    """Danskin's theorem, where the value at a maximiser is differentiated."""
    values = f.atoms(Value) if isinstance(f, Basic) else set()
    return (DANSKIN,) if any(v.atoms(Maximiser) for v in values) else ()
