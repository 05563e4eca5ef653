"""Inequalities between fractions: over a positive common denominator only the numerators count.

.. math:: d > 0:\\qquad \\frac ab \\le \\frac{a'}{b'} \\iff n \\ge 0, \\quad
          \\frac{a'}{b'} - \\frac ab = \\frac nd.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Ge, Gt, Le, Lt, exp, fraction, together

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.verdicts import Evidence, Status

COST = 90  # last: the other strategies clear polynomial denominators themselves


def treats(statement: Any) -> bool:
    """Inequalities with a transcendental denominator."""
    if not isinstance(statement, Le | Ge | Lt | Gt):
        return False
    return any(fraction(together(side))[1].has(exp) for side in statement.args)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove d > 0 and then the numerator's inequality, by any strategy."""
    from theory.provers import prove as prove_any

    goal, given = claim.holds, list(claim.given)
    exists = defined(goal, given, deadline)
    if exists is None:
        return None
    above, below = cleared(goal.gts, goal.lts)
    denominator = fraction(together(goal.gts))[1] * fraction(together(goal.lts))[1]
    positive = entailed(given, denominator > 0, deadline)
    if positive is None:
        return None
    relation = above > below if isinstance(goal, Lt | Gt) else above >= below
    found = prove_any(replace(claim, holds=relation, mutants=()), deadline)
    proofs = [e for e in found if e.status is Status.PROVED]
    if not proofs:
        return None
    steps = [*exists.steps, f"{denominator} > 0:", *positive.steps, f"so show {relation}"]
    return proved("common-denominator", "the numerators are in order", [*steps, *proofs[0].steps])


def cleared(large: Expr, small: Expr) -> tuple[Expr, Expr]:
    """Both sides times both denominators; common factors of the two stay where they are.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> cleared(1 / a, 2 / b)
    (b, 2*a)
    """
    (n, d), (m, e) = fraction(together(large)), fraction(together(small))
    return n * e, m * d
