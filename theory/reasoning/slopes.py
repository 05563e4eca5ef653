"""Slopes and kinks of one-variable functions, as the calculi need them.

.. math:: |g(z) - g(z')| \\le \\sup |g'|\\; |z - z'| \\text{ for a continuous, piecewise smooth } g.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Interval,
    Max,
    Min,
    Piecewise,
    Pow,
    S,
    Set,
    Symbol,
    exp,
    expand_mul,
    limit,
    log,
    oo,
)
from sympy.core.relational import Ge, Gt, Le, Lt, Relational

from theory.calculus import derivative
from theory.losses import tidy
from theory.reasoning import one_variable
from theory.reasoning.one_variable.changes import JUMPING
from theory.reasoning.one_variable.continuity import continuous_by_form
from theory.reasoning.values import divides_by_zero, value_at
from theory.scalars import variables


@lru_cache(maxsize=512)
def continuous(g: Expr, z: Symbol, domain: Set) -> bool:
    """Whether g is shown to have no jump in the domain, its closed ends included."""
    try:
        if one_variable.jumps(g, z, domain):
            return False
        return all(_continuous_at_end(g, z, domain, end) for end in _closed_ends(domain))
    except (one_variable.Undecided, ValueError, NotImplementedError, ArithmeticError):
        return continuous_by_form(g, z, domain)


def _closed_ends(domain: Any) -> list[Expr]:
    low = [domain.start] if domain.start.is_finite and not domain.left_open else []
    return low + ([domain.end] if domain.end.is_finite and not domain.right_open else [])


def _continuous_at_end(g: Expr, z: Symbol, domain: Any, end: Expr) -> bool:
    """By the limit of the piece next to it: SymPy's own takes the branch at the end for it."""
    if value_at(g, z, end) is None:
        return True  # no pair of the domain uses a point where g is undefined
    if not g.has(*JUMPING):
        return True  # a composition of functions without jumps, finite at the end
    return one_variable.continuous_at_end(g, z, domain, at_start=end == domain.start)


@lru_cache(maxsize=512)
def steepest(g: Expr, z: Symbol, domain: Set) -> Expr | None:
    """sup |g'| with a proof behind it, or None (infinite, discontinuous or not identified)."""
    if not continuous(g, z, domain):
        return None
    inside = Interval.open(domain.start, domain.end)
    slope = Abs(tidy(derivative(g, z, "almost everywhere"), z))
    found = one_variable.supremum(slope, z, inside)
    if found is None:
        return _bound_at_an_end(slope, z, inside)
    return None if found.value == oo else found.value


def _bound_at_an_end(size: Expr, z: Symbol, inside: Interval) -> Expr | None:
    """A limit of an algebraic size at an end of the domain, where it is proved to bound it."""
    if size.has(exp, log, Piecewise, Max, Min) or not size.has(Pow):
        return None
    for end, side in ((inside.end, "-"), (inside.start, "+")):
        try:
            top = limit(size, z, end, side)
        except (NotImplementedError, ValueError, TypeError):
            continue
        if not (top.is_number and top.is_finite and top.is_nonnegative):
            continue
        if one_variable.prove_nonnegative(top - size, z, inside) is not None:
            return top
    return None


@lru_cache(maxsize=512)
def largest(g: Expr, z: Symbol, domain: Set) -> Expr | None:
    """sup |g| where g is defined, or None (infinite or not identified)."""
    left = domain.left_open or divides_by_zero(g, z, domain.start)
    right = domain.right_open or divides_by_zero(g, z, domain.end)
    defined = Interval(domain.start, domain.end, left, right)
    found = one_variable.supremum(Abs(g), z, defined)
    return None if found is None or found.value == oo else found.value


@lru_cache(maxsize=512)
def kink_points(g: Expr, z: Symbol, domain: Set) -> tuple[Expr, ...] | None:
    """Every point where g is not differentiable, or None when the list is not complete."""
    try:
        found = one_variable.kinks(g, z, domain) + one_variable.jumps(g, z, domain)  # type: ignore[operator]
    except (one_variable.Undecided, ValueError, NotImplementedError, ArithmeticError):
        return None
    return tuple(k.at for k in found)


@lru_cache(maxsize=512)
def slope_at_start(g: Expr, z: Symbol, domain: Set) -> Expr | None:
    """g'(a) from the right at the closed end a, where g is continuous; None when not known."""
    from theory.reasoning.one_variable.pieces import pieces_of

    try:
        pieces = pieces_of(g, z, domain)
        if pieces.lo is None or not continuous(g, z, domain):
            return None
        found = pieces.all[0].limit(1, 1).exact if pieces.value(pieces.lo) else None
    except (*one_variable.proof.FAILURES, ValueError):
        return None
    return found if found is not None and found.is_finite else None


def domain_of(z: Any, given: Any) -> Interval | None:
    """The interval that assumptions and hypotheses cut out of the line; None when not one."""
    low, high = (S.Zero if z.is_nonnegative else -oo), (S.Zero if z.is_nonpositive else oo)
    left_open, right_open = bool(z.is_positive), bool(z.is_negative)
    for g in given:
        if not isinstance(g, Relational) or variables(g) != (z,):
            return None
        try:
            piece = g.as_set()
        except NotImplementedError:
            return None
        if not isinstance(piece, Interval):
            return None
        if piece.start > low or (piece.start == low and piece.left_open):
            low, left_open = piece.start, bool(piece.left_open)
        if piece.end < high or (piece.end == high and piece.right_open):
            high, right_open = piece.end, bool(piece.right_open)
    return Interval(low, high, left_open, right_open) if low < high else None


def hull_of(z: Any, given: Any) -> Interval:
    """An interval that contains the domain of the symbol, open where a hypothesis is strict."""
    hull = Interval(S.Zero if z.is_nonnegative else -oo, S.Zero if z.is_nonpositive else oo)
    for g in given:
        found = domain_of(z, [g]) if variables(g) == (z,) else None
        if found is not None:
            hull = hull.intersect(found)
    is_interval = isinstance(hull, Interval) and hull.start < hull.end
    return hull if is_interval else Interval(-oo, oo)


def range_of(inner: Expr, given: Any) -> Interval:
    """An interval that contains the values of a norm, or of another expression.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> range_of(a - b, [2 * b <= 2 * a - 6])
    Interval(3, oo)
    """
    mark = Dummy("r", real=True, nonnegative=inner.is_nonnegative)
    stated = [_about(inner, mark, g) for g in given]
    return hull_of(mark, [g for g in stated if variables(g) == (mark,)])


def _about(inner: Expr, mark: Dummy, g: Any) -> Any:
    """The hypothesis with the expression named: as written, or with all terms on one side."""
    named = g.xreplace({inner: mark})
    if not isinstance(g, Ge | Gt | Le | Lt) or variables(named) == (mark,):
        return named
    gap, part = expand_mul(g.gts - g.lts), expand_mul(inner)
    term = Add.make_args(part)[0]
    factor = gap.coeff(term) if term.is_number is False else S.Zero
    rest = expand_mul(gap - factor * part)
    if not (factor.is_number and factor.is_nonzero and rest.is_number):
        return named
    gap = factor * mark + rest
    return gap > 0 if isinstance(g, Gt | Lt) else gap >= 0
