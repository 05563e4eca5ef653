"""Proven monotonicity, convexity, kinks and jumps of a function of one variable.

>>> from sympy import Max, S, Symbol
>>> m = Symbol("m", real=True)
>>> hinge = Max(0, 1 - m)
>>> monotonicity(hinge, m, S.Reals), convexity(hinge, m, S.Reals)
('decreasing', 'convex')
>>> [(k.at, k.left, k.right) for k in kinks(hinge, m)]
[(1, -1, 0)]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import sympy as sp

from theory.reasoning.one_variable.pieces import Piece, Pieces, pieces_of
from theory.reasoning.one_variable.points import Point, Undecided, compare
from theory.reasoning.one_variable.proof import FAILURES


@dataclass(frozen=True)
class Kink:
    """A point where f is continuous and its one-sided derivatives differ."""

    at: sp.Expr
    left: sp.Expr
    right: sp.Expr


@dataclass(frozen=True)
class Jump:
    """A point where f is not continuous: both one-sided limits and the value."""

    at: sp.Expr
    left: sp.Expr
    right: sp.Expr
    value: sp.Expr


def monotonicity(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> str | None:
    """'increasing', 'decreasing' (weakly), 'constant', or ``None`` when not proved."""
    try:
        pieces = pieces_of(f, z, domain, deadline)
        slopes = {c for piece in pieces.all for c in piece.signs(1).cells}
        steps = {s for chain in _values_in_order(pieces) for s in _steps(chain)}
    except FAILURES:
        return None
    return _name(slopes | steps, "increasing", "decreasing", "constant")


def convexity(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> str | None:
    """'convex', 'concave', 'affine', or ``None`` when not proved."""
    try:
        pieces = pieces_of(f, z, domain, deadline)
        bends = {c for piece in pieces.all for c in piece.signs(2).cells}
        bends |= _bends_inside(pieces) | _bends_at_cuts(pieces) | _bends_at_ends(pieces)
    except FAILURES:
        return None
    return _name(bends, "convex", "concave", "affine")


def _name(signs: set[int], up: str, down: str, flat: str) -> str | None:
    signs = signs - {0}
    if not signs:
        return flat
    return {frozenset({1}): up, frozenset({-1}): down}.get(frozenset(signs))


def _steps(values: list[Point]) -> list[int]:
    return [compare(b, a) for a, b in pairwise(values)]


def _values_in_order(pieces: Pieces) -> list[list[Point]]:
    """At each cut: left limit, value, right limit; at a closed end: the value and the limit."""
    chains = []
    if not pieces.continuous_by_form:
        for before, at, after in pieces.neighbours():
            value = pieces.value(at)
            chains.append([before.limit(0, -1), value, after.limit(0, 1)])
    for end in pieces.closed_ends():
        value = pieces.value(end)
        if not pieces.continuous_by_form:
            first = end is pieces.lo
            limit = pieces.all[0].limit(0, 1) if first else pieces.all[-1].limit(0, -1)
            chains.append([value, limit] if first else [limit, value])
    return chains


def _bends_inside(pieces: Pieces) -> set[int]:
    """Where f'' has a pole inside a piece nothing is claimed."""
    if any("pole" in p.signs(2).at or "unknown" in p.signs(2).at for p in pieces.all):
        raise Undecided("a singular second derivative")
    return set()


def _bends_at_cuts(pieces: Pieces) -> set[int]:
    """Continuity at the cuts and the direction in which the derivative jumps."""
    bends = set()
    for before, at, after in pieces.neighbours():
        if not pieces.continuous_by_form:
            value = pieces.value(at)
            if compare(before.limit(0, -1), value) or compare(after.limit(0, 1), value):
                raise Undecided("a jump inside the domain")
        bends.add(_compare_limits(after.limit(1, 1), before.limit(1, -1)))
    return bends


def _bends_at_ends(pieces: Pieces) -> set[int]:
    """A convex function may jump up at a closed end."""
    bends = set()
    for end in pieces.closed_ends():
        value = pieces.value(end)
        if not pieces.continuous_by_form:
            first = end is pieces.lo
            limit = pieces.all[0].limit(0, 1) if first else pieces.all[-1].limit(0, -1)
            bends.add(compare(value, limit))
    return bends


def _compare_limits(a: Point, b: Point) -> int:
    """The sign of a - b, where one of the two may be infinite."""
    for x, sign in ((a, 1), (b, -1)):
        if x.exact is not None and x.exact.is_infinite:
            if a.exact == b.exact:
                raise Undecided("two infinite one-sided derivatives")
            return sign if x.exact is sp.oo else -sign
    return compare(a, b)


def kinks(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set = sp.S.Reals, deadline: float | None = None
) -> list[Kink]:
    """Every point of the open domain where f is continuous but not differentiable.

    Raises ``Undecided`` or ``Unsupported`` when the list cannot be completed.
    """
    found = []
    for at, before, after, continuous in _cuts(f, z, domain, deadline):
        if continuous:
            left, right = before.limit(1, -1), after.limit(1, 1)
            if _compare_limits(left, right) != 0:
                found.append(Kink(_exact(at), _exact(left), _exact(right)))
    return found


def jumps(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set = sp.S.Reals, deadline: float | None = None
) -> list[Jump]:
    """Every discontinuity in the open domain; raises like ``kinks``."""
    found = []
    for at, before, after, continuous in _cuts(f, z, domain, deadline):
        if not continuous:
            left, right = before.limit(0, -1), after.limit(0, 1)
            value = pieces_of(f, z, domain, deadline).value(at)
            found.append(Jump(_exact(at), _exact(left), _exact(right), _exact(value)))
    return found


def continuous_at_end(f: sp.Expr, z: sp.Symbol, domain: sp.Interval, at_start: bool) -> bool:
    """Whether f tends to its value at a closed end of the domain; raises like ``kinks``."""
    pieces = pieces_of(f, z, domain)
    end = pieces.lo if at_start else pieces.hi
    limit = pieces.all[0].limit(0, 1) if at_start else pieces.all[-1].limit(0, -1)
    return end is not None and _compare_limits(limit, pieces.value(end)) == 0


def _cuts(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None
) -> Iterator[tuple[Point, Piece, Piece, bool]]:
    pieces = pieces_of(f, z, domain, deadline)
    for before, at, after in pieces.neighbours():
        continuous = pieces.continuous_by_form
        if not continuous:
            value = pieces.value(at)
            ends = (before.limit(0, -1), after.limit(0, 1))
            continuous = all(_compare_limits(end, value) == 0 for end in ends)
        yield at, before, after, continuous


def _exact(point: Point) -> sp.Expr:
    if point.exact is None:
        raise Undecided("a kink at a point without an exact form")
    return point.exact
