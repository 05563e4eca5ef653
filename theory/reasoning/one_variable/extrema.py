"""Exact suprema and infima of a function of one variable, each with its proof.

>>> from sympy import S, Symbol, exp
>>> z = Symbol("z", real=True)
>>> supremum(exp(z) / (1 + exp(z))**2, z, S.Reals).value
1/4
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from theory.reasoning.one_variable.changes import changes, defined_at
from theory.reasoning.one_variable.pieces import Piece, Pieces, pieces_of
from theory.reasoning.one_variable.points import Point, between, compare, to_fraction
from theory.reasoning.one_variable.proof import FAILURES, OneVariableProof, prove_nonnegative


@dataclass(frozen=True)
class Supremum:
    """The least upper bound (or greatest lower bound), exactly.

    ``at`` is where it is attained, or approached when ``attained`` is false (oo and -oo included);
    ``proof`` shows the bound and is None for an infinite value, whose proof is the limit.
    """

    value: sp.Expr
    at: sp.Expr | None
    attained: bool
    proof: OneVariableProof | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    value: Point
    at: Point
    attained: bool


def supremum(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> Supremum | None:
    """The exact supremum with a proof; ``None`` when it cannot be identified exactly."""
    try:
        best = _best(pieces_of(f, z, domain, deadline))
    except FAILURES:
        return _after_a_change(f, z, domain, deadline)
    if best is None or best.value.exact is None:
        return None
    where = f"{'attained' if best.attained else 'approached'} at z = {best.at!r}"
    value = best.value.exact
    if value.is_infinite:
        return Supremum(value, best.at.exact, False, None, (f"unbounded: limit {value}, {where}",))
    proof = prove_nonnegative(value - f, z, domain, deadline=deadline)
    if proof is None:
        return None
    steps = (*proof.steps, f"the value {value} is {where}")
    return Supremum(value, best.at.exact, best.attained, proof, steps)


def _after_a_change(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None
) -> Supremum | None:
    """sup f = sup g for f(z) = g(w); a point that w leaves out is a limit of the others."""
    for change in changes(f, z, domain):
        if change.missed is not None and not defined_at(f, z, change.missed):
            continue
        try:
            best = _best(pieces_of(change.g, change.w, change.domain, deadline))
        except FAILURES:
            continue
        if best is None or best.value.exact is None or best.value.exact.is_infinite:
            continue
        value = best.value.exact
        proof = prove_nonnegative(value - f, z, domain, deadline=deadline)
        if proof is not None:
            exact = best.at.exact
            inside = exact is not None and exact.is_finite
            at = change.back(exact) if inside else change.missed
            attained = best.attained or change.missed is not None
            steps = (*proof.steps, f"the value {value} is attained or approached at {z} = {at}")
            return Supremum(value, at, attained, proof, steps)
    return None


def infimum(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> Supremum | None:
    """The exact infimum, as minus the supremum of -f."""
    found = supremum(-f, z, domain, deadline)
    if found is None:
        return None
    steps = (*found.steps, f"so the infimum is {-found.value}")
    return Supremum(-found.value, found.at, found.attained, found.proof, steps)


def upper_bound(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> sp.Rational | None:
    """A proven rational upper bound, about 1e-7 relative above the supremum."""
    from theory.reasoning.one_variable.compact import numerical_maximum

    try:
        best = _best(pieces_of(f, z, domain, deadline))
        if best is not None and best.value.exact is not None and best.value.exact.is_Rational:
            return _if_proved(best.value.exact, f, z, domain, deadline)
        top = None if best is None else best.value.ball(128)
    except FAILURES:
        top = numerical_maximum(f, z, domain)
    if top is None or not top.is_finite():
        return None
    for slack in (Fraction(1, 10**7), Fraction(1, 10**6)):
        bound = _round_up(to_fraction(top.upper()), slack)
        if _if_proved(bound, f, z, domain, deadline) is not None:
            return bound
    return None


def _if_proved(
    bound: sp.Rational, f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None
) -> sp.Rational | None:
    return bound if prove_nonnegative(bound - f, z, domain, deadline=deadline) else None


def _round_up(x: Fraction, slack: Fraction) -> sp.Rational:
    raised = x + abs(x) * slack if x else slack
    scale = Fraction(10) ** 9
    while abs(raised) * scale < 10**9:
        scale *= 10
    return sp.Rational(int(raised * scale) + (raised > 0), int(scale))


def _best(pieces: Pieces) -> _Candidate | None:
    best: _Candidate | None = None
    for candidate in _candidates(pieces):
        if best is None or _beats(candidate, best):
            best = candidate
    return best


def _beats(new: _Candidate, old: _Candidate) -> bool:
    order = _compare_values(new.value, old.value)
    return order > 0 or (order == 0 and new.attained and not old.attained)


def _compare_values(a: Point, b: Point) -> int:
    for x, y, sign in ((a, b, 1), (b, a, -1)):
        if x.exact is not None and x.exact.is_infinite:
            if y.exact == x.exact:
                return 0
            return sign if x.exact is sp.oo else -sign
    return compare(a, b)


def _constant_part(piece: Piece) -> _Candidate:
    x = between(piece.lo, piece.hi)
    inside = Point(sp.Rational(x.numerator, x.denominator))
    return _Candidate(piece.value(0, inside), inside, True)


def _candidates(pieces: Pieces) -> Iterator[_Candidate]:
    """Values at critical points, at cuts and closed ends, and the limits at every end."""
    for piece in pieces.all:
        signs = piece.signs(1)
        for side, slope in ((1, signs.cells[0]), (-1, signs.cells[-1])):
            end = piece.lo if side > 0 else piece.hi
            if slope * side <= 0:
                at = end if end is not None else Point(-side * sp.oo)
                yield _Candidate(piece.limit(0, side), at, False)
        if 0 in signs.cells:
            yield _constant_part(piece)
        for k, point in enumerate(signs.points):
            if signs.cells[k] >= 0 >= signs.cells[k + 1]:
                yield _Candidate(piece.value(0, point), point, True)
    for point in (*pieces.breaks, *pieces.closed_ends()):
        yield _Candidate(pieces.value(point), point, True)
