"""Lemmas for the provers, made from the claim itself: tangents of its one-variable factors.

.. math:: g(w) \\le g(0) + \\max(g'(0)\\,w,\\ 0), \\qquad g(w) \\le g(0) + g'(0)\\,w.

They are guesses that looked right at a few numbers.  A prover uses a lemma only once it is
proved, so a wrong guess costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import Abs, Add, Expr, Mul, S, exp, log
from sympy.core.relational import Ge, Le

from theory.calculus import derivative
from theory.claims import Claim
from theory.reasoning.composites import INNER, whole_composite
from theory.reasoning.invariants import normal_form
from theory.reasoning.quadratic_forms import expand_outside

PROBES = tuple(s * S(n) / 8 for n in (1, 3, 8, 20, 60, 200) for s in (1, -1))
MOST = 3


def with_tangents(claim: Claim) -> Claim | None:
    """The claim with tangents for lemmas; None where there is nothing to add."""
    found = [t for t in _tangents(claim) if t not in claim.lemmas][:MOST]
    return replace(claim, lemmas=(*claim.lemmas, *found), mutants=()) if found else None


def _tangents(claim: Claim) -> Iterator[Any]:
    if not isinstance(claim.holds, Le | Ge):
        return
    for g in _transcendental_factors(normal_form(claim.holds.gts - claim.holds.lts, claim.given)):
        found = whole_composite(g)
        if found is not None:
            for line in _lines(found.form):
                relation = g <= line.xreplace({INNER: found.inner})
                if isinstance(relation, Le):
                    yield relation


def _transcendental_factors(gap: Expr) -> list[Expr]:
    """What the terms of a difference contain besides polynomials and norms."""
    products = [Mul.make_args(term) for term in Add.make_args(expand_outside(gap))]
    parts = [Mul(*(f for f in factors if f.atoms(exp, log))) for factors in products]
    return sorted({p for p in parts if p != 1}, key=lambda p: (len(str(p)), str(p)))


def _lines(g: Expr) -> Iterator[Expr]:
    """Straight and bent lines through (0, g(0)) that stay above g wherever it was looked at."""
    value = g.xreplace({INNER: S.Zero})
    slope = derivative(g, INNER, "almost everywhere").xreplace({INNER: S.Zero})
    if not (value.is_number and slope.is_number and slope.is_finite) or slope == 0:
        return
    value, slope = value.doit(), slope.doit()
    for line in (value + slope * INNER, value + (slope * INNER + Abs(slope) * Abs(INNER)) / 2):
        if all(_value(line - g, z) >= 0 for z in PROBES):
            yield line


def _value(f: Expr, z: Expr) -> float:
    try:
        return float(f.xreplace({INNER: z}).evalf(30))
    except (TypeError, ValueError, OverflowError):
        return float("-inf")
