"""Where a formula has kinks and jumps: scalars whose zeros are those places.

|g| and Max(a, b) bend at g = 0 and a = b; sign(g) and the pieces of Piecewise jump there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import enclose


def jumps(exprs: Iterable[Any], symbols: Iterable[sp.Symbol] | None = None) -> tuple[Any, ...]:
    """Zeros of these scalars contain every jump of the expressions."""
    found: dict[Any, None] = {}
    for f in exprs:
        for atom in f.atoms(sp.sign, sp.Heaviside):
            found[atom.args[0]] = None
        for piece in f.atoms(sp.Piecewise):
            found.update(dict.fromkeys(_borders(piece)))
    return _that_depend(found, symbols)


def kinks(exprs: Iterable[Any], symbols: Iterable[sp.Symbol] | None = None) -> tuple[Any, ...]:
    """Zeros of these scalars contain every kink and jump of the expressions."""
    exprs = tuple(exprs)
    found: dict[Any, None] = dict.fromkeys(jumps(exprs))
    for f in exprs:
        for atom in f.atoms(sp.Abs):
            found[atom.args[0]] = None
        for m in f.atoms(sp.Max, sp.Min):
            found.update(dict.fromkeys(_ties(m)))
    return _that_depend(found, symbols)


def ends_of_domains(exprs: Iterable[Any], symbols: Iterable[sp.Symbol]) -> tuple[Any, ...]:
    """Zeros of these scalars contain the places where logarithms, roots and quotients end."""
    found: dict[Any, None] = {}
    for f in exprs:
        found.update((a.args[0], None) for a in f.atoms(sp.log))
        found.update((1 - a.args[0] ** 2, None) for a in f.atoms(sp.asin, sp.acos, sp.atanh))
        powers = (a for a in f.atoms(sp.Pow) if not (a.exp.is_Integer and a.exp > 0))
        found.update((a.base, None) for a in powers if a.base is not sp.E)
        found.update((r.lhs - r.rhs, None) for r in f.atoms(Relational))
    return _that_depend(found, symbols)


def _ties(m: Any) -> list[sp.Expr]:
    return [a - b for a, b in combinations(m.args, 2)]


def _borders(piece: sp.Piecewise) -> list[sp.Expr]:
    """lhs - rhs of each condition; a = Max(a, ...) switches where the arguments of Max tie."""
    result: list[sp.Expr] = []
    for _, condition in piece.args:
        for r in condition.atoms(Relational):
            tops = [m for m in r.args if isinstance(m, sp.Max)]
            result += _ties(tops[0]) if tops and r.rel_op == "==" else [r.lhs - r.rhs]
    return result


def _that_depend(found: Iterable[Any], symbols: Iterable[sp.Symbol] | None) -> tuple[Any, ...]:
    chosen = None if symbols is None else set(symbols)
    return tuple(g for g in found if g.free_symbols and (chosen is None or g.free_symbols & chosen))


def all_nonzero(scalars: Iterable[sp.Expr], values: Mapping[sp.Symbol, Any]) -> bool:
    """Whether balls exclude zero from every scalar."""
    return all(_nonzero(g, values) for g in scalars)


def _nonzero(g: sp.Expr, values: Mapping[sp.Symbol, Any]) -> bool:
    for bits in (64, 256, 1024):
        try:
            ball = enclose(g, values, bits)
        except NotEnclosed:
            return False
        if ball.is_finite() and not ball.contains(0):
            return True
    return False
