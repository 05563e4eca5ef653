"""Weaker hypotheses: one left out, a smaller norm in one, a number in one moved, all dimensions.

A hypothesis stays as it is where the statement says nothing beyond it, as unit(0) does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr
from sympy.core.relational import Ge, Gt, Le, Lt

from numerics.sharpen.bounds import LARGER, SMALLER
from numerics.sharpen.changes import Change, Scale
from numerics.sharpen.rewriting import rewritten
from numerics.sharpen.strength import says_something_beyond
from numerics.sharpen.variations.norms import rule as smaller_norm
from theory.claims import Claim

ORDER = 6


def variations(claim: Claim) -> Iterator[Change | Scale]:
    """Every hypothesis in turn."""
    for k, g in enumerate(claim.given):
        others = (*claim.given[:k], *claim.given[k + 1 :])
        if says_something_beyond(claim, g, others):
            yield _given(claim, others, f"without {g}")
        if isinstance(g, Le | Lt | Ge | Gt):
            for weaker in _weaker(g):
                if says_something_beyond(claim, g, (*others, weaker)):
                    yield _given(claim, (*others, weaker), f"{g} -> {weaker}")
            if g.rhs.is_number and g.rhs != 0:
                yield _moved(claim, others, g)
    if claim.dimensions is not None:
        free = claim.mutate("every dimension", None, dimensions=None, kind="").claim
        yield Change(free, f"d in {list(claim.dimensions)} -> every d >= 1", True)


def _given(claim: Claim, given: tuple[Any, ...], text: str) -> Change:
    return Change(claim.mutate(text, None, given=given, kind="").claim, text, True)


def _weaker(g: Any) -> Iterator[Any]:
    """The same relation between a smaller small side and a larger large side."""
    small, large = (SMALLER, LARGER) if isinstance(g, Le | Lt) else (LARGER, SMALLER)
    for new, _ in rewritten(g.lhs, small, smaller_norm):
        yield g.func(new, g.rhs)
    for new, _ in rewritten(g.rhs, large, smaller_norm):
        yield g.func(g.lhs, new)


def _moved(claim: Claim, others: tuple[Any, ...], g: Any) -> Scale:
    """The number of a hypothesis times a factor that weakens it."""
    up = isinstance(g, Le | Lt) == bool(g.rhs.is_positive)

    def make(k: Expr) -> Claim | None:
        relation = g.func(g.lhs, k * g.rhs)
        return _given(claim, (*others, relation), f"{g} -> {relation}").claim

    def text(k: Expr) -> str:
        return f"{g} -> {g.func(g.lhs, k * g.rhs)}"

    return Scale(make, str(g), text, up=up, removable=False, by_form=True)
