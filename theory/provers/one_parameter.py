r"""Inequalities in two numbers of which only the difference, or the ratio, matters.

.. math:: F(a + c, b + c) = F(a, b) \ \Rightarrow\ F(a, b) = F(0, b - a); \qquad
          F(c s, c t) = c^k F(s, t) \ \Rightarrow\ F(s, t) = t^k F(s/t, 1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Dummy, Expr, S, Symbol, expand, expand_power_base, powsimp
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.homogeneity import shifted
from theory.scalars import variables
from theory.vectors import Label
from theory.verdicts import Evidence, Status

COST = 18
DEGREES = (1, 0, 2, -1)


def treats(statement: Any) -> bool:
    """Inequalities in two real numbers."""
    if not isinstance(statement, Le | Ge | Lt | Gt):
        return False
    found = variables(statement)
    return len(found) == 2 and all(_is_plain(v) for v in found)


def _is_plain(v: Any) -> bool:
    return isinstance(v, Symbol) and not isinstance(v, Label) and v.is_integer is None


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the inequality in the difference, or in the ratio, for every value of it."""
    from theory.provers import prove as prove_any

    first, second = variables(claim.holds)
    if defined(claim.holds, (), deadline) is None:
        return None
    gap = claim.holds.gts - claim.holds.lts
    for rest, note in (by_difference(gap, first, second), by_ratio(gap, first, second)):
        if rest is None:
            continue
        goal = rest > 0 if isinstance(claim.holds, Lt | Gt) else rest >= 0
        question = replace(claim, holds=goal, given=(), lemmas=(), mutants=())
        proofs = [e for e in prove_any(question, deadline) if e.status is Status.PROVED]
        if proofs:
            return proved("one-parameter", note, [note, *proofs[0].steps])
    return None


def by_difference(gap: Expr, a: Symbol, b: Symbol) -> tuple[Expr | None, str]:
    """F(a, b) as a function of t = b - a, where it is one: for a and b of any sign."""
    t = Dummy("t", real=True)
    found = shifted(gap.xreplace({b: a + t}), a)
    if found is None or found[0] != 0:
        return None, ""
    return found[1], f"only {t} = {b} - {a} matters: show {found[1]} >= 0 for every real {t}"


def by_ratio(gap: Expr, s: Symbol, t: Symbol) -> tuple[Expr | None, str]:
    """F(s, t)/t^k as a function of r = s/t, where it is one: for s > 0 and t > 0."""
    r = Dummy("r", positive=True)
    if not (s.is_positive and t.is_positive):
        return None, ""
    for k in DEGREES:
        form = powsimp(expand(expand_power_base(gap.xreplace({s: r * t})) / t ** S(k)))
        if not form.has(t):
            return form, f"times {t}^{k}, a function of {r} = {s}/{t} alone: {form}"
    return None, ""
