"""The value of an expression at a point, or None: SymPy raises where Max or Min meets zoo."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Pow, Symbol


def value_at(f: Expr, z: Symbol, point: Any) -> Expr | None:
    """f at z = point when that is known to be finite.

    >>> value_at(1 / Symbol("z"), Symbol("z"), 0) is None
    True
    """
    try:
        value = f.subs(z, point)
        return value if value.is_finite else None
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        return None


def divides_by_zero(f: Expr, z: Symbol, point: Any) -> bool:
    """Whether a denominator of f vanishes at the point, so that f is undefined there."""
    below = (p.base for p in f.atoms(Pow) if p.exp.is_negative and p.has(z))
    return any(value_at(b, z, point) == 0 for b in below)
