"""``pieces``: a function with folds, cut where they are rational, and free of them in between.

.. math:: |t - 1| + t^2 = (1 - t) + t^2 \\ (t < 1), \\qquad (t - 1) + t^2 \\ (t > 1).

A *switch* is what an Abs, Max, Min, sign, Heaviside or condition looks at.  A switch that is a
polynomial with rational coefficients has one sign between its roots, decided exactly; the others
stay as they are, and a caller has to deal with them.

    >>> from sympy import Abs
    >>> t = sp.Symbol("t", real=True)
    >>> [(piece.low, piece.high, piece.expr) for piece in pieces(Abs(t - 1), t)]
    [(None, 1, 1 - t), (1, None, t - 1)]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise

import sympy as sp
from sympy.core.relational import Relational


@dataclass(frozen=True)
class Piece:
    """The function on the open interval (low, high); ``None`` is unbounded."""

    low: sp.Rational | None
    high: sp.Rational | None
    expr: sp.Expr


def pieces(expr: sp.Expr, symbol: sp.Symbol) -> list[Piece]:
    """Pieces from left to right, without the folds whose side is decided."""
    switches = {p: None for s in _switches(expr, symbol) if (p := _polynomial(s, symbol))}
    roots = sorted({root for p in switches for root in p.ground_roots() if root.is_Rational})
    ends = [None, *roots, None]
    return [
        Piece(low, high, _resolved(expr, partial(_sign, symbol=symbol, low=low, high=high)))
        for low, high in pairwise(ends)
    ]


def _polynomial(switch: sp.Expr, symbol: sp.Symbol) -> sp.Poly | None:
    """The switch as a polynomial with rational coefficients, not constant; else None."""
    try:
        found = sp.Poly(switch, symbol)
    except sp.PolynomialError:
        return None
    return found if found.domain in (sp.ZZ, sp.QQ) and found.degree() > 0 else None


def _switches(expr: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """What the folds of the expression look at, those inside other folds included."""
    found: list[sp.Expr] = []
    for node in sp.preorder_traversal(expr):
        if isinstance(node, (sp.Abs, sp.sign, sp.Heaviside)):
            found.append(node.args[0])
        elif isinstance(node, (sp.Max, sp.Min)):
            found += [a - b for a, b in combinations(node.args, 2)]
        elif isinstance(node, Relational):
            found.append(node.lhs - node.rhs)
    nested = [s for s in found if s.has(sp.Abs, sp.Max, sp.Min, sp.Piecewise, sp.sign)]
    return found + [inner for s in nested for inner in _opened(s, symbol)]


def _opened(switch: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """A switch with folds inside: all that it can be on the pieces of those folds."""
    return [piece.expr for piece in pieces(switch, symbol) if piece.expr != switch]


def _sign(
    switch: sp.Expr, symbol: sp.Symbol, low: sp.Rational | None, high: sp.Rational | None
) -> int | None:
    """The one sign on the open interval, if there provably is one."""
    if switch.is_Rational:
        return int(sp.sign(switch))
    polynomial = _polynomial(switch, symbol)
    if polynomial is None:
        return None
    inside = polynomial.count_roots(low, high)
    inside -= sum(1 for end in (low, high) if end is not None and polynomial.eval(end) == 0)
    return int(sp.sign(polynomial.eval(_between(low, high)))) if inside == 0 else None


def _between(low: sp.Rational | None, high: sp.Rational | None) -> sp.Rational:
    if low is None:
        return sp.Integer(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


Side = Callable[[sp.Expr], int | None]


def _resolved(expr: sp.Basic, side: Side) -> sp.Basic:
    """The expression with every decided fold replaced, from the leaves up."""
    if not expr.args:
        return expr
    if isinstance(expr, sp.Piecewise):
        return _branches(expr, side)
    args = [_resolved(arg, side) for arg in expr.args]
    if isinstance(expr, (sp.Max, sp.Min)):
        return _extreme(expr.func, args, side)
    sign = side(args[0]) if isinstance(expr, (sp.Abs, sp.sign, sp.Heaviside)) else None
    if sign:
        return _on_side(expr, args[0], sign)
    return expr.func(*args) if tuple(args) != expr.args else expr


def _on_side(expr: sp.Expr, arg: sp.Expr, sign: int) -> sp.Expr:
    if isinstance(expr, sp.Abs):
        return arg if sign > 0 else -arg
    return sp.Integer(sign) if isinstance(expr, sp.sign) else sp.Integer(int(sign > 0))


def _extreme(func: type[sp.Basic], args: list[sp.Expr], side: Side) -> sp.Basic:
    """Max or Min without the arguments that another one certainly beats."""
    kept: list[sp.Expr] = []
    for arg in dict.fromkeys(args):
        better = {id(a): side(arg - a) for a in kept}
        wanted = 1 if func is sp.Max else -1
        if any(sign in (0, -wanted) for sign in better.values()):
            continue
        kept = [a for a in kept if better[id(a)] != wanted] + [arg]
    return kept[0] if len(kept) == 1 else func(*kept)


def _branches(expr: sp.Piecewise, side: Side) -> sp.Basic:
    """The first branch that holds, if those before it certainly do not."""
    left: list[tuple[sp.Basic, sp.Basic]] = []
    for value, condition in expr.args:
        truth = _truth(condition, side)
        if truth is False:
            continue
        left.append((_resolved(value, side), sp.true if truth else condition))
        if truth:
            break
    return left[0][0] if left and left[0][1] is sp.true else sp.Piecewise(*left, evaluate=False)


def _truth(condition: sp.Basic, side: Side) -> bool | None:
    if condition in (sp.true, sp.false):
        return condition is sp.true
    if isinstance(condition, sp.Not):
        inner = _truth(condition.args[0], side)
        return None if inner is None else not inner
    if isinstance(condition, (sp.And, sp.Or)):
        truths = [_truth(arg, side) for arg in condition.args]
        decisive = isinstance(condition, sp.Or)
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive
    if isinstance(condition, Relational):
        sign = side(_resolved(condition.lhs - condition.rhs, side))
        return None if sign is None else bool(condition.func(sp.Integer(sign), sp.Integer(0)))
    return None
