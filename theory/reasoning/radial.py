r"""Radial fields, F(v) = g(||v||) v/||v||, on any set of v, convex or not, in every dimension.

.. math:: \|F(u) - F(v)\|^2 = (g(r) - g(s))^2 + 2\,g(r)\,g(s)\,(1 - \cos), \qquad
          \|u - v\|^2 = (r - s)^2 + 2\,r\,s\,(1 - \cos),

so max(A, B) is a Lipschitz constant as soon as |g(r) - g(s)| <= A |r - s| and
|g(r) g(s)| <= B^2 r s, with r = ||u|| and s = ||v||: radial and tangential stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Abs, Expr, Max, Min, Piecewise, S, cancel, piecewise_fold, sqrt

from theory.reasoning.composites import INNER, depends
from theory.scalars import Norm, norm, variables
from theory.vectors import Unit, VectorExpr, is_zero


@dataclass(frozen=True)
class RadialField:
    """factor * g(||w||) w/||w||: ``form`` is g in the symbol INNER."""

    factor: Expr
    form: Expr
    inner: VectorExpr

    @property
    def stretch(self) -> Expr:
        """g(r)/r, the tangential stretch."""
        return over_radius(self.form)


def over_radius(form: Expr) -> Expr:
    """g(z)/z in lowest terms, branch by branch."""
    if form.has(Piecewise):
        folded = piecewise_fold(form)
        if isinstance(folded, Piecewise):
            return Piecewise(*((cancel(e / INNER), c) for e, c in folded.args))
    return form / INNER


def radial_field(v: VectorExpr, wrt: Any) -> RadialField | None:
    """v as one radial field in an inner vector that moves with ``wrt``, or None.

    >>> from theory.vectors import Vector
    >>> theta = Vector("theta")
    >>> radial_field(theta / (1 + norm(theta)), theta).stretch.subs(INNER, 1)
    1/2
    """
    for w in _centres(v, wrt):
        found = _around(v, w)
        if found is not None and not depends(found.factor, wrt):
            return found
    return None


def _centres(v: VectorExpr, wrt: Any) -> Iterator[VectorExpr]:
    units = [b.inner for _, b in v.terms() if isinstance(b, Unit) and depends(b, wrt)]
    sizes = [n.vector for c, _ in v.terms() for n in c.atoms(Norm) if n.p == 2 and depends(n, wrt)]
    yield from dict.fromkeys([*units, *sizes])


def _around(v: VectorExpr, w: VectorExpr) -> RadialField | None:
    """c1 w + c2 unit(w) with c1, c2 functions of ||w|| up to one constant factor."""
    coefficients = {b: c for c, b in v.terms()}
    turned = coefficients.pop(Unit(w), S.Zero)
    k, first = w.terms()[0]
    along = coefficients.get(first, S.Zero) / k
    if not is_zero(v - along * w - turned * Unit(w)):
        return None
    radius = norm(w)
    if not isinstance(radius, Norm):
        return None
    g = (turned + along * radius).xreplace({radius: INNER})
    factor, form = g.as_independent(INNER, as_Add=False)
    if factor == 0 or variables(form) != (INNER,):
        return None
    return RadialField(factor, pulled_in(form), w)


def pulled_in(form: Expr) -> Expr:
    """z Min(a, b) = Min(z a, z b) for the radius z >= 0."""
    rest = form / INNER
    if isinstance(rest, Max | Min) and not rest.has(Piecewise):
        return rest.func(*(cancel(a * INNER) for a in rest.args))
    return form


def tangential(field: RadialField, here: Expr, there: Expr) -> Expr:
    """sqrt(|g(r) g(s)|/(r s)) for the two radii of a pair."""
    h = Abs(field.stretch)
    return sqrt(h.xreplace({INNER: here}) * h.xreplace({INNER: there}))


def larger(a: Expr, b: Expr) -> Expr:
    """max(a, b), written as one of them where that is clear."""
    return a if a == b or (a - b).is_nonnegative else Max(a, b)
