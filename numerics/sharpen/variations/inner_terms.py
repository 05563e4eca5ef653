"""A term inside a power or a function halved, doubled or left out: (x + eps)^2 to (x + eps/2)^2."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim

ORDER = 5


def variations(claim: Claim) -> Iterator[Change]:
    """One term of one sum at a time."""
    return everywhere(claim, _rule)


def _rule(e: Expr, sense: int) -> Iterator[Expr]:
    if isinstance(e, Add):
        for k, term in enumerate(e.args):
            others = Add(*(a for j, a in enumerate(e.args) if j != k))
            yield others + (term / 2 if sense < 0 else 2 * term)
            if sense < 0:
                yield others
