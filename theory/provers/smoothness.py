"""Smoothness statements: differentiable, and the derived gradient is Lipschitz."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Max, Min, Piecewise

from theory.calculus import derivative, gradient
from theory.losses import tidy
from theory.provers.differentiability import differentiable
from theory.provers.kernel import proved
from theory.provers.lipschitz_constant import lipschitz, within
from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.dual_directions import with_duality_maps
from theory.reasoning.lipschitz_calculus import LipschitzCalculus
from theory.reasoning.radial import RadialField
from theory.scalars import Norm
from theory.statements import Smooth
from theory.vectors import Vector
from theory.verdicts import Evidence

COST = 30


def treats(statement: Any) -> bool:
    """Smooth, with or without a constant."""
    return isinstance(statement, Smooth)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Both halves, on the domain that the hypotheses cut out."""
    f, wrt, constant = claim.holds.f, claim.holds.wrt, claim.holds.constant
    first = differentiable(f, wrt, claim.given, deadline)
    if first is None:
        return None
    second = _radial(f, wrt, constant, claim.given, deadline)
    second = second or lipschitz(slope(f, wrt), wrt, constant, claim.given, deadline)
    if second is None:
        return None
    bound, steps, data = second
    return proved("lipschitz-calculus", f"derived constant {bound.value}", [*first, *steps], data)


def _radial(f: Any, wrt: Any, constant: Any, given: Any, deadline: float) -> Any:
    """f = k g(||w||) with w = c theta + a: the gradient k c g'(r) w/r, which is 0 where w = 0.

    It exists at every point of the domain, as was shown before.
    """
    found = composite(f, wrt) if isinstance(wrt, Vector) else None
    if found is None or not isinstance(found.inner, Norm) or found.inner.p != 2:
        return None
    w = found.inner.vector
    scale = dict((b, c) for c, b in w.terms()).get(wrt, 0)
    if scale == 0 or depends(scale, wrt) or depends(w - scale * wrt, wrt):
        return None
    form = tidy(derivative(found.form, INNER, "almost everywhere"), INNER)
    field = RadialField(found.factor * scale, form, w)
    return within(
        LipschitzCalculus(wrt, tuple(given)).radial(field), wrt, constant, given, deadline
    )


def slope(f: Any, wrt: Any) -> Any:
    """The gradient in a vector, or the derivative in a scalar, off the kinks.

    For f = c g(w) it is c g'(w) times the gradient of w, with g' in lowest terms.
    """
    if not isinstance(wrt, Vector):
        return tidy(derivative(f, wrt, "almost everywhere"), wrt)
    found = composite(f, wrt) if f.atoms(Max, Min, Abs, Piecewise) else None
    if found is None or found.inner == f:
        return with_duality_maps(gradient(f, wrt, "almost everywhere"))
    outer = tidy(derivative(found.form, INNER, "almost everywhere"), INNER)
    inner = gradient(found.inner, wrt, "almost everywhere")
    return found.factor * outer.xreplace({INNER: found.inner}) * inner
