"""Convexity statements, by the convexity calculus."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, expand_mul, simplify

from theory.calculus import KinkError, derivative
from theory.provers.differentiability import differentiable
from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.convexity import curvature
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.invariants import orthant_rewriting
from theory.reasoning.one_variable.convert import KINKED
from theory.reasoning.quadratic_forms import quadratic_form
from theory.statements import Convex
from theory.vectors import Vector
from theory.verdicts import Evidence, Status

COST = 20


def treats(statement: Any) -> bool:
    """Convex."""
    return isinstance(statement, Convex)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Compose atoms of known curvature."""
    f = claim.holds.f.xreplace(orthant_rewriting(claim.given))
    argument = defined(f, claim.given, deadline)
    found = curvature(f, claim.holds.wrt, claim.given)
    if argument is None:
        return None
    if found is None or found.kind not in ("convex", "affine"):
        second = _by_second_derivative(f, claim.holds.wrt, claim.given, deadline)
        return second or _of_quadratic(f, claim, deadline)
    steps = found.steps or (f"{f} does not bend in {claim.holds.wrt}",)
    return proved("convexity-calculus", f"{found.kind} by composition", steps)


def _of_quadratic(f: Any, claim: Any, deadline: float) -> Evidence | None:
    """A quadratic function is convex where its quadratic part is never negative."""
    from theory.provers import prove as prove_any

    wrt = claim.holds.wrt
    if not isinstance(wrt, Vector):
        return None
    kinds = {t: curvature(t, wrt) for t in Add.make_args(expand_mul(f))}
    rest = Add(*(t for t, c in kinds.items() if c is None or c.kind != "affine"))
    if quadratic_form(rest, wrt) is None:
        return None
    given = [g for g in claim.given if not depends(g, wrt)]
    found = prove_any(replace(claim, holds=rest >= 0, given=given, mutants=()), deadline)
    proofs = [e for e in found if e.status is Status.PROVED]
    if not proofs:
        return None
    steps = [f"quadratic in {wrt}: it is enough that {rest} >= 0 everywhere", *proofs[0].steps]
    return proved("quadratic", "the quadratic part is never negative", steps)


def _by_second_derivative(f: Any, wrt: Any, given: Any, deadline: float) -> Evidence | None:
    """f'' >= 0 at every point of the domain, for a smooth f of a scalar."""
    if isinstance(wrt, Vector) or f.has(*KINKED):
        return None
    smooth = differentiable(f, wrt, given, deadline)
    if smooth is None:
        return None
    try:
        second = derivative(derivative(f, wrt), wrt)
    except (TypeError, KinkError):
        return None  # a norm whose derivative the calculus does not write out, or a hidden kink
    argument = entailed(list(given), simplify(second) >= 0, deadline)
    if argument is None:
        return None
    steps = [*smooth, f"the second derivative is {second}", *argument.steps]
    return proved("second-derivative", "the second derivative is >= 0", steps)
