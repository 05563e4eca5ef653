r"""Outer layers that both sides of an inequality share, taken off one after the other.

.. math:: e^a \le e^b \iff a \le b, \qquad \log a \le \log b \iff a \le b, \qquad
          c + a \le c + b \iff a \le b, \qquad a \le b \Rightarrow q\,a \le q\,b
          \text{ for } q \ge 0.

What is left is a question for any other strategy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Expr, Mul, Pow, exp, log
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.verdicts import Evidence, Status

COST = 11


def treats(statement: Any) -> bool:
    """Inequalities whose sides share an outer layer that is not a sum."""
    return isinstance(statement, Le | Ge | Lt | Gt) and bool(peeled(statement)[1])


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the inequality between what is inside, by any strategy."""
    from theory.provers import prove as prove_any

    inside, notes = peeled(claim.holds)
    if defined(claim.holds, claim.given, deadline) is None:
        return None
    found = prove_any(replace(claim, holds=inside, mutants=()), deadline)
    proofs = [e for e in found if e.status is Status.PROVED]
    if not proofs:
        return None
    steps = [*notes, f"it is enough that {inside}", *proofs[0].steps]
    return proved("peeling", "both sides share their outer layers", steps)


def peeled(goal: Any) -> tuple[Any, list[str]]:
    """The inequality inside, and what was taken off: empty where only sums were.

    >>> from sympy import symbols
    >>> a, b, c = symbols("a b c", real=True)
    >>> peeled(log(1 + exp(a + c)) <= log(1 + exp(b + c)))[0]
    a <= b
    """
    strict = isinstance(goal, Lt | Gt)
    small, big = goal.lts, goal.gts
    notes: list[str] = []
    while True:
        small, big = without_common_terms(small, big)
        inner = _inside(small, big) or _without_common_factors(small, big, strict)
        if inner is None:
            break
        notes.append(f"{small} {'<' if strict else '<='} {big} from the order of what is inside")
        small, big = inner
    return (small < big if strict else small <= big), notes


def without_common_terms(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    """Both sides without the terms that they share."""
    shared = set(Add.make_args(a)) & set(Add.make_args(b))
    return _without(Add, a, shared), _without(Add, b, shared)


def _without(kind: Any, e: Expr, shared: set[Expr]) -> Expr:
    return kind(*(t for t in kind.make_args(e) if t not in shared))


def _inside(a: Expr, b: Expr) -> tuple[Expr, Expr] | None:
    """Arguments of exp or log, or bases of one power with an exponent > 0."""
    if isinstance(a, exp) and isinstance(b, exp):
        return a.args[0], b.args[0]
    if isinstance(a, log) and isinstance(b, log) and len(a.args) == len(b.args) == 1:
        return a.args[0], b.args[0]
    if not (isinstance(a, Pow) and isinstance(b, Pow) and a.exp == b.exp and a.exp.is_number):
        return None
    bases = a.base.is_nonnegative and b.base.is_nonnegative
    return (a.base, b.base) if bases and a.exp.is_positive else None


def _without_common_factors(a: Expr, b: Expr, strict: bool) -> tuple[Expr, Expr] | None:
    """q a <= q b from a <= b for q >= 0, and from b <= a for q <= 0; strict for q != 0."""
    shared = set(Mul.make_args(a)) & set(Mul.make_args(b))
    q = Mul(*shared)
    if q == 1 or (strict and not q.is_nonzero) or q in (a, b):
        return None
    a, b = _without(Mul, a, shared), _without(Mul, b, shared)
    if q.is_nonnegative:
        return a, b
    return (b, a) if q.is_nonpositive else None
