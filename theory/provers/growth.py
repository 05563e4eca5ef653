r"""Inequalities by growth in one positive number, from 0 on.

.. math:: F(0) \ge 0,\quad F'(t) \ge 0 \text{ for } t > 0 \ \Rightarrow\ F(t) \ge 0.

Only for a number that no hypothesis mentions, so that all of (0, t] is allowed too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Dummy, Expr, Mul, Symbol, cancel, exp, factor_terms, log
from sympy.core.relational import Ge, Le

from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.definedness import defined
from theory.reasoning.one_variable.convert import KINKED
from theory.vectors import Label
from theory.verdicts import Evidence, Status

COST = 22
INNER = "growth"  # the id of the questions asked here: they do not grow further


def treats(statement: Any) -> bool:
    """Weak inequalities between transcendental, smooth functions of a positive symbol."""
    if not isinstance(statement, Le | Ge) or statement.has(*KINKED):
        return False
    return bool(statement.atoms(exp, log)) and any(s.is_positive for s in statement.free_symbols)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the inequality at 0 and that of the derivatives, by any strategy."""
    if claim.id == INNER:
        return None
    for t in sorted((s for s in claim.holds.free_symbols if s.is_positive), key=str):
        if not _is_any_positive(t) or any(depends(g, t) for g in (*claim.given, *claim.lemmas)):
            continue
        found = _from_zero(claim, t, deadline)
        if found is not None:
            return found
    return None


def _is_any_positive(t: Any) -> bool:
    """Whether t stands for every positive number: between integers nothing would be shown."""
    return not isinstance(t, Label) and set(t._assumptions_orig) <= {"positive", "real"}


def _from_zero(claim: Any, t: Symbol, deadline: float) -> Evidence | None:
    from theory.provers import prove as prove_any

    u = Symbol(t.name, real=True, nonnegative=True)
    gap = (claim.holds.gts - claim.holds.lts).xreplace({t: u})
    if not _is_smooth(gap, u) or defined(gap >= 0, claim.given, deadline) is None:
        return None  # continuous on [0, oo) and differentiable inside
    steps: list[str] = [f"both sides at {t} = 0, then their derivatives in {t}"]
    for goal in (gap.xreplace({u: 0 * u}) >= 0, _rising(gap.diff(u)).xreplace({u: t})):
        question = replace(claim, id=INNER, holds=goal, mutants=())
        proofs = [e for e in prove_any(question, deadline) if e.status is Status.PROVED]
        if not proofs:
            return None
        steps += [f"show {goal}", *proofs[0].steps]
    return proved("growth", f"equal or in order at {t} = 0, and growing apart", steps)


def _is_smooth(e: Expr, u: Symbol) -> bool:
    """Made of sums, products, integer powers, exp and log; roots of what holds u are refused."""
    if not depends(e, u) or e == u:
        return True
    if e.is_Pow and not isinstance(e, exp) and not e.exp.is_Integer:
        return False
    known = e.is_Add or e.is_Mul or e.is_Pow or isinstance(e, exp | log)
    return bool(known) and all(_is_smooth(a, u) for a in e.args)


def _rising(slope: Expr) -> Any:
    """slope >= 0, negative terms on the small side, without common factors >= 0."""
    parts = [_tidied(p) for p in Add.make_args(slope)]
    shared = Mul(*(f for f in Mul.make_args(factor_terms(Add(*parts))) if f.is_nonnegative))
    terms = [p / shared for p in parts] if shared != 1 else parts
    small = [-p for p in terms if p.could_extract_minus_sign()]
    return Add(*(p for p in terms if not p.could_extract_minus_sign())) >= Add(*small)


def _tidied(term: Expr) -> Expr:
    """e^w/(1 + e^w) in lowest terms."""
    marks = {e: Dummy("w", positive=True) for e in sorted(term.atoms(exp), key=str)}
    back = {m: e for e, m in marks.items()}
    return cancel(term.xreplace(marks)).xreplace(back)
