"""Rewrite a bound at every place where a smaller part makes the whole smaller, or larger.

.. math:: \\frac{\\epsilon}{\\|u\\| + \\|v\\|} \\text{ shrinks where the sum below grows.}

Factors count as nonnegative here; whether the whole did get stronger is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Add, Expr, Max, Min, Mul, Pow, S, exp, log

from numerics.sharpen.bounds import bounds_of
from numerics.sharpen.changes import Change
from theory.claims import Claim
from theory.scalars import VectorScalar

Rule = Callable[[Expr, int], Iterator[Expr]]  # a part and the wanted sense to smaller/larger parts


def everywhere(claim: Claim, rule: Rule) -> Iterator[Change]:
    """The claim with one part of one bound rewritten."""
    for bound in bounds_of(claim):
        for new, text in rewritten(bound.expr, bound.sense, rule):
            changed = bound.changed(new, text)
            if changed is not None:
                yield Change(changed, text)


def rewritten(e: Expr, sense: int, rule: Rule) -> Iterator[tuple[Expr, str]]:
    """(the whole with one part replaced, what was replaced), outermost parts first."""
    for new in rule(e, sense):
        if new != e and new.is_finite is not False:
            yield new, f"{e} -> {new}"
    if isinstance(e, VectorScalar):
        return
    for k, part in enumerate(e.args):
        inner = sense_within(e, k, sense)
        if inner:
            for new, text in rewritten(part, inner, rule):
                yield e.func(*e.args[:k], new, *e.args[k + 1 :]), text


def sense_within(e: Expr, k: int, sense: int) -> int:
    """Which way the k-th argument must go for the whole to go one way; 0 where nobody knows."""
    if isinstance(e, Add | Max | Min) or (isinstance(e, exp | log) and k == 0):
        return sense
    if isinstance(e, Mul):
        others = Mul(*(a for j, a in enumerate(e.args) if j != k))
        return -sense if others.is_negative or others.as_coeff_Mul()[0] < S.Zero else sense
    if isinstance(e, Pow) and k == 0 and e.exp.is_number:
        return sense if e.exp.is_positive else -sense
    return 0
