"""Make a confirmed witness fit to read: zeros, ones and small denominators where it stays one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy as sp

from numerics.falsify.confirm import Broken, broken, satisfies
from numerics.falsify.problem import Problem
from numerics.falsify.rationalise import floats, off_guards, pair_rows, rounded
from numerics.falsify.rationals import fraction, near, rational
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from theory import clock

CHECKS = 400  # simpler points tried; the clock is only a cap


def digits(point: Point) -> int:
    """How much there is to read in a point."""
    return sum(_cost(v) for v in point.values())


def shrink(
    problem: Problem, repairs: Repairs, point: Point, found: Broken, deadline: float
) -> tuple[Point, Broken]:
    """A simpler point that is still confirmed, in the time given."""
    changed, checks = True, 0
    while changed and checks < CHECKS and clock.now() < deadline:
        changed = False
        for trial in _simpler_points(problem, repairs, point):
            if checks >= CHECKS or clock.now() > deadline:
                break
            if digits(trial) >= digits(point):
                continue
            checks += 1
            if (hit := _still(problem, trial, found)) is not None:
                point, found, changed = trial, hit, True
                break
    return point, found


def _simpler_points(problem: Problem, repairs: Repairs, point: Point) -> Iterator[Point]:
    """Tight scalars, whole vectors and scales first, then one number at a time."""
    trial = dict(point)
    if repairs.tighten(trial, 0.05):
        yield trial
    for group in [*_groups(problem), list(problem.symbols)]:
        yield {**point, **{s: abs(point[s]) for s in group}}
        yield {**point, **{s: -point[s] for s in group}}
    for coarse in _coarser(problem, point):
        if repairs.tighten(coarse, 0.05):
            yield coarse
            yield from off_guards(problem, coarse)
    for rescaled in _rescaled(problem, point):
        for tight in (True, False):
            trial = dict(rescaled)
            if (repairs.tighten if tight else repairs.exact)(trial, 0.05):
                yield trial
    for symbol in sorted(problem.symbols, key=lambda s: -_cost(point[s])):
        for value in _simpler(point[symbol]):
            trial = {**point, symbol: value}
            yield dict(trial)
            if repairs.exact(trial, 0.05):
                yield trial


def _coarser(problem: Problem, point: Point) -> Iterator[Point]:
    """Everything rounded at once, a pair of points with its distance, also widened."""
    column = floats(problem, [point])[:, 0]
    first, second = pair_rows(problem)
    for factor in (1000, 100, 10, 1) if first else (1,):
        wide = column.copy()
        wide[second] = wide[first] + factor * (wide[second] - wide[first])
        for relative in (0.3, 0.1, 0.02):
            if (trial := rounded(problem, wide, relative, True)) is not None:
                yield trial


def _groups(problem: Problem) -> list[list[sp.Symbol]]:
    return [[problem.symbols[k] for k in rows] for rows in problem.vectors.values()]


def _rescaled(problem: Problem, point: Point) -> Iterator[Point]:
    pair = problem.partner or ("", "")
    together = [s for n in pair for k in problem.groups.get(n, ()) for s in [problem.symbols[k]]]
    for group in [together, *_groups(problem), *([problem.symbols[k]] for k in problem.scalars)]:
        tops = sorted({abs(point[s]) for s in group if point[s] != 0})
        for top in {*tops[:1], *tops[-1:]}:
            for size in (1, sp.Rational(1, 10), sp.Rational(1, 100), sp.Rational(1, 1000)):
                yield {**point, **{s: point[s] / top * size for s in group}}


def _still(problem: Problem, trial: Point, found: Broken) -> Broken | None:
    if not satisfies(problem, trial):
        return None
    hit = broken(problem, trial, 256)
    if hit is None or (hit.on_kink and not found.on_kink):
        return None
    return hit if hit.severity > found.severity / 4 else None


def _cost(value: sp.Rational) -> int:
    """Digits and signs to read; 0 costs nothing."""
    if value == 0:
        return 0
    return (
        int(value.p < 0) + len(str(abs(value.p))) + (2 * len(str(value.q)) if value.q != 1 else 0)
    )


def _simpler(value: sp.Rational) -> Iterator[sp.Rational]:
    exact = fraction(value)
    options = [Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2)]
    options += [near(float(exact), r) for r in (0.5, 0.2, 0.05, 0.01, 1e-3, 1e-6)]
    for option in options:
        candidate = rational(option)
        if _cost(candidate) < _cost(value):
            yield candidate
