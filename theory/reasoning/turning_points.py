"""Exact candidates for the points where a one-variable function changes its sign."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Rational, S, Symbol, solve
from sympy.core.relational import Relational

COMMON = tuple(S(k) for k in (0, 1, -1, 2, -2)) + (Rational(1, 2), Rational(-1, 2))


def sign_changes(g: Expr, z: Symbol) -> tuple[Any, ...]:
    """Common points and solved roots; each is only a candidate until something is proved there."""
    roots: list[Any] = [p for p in COMMON]
    try:
        roots += [r for r in solve(g, z) if r.is_real and r.is_number]
    except (NotImplementedError, TypeError, ValueError):
        pass
    for relation in g.atoms(Relational):
        if relation.rhs.is_number:
            roots.append(relation.rhs)
    return tuple(dict.fromkeys(roots))
