"""Exact candidates for the points where a one-variable function changes its sign."""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Poly, Rational, S, Symbol, exp, fraction, log, together
from sympy.core.relational import Relational

COMMON = (S(0), S(1), S(-1), S(2), S(-2), Rational(1, 2), Rational(-1, 2))
DEGREE = 4


def sign_changes(g: Expr, z: Symbol) -> tuple[Any, ...]:
    """Common points and solved roots; each is only a candidate until something is proved there."""
    roots: list[Any] = [*COMMON, *_roots(g, z)]
    roots += [r.rhs for r in g.atoms(Relational) if r.rhs.is_number]
    return tuple(dict.fromkeys(roots))


def _roots(g: Expr, z: Symbol) -> list[Any]:
    """Real roots of a polynomial in z, or of a rational function of exp(z), of low degree."""
    t = Dummy("t", positive=True)
    inside = g.replace(
        lambda e: isinstance(e, exp) and (e.args[0] / z).is_Integer,
        lambda e: t ** (e.args[0] / z),
    )
    unknown = t if inside.has(t) else z
    if (inside.has(z) and unknown is t) or not inside.is_rational_function(unknown):
        return []
    numerator, _ = fraction(together(inside))
    if inside.free_symbols != {unknown} or not 0 < Poly(numerator, unknown).degree() <= DEGREE:
        return []
    try:
        found = [r for r in Poly(numerator, unknown).real_roots() if not r.has(unknown)]
    except NotImplementedError:  # coefficients that SymPy cannot order
        return []
    return [log(r) for r in found if r.is_positive] if unknown is t else found
