"""A numeric factor on one term of the bound, or on all of it: A + B to A + cB, 0 <= c <= 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from numerics.sharpen.bounds import LARGER, Bound, Place, bounds_of, terms
from numerics.sharpen.changes import Scale
from theory.claims import Claim

ORDER = 0


def variations(claim: Claim) -> Iterator[Scale]:
    """Every term of every bound, scaled down; scaled up where larger is the stronger.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> [s.place for s in variations(Claim(id="product", holds=a * b <= a**2 + b**2 / 2))]
    ['a**2', 'b**2/2']
    """
    for bound in bounds_of(claim):
        parts = list(terms(bound.expr))
        if len(parts) < 2 and bound.expr != 0:
            parts = [(bound.expr, lambda new: new)]
        for term, place in sorted(parts, key=lambda p: len(str(p[0]))):
            down = _scale(bound, term, place)
            yield replace(down, up=True, removable=False) if _grows(bound, term) else down


def _grows(bound: Bound, term: Expr) -> bool:
    """Whether a larger multiple of the term is the stronger claim."""
    negative = term.could_extract_minus_sign()
    return negative != (bound.sense == LARGER)


def _scale(bound: Bound, term: Expr, place: Place) -> Scale:
    def make(k: Expr) -> Claim | None:
        return bound.changed(place(k * term), f"{k} times {term}")

    def text(k: Expr) -> str:
        return f"without {term}" if k == 0 else f"{term} -> {k * term}"

    return Scale(make, str(term), text)
