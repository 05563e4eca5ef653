"""Bounds of the norms of a variable that hypotheses state or imply.

.. math:: \\langle\\theta, a\\rangle \\ge c > 0 \\Rightarrow \\|\\theta\\| \\ge c/\\|a\\|.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from sympy import Add, Eq, Expr, S, fraction, oo
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.reasoning.composites import depends
from theory.scalars import Dot, Norm, norm, variables
from theory.vectors import ones


def lower_bounds(n: Norm, given: Any) -> Iterator[Expr]:
    """Expressions c, free of the variables of n, that may satisfy ||v||_p >= c; to be proved."""
    for g in given:
        if isinstance(g, Ge | Gt | Le | Lt):
            big, small = g.gts, g.lts
            yield from _from_norm(n, big, small, _root_of_dimension(given))
            yield from _from_dot(n, big, small)


def _root_of_dimension(given: Any) -> Expr:
    """sqrt(d), or the largest value of it that a hypothesis allows."""
    root = norm(ones())
    tops = [g.gts for g in given if isinstance(g, Ge | Le) and g.lts == root]
    tops += [g.rhs for g in given if isinstance(g, Eq) and g.lhs == root]
    return min(tops) if tops and all(t.is_number for t in tops) else root


def _from_norm(n: Norm, big: Expr, small: Expr, root: Expr) -> Iterator[Expr]:
    for m in big.atoms(Norm):
        if m.vector == n.vector and not _shared(small, n):
            c = big.coeff(m)
            if c.is_positive and big == c * m:
                gap = 0 if n.p == m.p else _exponent(n.p) - _exponent(m.p)
                scale = root ** (2 * gap) if gap < 0 else S.One
                yield small / c * scale
        if big == m**2 and m == n:
            yield small ** (S.One / 2)


def _exponent(p: Expr) -> Expr:
    return S.Zero if p == oo else 1 / p


def _from_dot(n: Norm, big: Expr, small: Expr) -> Iterator[Expr]:
    for d in big.atoms(Dot):
        others = [a for a in d.args if a != n.vector]
        factor = big.coeff(d)
        if len(others) == 1 and not _shared(small, n) and big == factor * d:
            yield small / (abs(factor) * norm(others[0]))


def upper_bounds(n: Norm, given: Any) -> Iterator[Expr]:
    """Expressions c, free of the variables of n, that may satisfy ||v||_p <= c."""
    for g in given:
        if isinstance(g, Le | Lt | Ge | Gt):
            small, big = g.lts, g.gts
            if small == n and not _shared(big, n):
                yield big


def _shared(e: Expr, n: Norm) -> bool:
    return bool(set(variables(e)) & set(variables(n.vector)))


def finite_bounds(value: Expr, moving: set[Any], given: Any) -> Iterator[Expr]:
    """Candidates for a finite bound of ``value`` free of the moving variables; to be proved.

    Each norm of a moving variable is replaced by a lower bound where it divides and by an upper
    bound where it multiplies.
    """
    if not any(depends(value, v) for v in moving):
        yield value
        return
    norms = [n for n in value.atoms(Norm) if any(depends(n, v) for v in moving)]
    yield from _by_parts(value, norms, moving, given)
    choices = [[*lower_bounds(n, given), *upper_bounds(n, given)] for n in norms]
    for combo in product(*(c[:4] for c in choices)):
        candidate = replaced(value, dict(zip(norms, combo, strict=True)))
        if _usable(candidate, moving):
            yield candidate


def replaced(e: Expr, rules: dict[Any, Any]) -> Expr:
    """e with its norms replaced; infinite where a denominator becomes 0."""
    try:
        found = e.xreplace(rules)
    except (TypeError, ValueError):
        return oo
    return oo if found.has(S.NaN, S.ComplexInfinity) else found


def _by_parts(value: Expr, norms: list[Any], moving: set[Any], given: Any) -> Iterator[Expr]:
    """Upper bounds in numerators, lower bounds in denominators, term by term."""
    low = {n: next(lower_bounds(n, given), n) for n in norms}
    high = {n: next(upper_bounds(n, given), n) for n in norms}
    terms = (fraction(term) for term in Add.make_args(value))
    candidate = Add(*(replaced(top, high) / replaced(bottom, low) for top, bottom in terms))
    if _usable(candidate, moving):
        yield candidate


def _usable(candidate: Expr, moving: set[Any]) -> bool:
    """Finite, and free of the moving variables."""
    infinite = candidate.has(S.NaN, S.ComplexInfinity, oo)
    return not infinite and not any(depends(candidate, v) for v in moving)
