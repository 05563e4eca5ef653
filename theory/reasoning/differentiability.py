"""Differentiability by composition: every atom away from its kinks.

.. math:: \\|v\\|_p \\text{ is differentiable where } v\\ne 0\\ (1<p<\\infty), \\qquad
          \\|v\\|_1 \\text{ where no } v_i = 0.

The calculus returns the conditions that make the function differentiable; a prover has to show
that the hypotheses imply each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import (
    Expr,
    Interval,
    Mul,
    Ne,
    Pow,
    S,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    oo,
    sin,
    sinh,
    tanh,
)
from sympy.logic.boolalg import Boolean

from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.slopes import hull_of, kink_points, slope_at_start
from theory.scalars import Dot, Norm, norm
from theory.vectors import AbsPower, Hadamard, Peak, Sign, Unit, VectorExpr

SMOOTH = (exp, log, sin, cos, atan, erf, tanh, sinh, cosh)


@dataclass(frozen=True)
class Requirement:
    """A condition under which an atom is differentiable."""

    condition: Boolean
    reason: str


def requirements(e: Any, wrt: Any, given: tuple[Any, ...] = ()) -> list[Requirement] | None:
    """Conditions on the point that make e differentiable there; None when no rule applies.

    >>> from theory.vectors import Vector
    >>> [r.condition for r in requirements(norm(Vector("theta")), Vector("theta"))]
    [norm(theta) > 0]
    """
    if not depends(e, wrt) or e == wrt:
        return []
    if isinstance(e, VectorExpr):
        return _of_vector(e, wrt, given)
    if isinstance(e, Norm):
        return _of_norm(e, wrt, given)
    if isinstance(e, Dot):
        return _all([*e.args], wrt, given)
    if isinstance(e, Pow) and isinstance(e.base, Norm) and (e.exp - 1).is_positive:
        return _of_norm_power(e, wrt, given)
    if e.is_Mul and (pair := _vanishing_product(e, wrt)) is not None:
        return _all(list(pair), wrt, given)
    found = _of_composite(e, wrt, given, kinks_allowed=False)
    if found is None and _smooth_function(e):
        return _with_definedness(e, wrt, given)
    return _of_composite(e, wrt, given) if found is None else found


def _smooth_function(e: Expr) -> bool:
    if isinstance(e, Pow):
        return bool(e.exp.is_number)
    return e.is_Add or e.is_Mul or isinstance(e, SMOOTH)


def _with_definedness(e: Expr, wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    extra: list[Requirement] = []
    if isinstance(e, log):
        extra = [Requirement(e.args[0] > 0, f"{e} needs a positive argument")]
    elif isinstance(e, Pow) and not e.exp.is_Integer:
        extra = [Requirement(e.base > 0, f"{e} is smooth where its base is positive")]
    elif isinstance(e, Pow) and e.exp.is_negative:
        extra = [Requirement(Ne(e.base, 0), f"{e} needs a denominator that is not 0")]
    inner = _all([a for a in e.args if depends(a, wrt)], wrt, given)
    if inner is None:
        return _of_composite(e, wrt, given)
    return [r for r in extra if r.condition is not S.true] + inner


def _all(items: list[Any], wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    found = [requirements(a, wrt, given) for a in items]
    if any(f is None for f in found):
        return None
    return [r for f in found if f is not None for r in f]


def _of_norm(n: Norm, wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    inner = requirements(n.vector, wrt, given)
    if inner is None or n.p in (1, oo):
        return None
    return [Requirement(norm(n.vector) > 0, f"{n} is differentiable off 0"), *inner]


def _flat_at_zero(form: Expr, inner: Expr) -> bool:
    """g'(0) = 0 from the right: g(||v||_p) then has the gradient 0 at v = 0."""
    smooth_norm = isinstance(inner, Norm) and inner.p not in (1, oo)
    return smooth_norm and slope_at_start(form, INNER, Interval(0, oo)) == 0


def _vanishing_product(e: Expr, wrt: Any) -> tuple[Any, Any] | None:
    """<a, v> ||v||_p = O(||v||^2): differentiable at v = 0 too, where v is; (v, the rest)."""
    moving = [f for f in Mul.make_args(e) if depends(f, wrt)]
    for n in moving:
        if not isinstance(n, Norm) or n.p in (1, oo) or len(n.vector.terms()) != 1:
            continue
        _, v = n.vector.terms()[0]
        for d in moving:
            if isinstance(d, Dot) and v in d.args and any(not depends(a, wrt) for a in d.args):
                return v, Mul(*(f for f in moving if f not in (n, d)))
    return None


def _of_norm_power(e: Pow, wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    """||v||_p^k with k > 1 has the gradient 0 at v = 0."""
    if e.base.p in (1, oo):
        return None
    return requirements(e.base.vector, wrt, given)


def _of_vector(v: VectorExpr, wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    found: list[Requirement] = []
    for c, b in v.terms():
        for part in (requirements(c, wrt, given), _of_atom(b, wrt, given)):
            if part is None:
                return None
            found += part
    return found


def _of_atom(b: VectorExpr, wrt: Any, given: tuple[Any, ...]) -> list[Requirement] | None:
    if not depends(b, wrt) or b == wrt:
        return []
    if isinstance(b, Unit):
        inner = requirements(b.inner, wrt, given)
        off_zero = Requirement(norm(b.inner) > 0, f"{b} is differentiable off 0")
        return None if inner is None else [off_zero, *inner]
    if isinstance(b, AbsPower) and (b.exponent - 1).is_positive:
        return requirements(b.inner, wrt, given)
    if isinstance(b, Hadamard) and not any(isinstance(f, Sign | Peak) for f in b.args):
        return _all(list(b.args), wrt, given)
    return None


def _of_composite(
    e: Expr, wrt: Any, given: tuple[Any, ...], kinks_allowed: bool = True
) -> list[Requirement] | None:
    """g(w) with a one-variable g: off the kinks of g, or where g has none."""
    found = composite(e, wrt)
    if found is None or found.inner == e:
        return None
    flat = _flat_at_zero(found.form, found.inner)
    inner = requirements(found.inner.vector if flat else found.inner, wrt, given)
    points, ends = _kinks(found.form, found.inner, wrt, given)
    if points is not None and isinstance(found.inner, Norm):
        points = tuple(p for p in points if p.is_positive)  # at 0: flat, or off 0 as required
    if inner is None or points is None or (points and not kinks_allowed):
        return None
    return (
        inner
        + [
            Requirement(Ne(found.inner, p), f"g(z) = {found.form} has a kink at z = {p}")
            for p in points
        ]
        + [Requirement(Ne(found.inner, p), f"{p} is an end of the domain") for p in ends]
    )


def _kinks(form: Expr, inner: Expr, wrt: Any, given: tuple[Any, ...]) -> Any:
    """The kinks on the line; where g is not defined everywhere, those inside, and the ends."""
    points = kink_points(form, INNER, S.Reals)
    if points is not None or (inner != wrt and not isinstance(inner, Norm)):
        return points, ()
    hull = hull_of(wrt, given) if inner == wrt else Interval(0, oo)
    if inner != wrt:
        return kink_points(form, INNER, hull), ()
    ends = [p for p in (hull.start, hull.end) if p.is_finite]
    return kink_points(form, INNER, hull), ends
