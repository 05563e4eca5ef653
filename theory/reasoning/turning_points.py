"""Exact candidates for the points where a one-variable function changes its sign."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sympy import Expr, Rational, S, Symbol, solve
from sympy.core.relational import Relational

COMMON = (S(0), S(1), S(-1), S(2), S(-2), Rational(1, 2), Rational(-1, 2))


def sign_changes(g: Expr, z: Symbol) -> tuple[Any, ...]:
    """Common points and solved roots; each is only a candidate until something is proved there."""
    roots: list[Any] = list(COMMON)
    with suppress(NotImplementedError, TypeError, ValueError):
        roots += [r for r in solve(g, z) if r.is_real and r.is_number]
    for relation in g.atoms(Relational):
        if relation.rhs.is_number:
            roots.append(relation.rhs)
    return tuple(dict.fromkeys(roots))
