"""Ball arithmetic for functions outside the towers: Taylor cells, touching points, tails.

Second choice of ``prove_nonnegative``: the compact part is covered by cells on which a Taylor form
has a sign, touching points by an exact zero and a derivative of constant sign, an unbounded part
by one evaluation on a wide ``Range``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.enclosure import Range, derivatives, enclose, is_exactly_zero, range_of
from theory.reasoning.one_variable.points import Deadline, Undecided, to_fraction

BITS = 106
MAX_CELLS = 3000
TAILS = tuple(Fraction(2) ** k for k in range(0, 16, 2))
Cell = tuple[Fraction, Fraction]


def prove_by_cells(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, strict: bool, deadline: Deadline
) -> Any:
    """f >= 0 (> 0) by enclosures, or ``None``; needs finite rational ends or provable tails."""
    from theory.reasoning.one_variable.proof import OneVariableProof

    f = sp.sympify(f)
    if f.free_symbols - {z}:
        return None
    ends = _compact_part(f, z, domain, strict)
    if ends is None:
        return None
    (lo, hi), tails = ends
    touching = [] if strict else list(_touching(f, z, (lo, hi)))
    cells, todo = 0, _outside(touching, (lo, hi))
    while todo:
        deadline.check()
        cell = todo.pop()
        if not _cell_holds(f, z, cell, strict):
            if cells + len(todo) > MAX_CELLS or cell[1] - cell[0] < Fraction(1, 2**40):
                return None
            middle = (cell[0] + cell[1]) / 2
            todo += [(cell[0], middle), (middle, cell[1])]
            continue
        cells += 1
    steps = (
        *(f"on {tail} a wide enclosure has the sign" for tail in tails),
        *(
            f"on [{a}, {b}] the function has an exact zero at {c} of order {k} and a derivative of "
            "constant sign"
            for (a, b), c, k in touching
        ),
        f"the rest of [{lo}, {hi}] is covered by {cells} cells with Taylor enclosures",
    )
    data = {
        "function": str(f),
        "domain": str(domain),
        "strict": strict,
        "tails": list(tails),
        "compact": [str(lo), str(hi)],
        "cells": cells,
        "touching": [[str(a), str(b), str(c), k] for (a, b), c, k in touching],
    }
    return OneVariableProof("cells", steps, data)


def _compact_part(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, strict: bool
) -> tuple[Cell, list[str]] | None:
    """The part that cells must cover (outward when an end is irrational) and the proven tails."""
    ends, tails = [], []
    for end, side in ((domain.start, -1), (domain.end, 1)):
        if end.is_infinite:
            cut = _tail(f, z, side, strict, domain)
            if cut is None:
                return None
            tails.append(f"[{cut}, oo)" if side > 0 else f"(-oo, {cut}]")
            ends.append(cut)
        else:
            ends.append(_outward(end, side))
    return (ends[0], ends[1]), tails


def _outward(end: sp.Expr, side: int) -> Fraction:
    if end.is_Rational:
        return Fraction(int(end.p), int(end.q))
    ball = enclose(end, {}, BITS)
    return to_fraction(ball.upper() if side > 0 else ball.lower())


def _tail(
    f: sp.Expr, z: sp.Symbol, side: int, strict: bool, domain: sp.Interval
) -> Fraction | None:
    for size in TAILS:
        cut = side * size
        inside = domain.contains(sp.Rational(cut.numerator, cut.denominator))
        wide = Range(cut, None) if side > 0 else Range(None, cut)
        value = range_of(f, {z: wide}, BITS) if inside == sp.true else None
        if value is not None and (value.lo > 0 if strict else value.lo >= 0):
            return cut
    return None


def _ball(cell: Cell) -> arb:
    return _exact(cell[0]).union(_exact(cell[1]))


def _exact(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _cell_holds(f: sp.Expr, z: sp.Symbol, cell: Cell, strict: bool) -> bool:
    with ctx.workprec(BITS):
        wide = _ball(cell)
        value = enclose(f, {z: wide}, BITS)
        if value > 0 or (not strict and value >= 0):
            return True
        taylor = derivatives(f, z, wide, 2, BITS)
        middle = (cell[0] + cell[1]) / 2
        inner = derivatives(f, z, _exact(middle), 1, BITS)
        if taylor is None or inner is None:
            return False
        step = wide - _exact(middle)
        square = arb(0).union(step.abs_upper() ** 2)
        form = inner[0] + inner[1] * step + taylor[2] * square / 2
        return bool(form > 0) or (not strict and bool(form >= 0))


def _candidates(f: sp.Expr, z: sp.Symbol, cell: Cell) -> Iterator[Fraction]:
    """Simple rationals where f might vanish; the exact test decides."""
    seen = {cell[0], cell[1], *(Fraction(k, 2) for k in range(-6, 7))}
    for x in sorted(seen):
        if cell[0] <= x <= cell[1]:
            value = enclose(f, {z: x}, BITS)
            if value.is_finite() and value.contains(0):
                yield x


def _touching(f: sp.Expr, z: sp.Symbol, cell: Cell) -> Iterator[tuple[Cell, Fraction, int]]:
    for c in _candidates(f, z, cell):
        order = _order_of_zero(f, z, c)
        if order is None:
            continue
        for k in range(12):
            width = Fraction(1, 2**k)
            part = (max(cell[0], c - width), min(cell[1], c + width))
            if _leaves_upwards(f, z, c, order, part):
                yield part, c, order
                break


def _order_of_zero(f: sp.Expr, z: sp.Symbol, c: Fraction) -> int | None:
    """The first derivative that is not 0 at c; the ones below are 0 by exact algebra."""
    at, derivative = sp.Rational(c.numerator, c.denominator), f
    for order in range(5):
        value = derivative.subs(z, at)
        if not enclose(value, {}, BITS).is_finite():
            return None
        zero = is_exactly_zero(value)
        if zero is not True:
            return order if zero is False and order else None
        derivative = sp.diff(derivative, z)
    return None


def _leaves_upwards(f: sp.Expr, z: sp.Symbol, c: Fraction, order: int, part: Cell) -> bool:
    found = derivatives(f, z, _ball(part), order, BITS)
    if found is None:
        return False
    top = found[order]
    if order % 2 == 0:
        return bool(top >= 0)
    if part[0] == c:
        return bool(top >= 0)
    return part[1] == c and bool(top <= 0)


def _outside(touching: list[tuple[Cell, Fraction, int]], cell: Cell) -> list[Cell]:
    """The cell minus the proven neighbourhoods."""
    rest, start = [], cell[0]
    for (a, b), _, _ in touching:
        if start < a:
            rest.append((start, a))
        start = max(start, b)
    return rest + ([(start, cell[1])] if start < cell[1] else [])


def sample_points(domain: sp.Interval) -> list[Fraction]:
    """Rationals that spread over the domain: dense near 0 and the ends, out to 10**6."""
    sizes = [Fraction(n, 8) * Fraction(10) ** k for k in range(-6, 6) for n in range(3, 27)]
    if domain.start.is_infinite and domain.end.is_infinite:
        return sorted([-x for x in sizes] + [Fraction(0)] + sizes)
    if domain.end.is_infinite:
        start = _outward(domain.start, -1)
        return sorted(start + x for x in sizes)
    if domain.start.is_infinite:
        end = _outward(domain.end, 1)
        return sorted(end - x for x in sizes)
    a, b = _outward(domain.start, -1), _outward(domain.end, 1)
    inner = [a + (b - a) * Fraction(k, 257) for k in range(1, 257)]
    near = [(b - a) / Fraction(10) ** k for k in range(3, 9)]
    return sorted(inner + [a + x for x in near] + [b - x for x in near])


def numerical_maximum(f: sp.Expr, z: sp.Symbol, domain: sp.Interval) -> arb | None:
    """The largest value met by sampling and local search: an estimate, never a bound."""
    from theory.reasoning.one_variable.refute import local_minimum

    try:
        found = local_minimum(-f, z, domain)
    except Undecided:
        return None
    return None if found is None else enclose(f, {z: found}, BITS)
