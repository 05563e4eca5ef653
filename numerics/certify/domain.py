"""The box that the hypotheses imply: outward rational bounds of every variable.

.. math:: \\|\\theta\\| \\le R(a),\\ a \\le 2 \\ \\Rightarrow\\ |\\theta_i| \\le \\sup R.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from numerics.certify.cases import Case
from numerics.certify.program import Unsupported
from theory.claims import Claim
from theory.coordinates import in_coordinates
from theory.enclosure import Range, range_of
from theory.enclosure import Unsupported as NoRange
from theory.scalars import Norm
from theory.vectors import Signs, Vector, split

Bounds = dict[str, list[Fraction | None]]  # [lower, upper]
ROUNDS, GRID = 10, 2**20  # irrational bounds go outwards to the next multiple of 1/GRID
SYMBOL_FACTS = {
    *("commutative", "complex", "finite", "hermitian", "imaginary", "infinite", "real"),
    *("extended_real", "extended_positive", "extended_negative", "extended_nonnegative"),
    *("extended_nonpositive", "extended_nonzero", "positive", "negative", "nonnegative"),
    *("nonpositive", "nonzero", "zero"),
}


def domain(claim: Claim, case: Case, usable: Iterable[Any]) -> list[tuple[Fraction, Fraction]]:
    """The intervals of ``case.variables``; Unsupported where one is unbounded or none."""
    bounds: Bounds = {name: [None, None] for name in case.variables}
    for name in case.nonnegative:
        bounds[name][0] = Fraction(0)
    for v in claim.free_variables:
        if isinstance(v, sp.Symbol) and v.name in bounds:
            _assume(v, bounds[v.name])
    relations = [r for g in usable for r in _relations(g)]
    for _ in range(ROUNDS):
        before = {name: list(pair) for name, pair in bounds.items()}
        for small, large in relations:
            _bound_above(small, large, bounds, case)
            _bound_below(small, large, bounds, case)
        if bounds == before:
            break
    return [_finished(name, *bounds[name]) for name in case.variables]


def _finished(name: str, lo: Fraction | None, hi: Fraction | None) -> tuple[Fraction, Fraction]:
    if lo is None or hi is None:
        raise Unsupported(f"the hypotheses leave {name} unbounded")
    if lo > hi:
        raise Unsupported(f"the hypotheses leave no value of {name}")
    return lo, hi


def _assume(symbol: sp.Symbol, pair: list[Fraction | None]) -> None:
    unknown = [
        fact
        for fact, value in symbol._assumptions_orig.items()
        if fact not in SYMBOL_FACTS and value is not None
    ]
    if unknown:
        raise Unsupported(f"the symbol {symbol} is assumed to be {unknown[0]}")
    if symbol.is_nonnegative:
        pair[0] = Fraction(0)
    if symbol.is_nonpositive:
        pair[1] = Fraction(0)


def _relations(g: Any) -> Iterator[tuple[Any, Any]]:
    """(small, large) for every inequality that a hypothesis contains."""
    if isinstance(g, sp.And):
        for part in g.args:
            yield from _relations(part)
    elif isinstance(g, Relational) and g.rel_op in ("<=", "<", "=="):
        yield g.lhs, g.rhs
        if g.rel_op == "==":
            yield g.rhs, g.lhs
    elif isinstance(g, Relational) and g.rel_op in (">=", ">"):
        yield g.rhs, g.lhs


def _bound_above(small: Any, large: Any, bounds: Bounds, case: Case) -> None:
    """symbol, |symbol|, ||vector|| or a square of one of them <= large."""
    square = small.is_Pow and small.exp == 2
    inner = small.base if square else small
    two_sided = square or isinstance(inner, Norm | sp.Abs)
    names = _bounded_names(inner.args[0] if isinstance(inner, sp.Abs) else inner, case)
    if not names or not set(names) & bounds.keys():
        return
    top = upper(sp.sqrt(large) if square else large, bounds, case)
    if top is None:
        return
    for name in names:
        if name in bounds:
            _lower_the_top(bounds[name], top)
            if two_sided:
                _raise_the_bottom(bounds[name], -top)


def _bounded_names(inner: Any, case: Case) -> list[str]:
    if isinstance(inner, sp.Symbol):
        return [inner.name]
    if isinstance(inner, Norm):
        pair = split(inner.vector)
        if pair and isinstance(pair[1], Vector) and not isinstance(pair[1], Signs) and pair[0] == 1:
            return [f"{pair[1].name}[{i + 1}]" for i in range(case.dimension)]
    return []


def _bound_below(small: Any, large: Any, bounds: Bounds, case: Case) -> None:
    if isinstance(large, sp.Symbol) and large.name in bounds:
        top = upper(-small, bounds, case)
        if top is not None:
            _raise_the_bottom(bounds[large.name], -top)


def _lower_the_top(pair: list[Fraction | None], top: Fraction) -> None:
    pair[1] = top if pair[1] is None else min(pair[1], top)


def _raise_the_bottom(pair: list[Fraction | None], bottom: Fraction) -> None:
    pair[0] = bottom if pair[0] is None else max(pair[0], bottom)


def upper(f: Any, bounds: Bounds, case: Case) -> Fraction | None:
    """A rational above f on the bounds so far; None where it may be unbounded."""
    f = in_coordinates(f, case.dimension)
    f = f.xreplace(
        {
            s: sp.Rational(v.numerator, v.denominator)
            for s in f.free_symbols
            if (v := case.fixed.get(s.name)) is not None
        }
    )
    if f.is_Rational:
        return Fraction(int(f.p), int(f.q))
    if not all(s.name in bounds for s in f.free_symbols):
        return None
    try:
        found = range_of(f, {s: _range(*bounds[s.name]) for s in f.free_symbols})
    except NoRange:
        return None
    return _outward(found)


def _range(lo: Fraction | None, hi: Fraction | None) -> Range:
    return Range() if lo is not None and hi is not None and lo > hi else Range(lo, hi)


def _outward(found: Range | None) -> Fraction | None:
    if found is None or not found.hi.is_finite():
        return None
    mantissa, exponent = found.hi.mid().man_exp()
    exact = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    if found.hi.is_exact() and exact.denominator <= GRID:
        return exact
    return Fraction(math.floor(exact * GRID) + 1, GRID)
