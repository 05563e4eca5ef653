r"""Two real unknowns of which only the difference, or the ratio, matters.

.. math:: \log(e^a + e^b) = a + \log(1 + e^t),\quad \max(a, b) = a + \max(0, t)
          \quad\text{for } b = a + t; \qquad
          s^w\, t^{1-w} = t\, r^w \quad\text{for } s = r\,t.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Max, Min, Mul, Pow, S, Symbol, exp, log

Weighted = tuple[Expr, Expr]


def shifted(e: Expr, a: Symbol) -> Weighted | None:
    """(c, r) with e = c a + r, where r does not contain a; None when no rule applies.

    >>> from sympy import symbols
    >>> a, t = symbols("a t", real=True)
    >>> shifted(log(exp(a) + exp(a + t)), a)
    (1, log(exp(t) + 1))
    """
    if not e.has(a):
        return S.Zero, e
    if e == a:
        return S.One, S.Zero
    if e.is_Add:
        return _sum([shifted(t, a) for t in Add.make_args(e)])
    if e.is_Mul:
        k, rest = e.as_coeff_Mul()
        inner = shifted(rest, a) if k != 1 else None
        return None if inner is None else (k * inner[0], k * inner[1])
    if isinstance(e, Max | Min):
        return _extremum(e, [shifted(t, a) for t in e.args])
    if isinstance(e, log) and len(e.args) == 1:
        return scaled(e.args[0], a, as_logarithm=True)
    return None


def scaled(e: Expr, a: Symbol, as_logarithm: bool = False) -> Weighted | None:
    """(c, r) with e = exp(c a) r, or with log e = c a + log r; r does not contain a."""
    found = _scaled(e, a)
    if found is None or not as_logarithm:
        return found
    return found[0], log(found[1])


def _scaled(e: Expr, a: Symbol) -> Weighted | None:
    if not e.has(a):
        return S.Zero, e
    if isinstance(e, exp):
        inner = shifted(e.args[0], a)
        return None if inner is None else (inner[0], exp(inner[1]))
    if e.is_Add:
        parts = [_scaled(t, a) for t in Add.make_args(e)]
        known = [p for p in parts if p is not None]
        if len(known) < len(parts) or len({c for c, _ in known}) > 1:
            return None
        return known[0][0], Add(*(r for _, r in known))
    if e.is_Mul:
        known = [p for p in (_scaled(t, a) for t in e.args) if p is not None]
        if len(known) < len(e.args):
            return None
        return Add(*(c for c, _ in known)), Mul(*(r for _, r in known))
    if isinstance(e, Pow) and e.exp.is_Integer:
        inner = _scaled(e.base, a)
        return None if inner is None else (e.exp * inner[0], inner[1] ** e.exp)
    return None


def _sum(parts: list[Weighted | None]) -> Weighted | None:
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    return Add(*(c for c, _ in known)), Add(*(r for _, r in known))


def _extremum(e: Any, parts: list[Weighted | None]) -> Weighted | None:
    known = [p for p in parts if p is not None]
    if len(known) < len(parts) or len({c for c, _ in known}) > 1:
        return None
    return known[0][0], e.func(*(r for _, r in known))
