"""Smoothness statements: differentiable, and the derived gradient is Lipschitz."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Max, Min, Piecewise

from theory.calculus import derivative, gradient
from theory.losses import tidy
from theory.provers.differentiability import differentiable
from theory.provers.kernel import proved
from theory.provers.lipschitz_constant import lipschitz
from theory.reasoning.composites import INNER, composite
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
    second = lipschitz(slope(f, wrt), wrt, constant, claim.given, deadline)
    if second is None:
        return None
    bound, steps, data = second
    return proved("lipschitz-calculus", f"derived constant {bound.value}", [*first, *steps], data)


def slope(f: Any, wrt: Any) -> Any:
    """The gradient in a vector, or the derivative in a scalar, off the kinks.

    For f = c g(w) it is c g'(w) times the gradient of w, with g' in lowest terms.
    """
    if not isinstance(wrt, Vector):
        return tidy(derivative(f, wrt, "almost everywhere"), wrt)
    found = composite(f, wrt) if f.atoms(Max, Min, Abs, Piecewise) else None
    if found is None or found.inner == f:
        return gradient(f, wrt, "almost everywhere")
    outer = tidy(derivative(found.form, INNER, "almost everywhere"), INNER)
    inner = gradient(found.inner, wrt, "almost everywhere")
    return found.factor * outer.xreplace({INNER: found.inner}) * inner
