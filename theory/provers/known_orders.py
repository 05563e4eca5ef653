r"""Max, Min and absolute values whose larger part the hypotheses name.

.. math:: a > b \ \Rightarrow\ \max(a, b) = a, \qquad a > 0 \ \Rightarrow\ |a| = a.

Strictly, and for continuous a and b, so that the same branch is taken around each point: what is
left has the same derivatives.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Abs, Expr, Max, Min
from sympy import exp as exponential

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.scalars import Dot, Norm
from theory.statements import Differentiable, Lipschitz
from theory.vectors import Vector, VectorSum
from theory.verdicts import Evidence, Status

COST = 35


def treats(statement: Any) -> bool:
    """Statements about a scalar function with Max, Min or Abs in it."""
    if not isinstance(statement, Differentiable | Lipschitz):
        return False
    return isinstance(statement.f, Expr) and statement.f.has(Max, Min, Abs)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Take the branch that the hypotheses choose, then prove the statement by any strategy."""
    from theory.provers import prove as prove_any

    f = claim.holds.f
    rules, steps = _branches(f, list(claim.given), deadline)
    if not rules or defined(f, claim.given, deadline) is None:
        return None
    holds: Any = claim.holds
    rest = (holds.constant,) if isinstance(holds, Lipschitz) else ()
    changed = type(holds)(f.xreplace(rules), holds.wrt, *rest)
    found = prove_any(replace(claim, holds=changed, mutants=()), deadline)
    proofs = [e for e in found if e.status is Status.PROVED]
    if not proofs:
        return None
    steps += [f"so {changed}:", *proofs[0].steps]
    return proved("known-orders", "the hypotheses choose the branch", steps)


def _branches(f: Expr, given: Any, deadline: float) -> tuple[dict[Expr, Expr], list[str]]:
    rules: dict[Expr, Expr] = {}
    steps: list[str] = []
    for e in sorted(f.atoms(Max, Min, Abs), key=str):
        for part, order in _choices(e):
            argument = entailed(given, order, deadline)
            if argument is not None:
                rules[e] = part
                steps += [f"{e} = {part} since {order}", *argument.steps]
                break
    return rules, steps


def _choices(e: Any) -> list[tuple[Expr, Any]]:
    """Each value that e may take, with the strict order that makes it so."""
    if not all(_is_continuous(a) for a in e.args):
        return []
    if isinstance(e, Abs):
        return [(e.args[0], e.args[0] > 0), (-e.args[0], e.args[0] < 0)]
    if len(e.args) != 2:
        return []
    a, b = e.args
    return [(a, a > b), (b, b > a)] if isinstance(e, Max) else [(a, a < b), (b, b < a)]


def _is_continuous(e: Any) -> bool:
    """Sums, products, whole powers, exponentials of norms and products of plain vectors."""
    if isinstance(e, Norm | Dot):
        return all(_is_plain(a) for a in e.args if not isinstance(a, Expr))
    if not e.args:
        return True
    known = e.is_Add or e.is_Mul or isinstance(e, exponential | Max | Min | Abs)
    known = known or (e.is_Pow and e.exp.is_Integer and e.exp.is_positive)
    return bool(known) and all(_is_continuous(a) for a in e.args)


def _is_plain(v: Any) -> bool:
    """A vector variable, or a combination of such with continuous coefficients."""
    if isinstance(v, VectorSum):
        return all(isinstance(b, Vector) and _is_continuous(c) for c, b in v.terms())
    return isinstance(v, Vector)
