r"""Inequalities by growth in one positive number, twice: tangent at 0, and convex from there.

.. math:: F(0) \ge 0,\quad F'(0) \ge 0,\quad F''(t) \ge 0 \text{ for } t > 0
          \ \Rightarrow\ F(t) \ge 0.

Only for a number that no hypothesis mentions, so that all of (0, t] is allowed too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Mul,
    Rational,
    S,
    Symbol,
    cancel,
    exp,
    expand_mul,
    factor_terms,
    log,
)
from sympy.core.relational import Ge, Le

from theory import clock
from theory.provers.growth import INNER, _is_any_positive, _is_smooth
from theory.provers.growth import treats as treats_once
from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.definedness import defined
from theory.scalars import VectorScalar
from theory.vectors import Label
from theory.verdicts import Evidence, Status

COST = 18
QUICK = 0.3  # of the time left, for all of it: growth alone needs some too
SHARE = 0.4  # of that, for each of the three


def treats(statement: Any) -> bool:
    """Weak inequalities between transcendental, smooth functions of a positive symbol."""
    return isinstance(statement, Le | Ge) and treats_once(statement)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove three inequalities: of the values and of the slopes at 0, of the curvatures."""
    if claim.id == INNER:
        return None
    deadline -= (1 - QUICK) * (deadline - clock.now())
    for t in sorted((s for s in claim.holds.free_symbols if s.is_positive), key=str):
        if not _is_any_positive(t) or any(depends(g, t) for g in (*claim.given, *claim.lemmas)):
            continue
        found = _from_zero(claim, t, deadline)
        if found is not None:
            return found
    return None


def _from_zero(claim: Any, t: Symbol, deadline: float) -> Evidence | None:
    from theory.provers import prove as prove_any

    u = Symbol(t.name, real=True, nonnegative=True)
    gap = (claim.holds.gts - claim.holds.lts).xreplace({t: u})
    if not _is_smooth(gap, u) or defined(gap >= 0, claim.given, deadline) is None:
        return None  # twice differentiable on [0, oo)
    if not _hopeful(gap.diff(u, 2)):
        return None
    at_zero = [_cancelled(e.xreplace({u: 0 * u})) >= 0 for e in (gap, gap.diff(u))]
    steps = [f"values and slopes in {t} at {t} = 0, then the curvatures"]
    for goal in (*at_zero, _curved_upwards(gap.diff(u, 2)).xreplace({u: t})):
        question = replace(claim, id=INNER, holds=goal, mutants=())
        now = clock.now()
        found = prove_any(question, now + SHARE * (deadline - now))
        proofs = [e for e in found if e.status is Status.PROVED]
        if not proofs:
            return None
        steps += [f"show {goal}", *proofs[0].steps]
    return proved("convex-growth", f"above the tangent at {t} = 0, and curved upwards", steps)


def _cancelled(e: Expr) -> Expr:
    """e^w and e^-w in one unknown, common factors cancelled: 1/(1 + e^w) - e^-w/(1 + e^-w) = 0."""
    rules: dict[Expr, Expr] = {}
    for f in sorted(e.atoms(exp), key=str):
        rules[f] = 1 / rules[1 / f] if 1 / f in rules else Dummy("e", positive=True)
    back = {mark: f for f, mark in rules.items() if mark.is_Dummy}
    return e if e.atoms(log) else cancel(e.xreplace(rules)).xreplace(back)


def _hopeful(curvature: Expr) -> bool:
    """A look at a few numbers, to save time: it decides nothing but whether to try."""
    unknowns = sorted(curvature.atoms(Symbol, VectorScalar), key=str)
    for start in (1, 2, 5):
        values = {
            a: Rational(7 + (start * k) % 5, 10) * (-1 if a.is_nonnegative is None and k % 2 else 1)
            for k, a in enumerate(unknowns)
        }
        found = curvature.xreplace({a: values[a] for a in unknowns if not isinstance(a, Label)})
        if any(v.is_number and v.evalf() < 0 for v in _cases(found)):
            return False
    return True


def _cases(e: Expr) -> list[Expr]:
    labels = sorted(e.atoms(Label), key=str)
    return [e.xreplace(dict.fromkeys(labels, S(v))) for v in (1, -1)] if labels else [e]


def _curved_upwards(curvature: Expr) -> Any:
    """curvature >= 0: what is transcendental on the small side, factors >= 0 left out."""
    terms = Add.make_args(expand_mul(curvature))
    marks = [Dummy(positive=True) for _ in terms]
    whole = factor_terms(Add(*(m * p for m, p in zip(marks, terms, strict=True))))
    shared = Mul(*(f for f in Mul.make_args(whole) if f.is_nonnegative and not f.has(exp, *marks)))
    parts = [p / shared for p in terms]
    bent = [p for p in parts if p.has(exp, log)]
    return Add(*(-p for p in bent)) <= Add(*(p for p in parts if not p.has(exp, log)))
