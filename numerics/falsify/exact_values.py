"""A formula at an exact point: the rational number that it is, or exact bounds around it."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from numerics.falsify.rationals import exact_end, fraction, simplest
from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import enclose

Point = dict[sp.Symbol, sp.Rational]
READABLE = 2**80  # denominators; the simplest rational next to an irrational number has more


def exact_value(f: sp.Expr, point: Point) -> Fraction | None:
    """f where it is a rational number, else None; roots only with a readable denominator."""
    f = sp.sympify(f)
    if any(not a.exp.is_Integer for a in f.atoms(sp.Pow)) and not _may_be_rational(f, point):
        return None
    value = f.xreplace(point)
    return fraction(value) if value.is_Rational else None


def _may_be_rational(f: sp.Expr, point: Point) -> bool:
    """A ball first: SymPy would factor the integers below every root."""
    try:
        ball = enclose(f, point, 192)
    except NotEnclosed:
        return True
    if not ball.is_finite():
        return True
    return simplest(exact_end(ball.lower()), exact_end(ball.upper())).denominator < READABLE


def ends(f: sp.Expr, point: Point, bits: int = 192) -> tuple[Fraction, Fraction] | None:
    """Exact lower and upper bounds of f; None where it is undefined."""
    if (value := exact_value(f, point)) is not None:
        return value, value
    try:
        ball = enclose(f, point, bits)
    except NotEnclosed:
        return None
    return (exact_end(ball.lower()), exact_end(ball.upper())) if ball.is_finite() else None
