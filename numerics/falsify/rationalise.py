"""From a column of floats to exact points nearby: simplest rationals first, exact floats last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from numerics.falsify.problem import Problem
from numerics.falsify.rationals import near, rational
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.tape import Array, longdouble

LEVELS = (0.3, 0.1, 0.02, 1e-3, 1e-5, 1e-8, 1e-12, 0.0)


def exact_points(
    problem: Problem, repairs: Repairs, columns: Array, levels: tuple[float, ...] = LEVELS
) -> Iterator[Point]:
    """Exact points near each column, coarse levels first over all columns, hypotheses mended."""
    for relative in levels:
        for k in range(columns.shape[1]):
            for snap in (True, False) if 0 < relative < 1e-4 else (True,):
                point = rounded(problem, columns[:, k], relative, snap)
                if point is not None and repairs.exact(point, relative):
                    yield point


def rounded(problem: Problem, column: Array, relative: float, snap: bool) -> Point | None:
    """Simplest rationals near a column; the second point by its distance from the first."""
    if not np.isfinite(column).all():
        return None
    values = [rational(near(float(v), relative)) for v in column]
    for rows in problem.vectors.values():
        _round_vector(values, column, list(rows), relative, snap)
    first, second = pair_rows(problem)
    for a, b in zip(first, second, strict=True):
        gap = float(column[b] - column[a])
        widest = max(abs(float(column[j] - column[i])) for i, j in zip(first, second, strict=True))
        small = abs(gap) <= relative * widest if snap else gap == 0
        values[b] = values[a] + (0 if small else rational(near(gap, relative)))
    for k, symbol in enumerate(problem.symbols):
        if symbol.is_integer:
            values[k] = rational(round(float(column[k])))
    return dict(zip(problem.symbols, values, strict=True))


def off_guards(problem: Problem, point: Point) -> Iterator[Point]:
    """The pair moved a little off its kinks, to either side: ties and zeros are undone."""
    first, second = ([problem.symbols[k] for k in rows] for rows in pair_rows(problem))
    if not first:
        return
    gap = max(abs(point[b] - point[a]) for a, b in zip(first, second, strict=True))
    step = rational(near(float(gap) / 1000, 0.3))
    for side in (1, -1):
        moves = {a: side * (k + 1) * step for k, a in enumerate(first)}
        moves |= {b: -side * (k + 1) * step for k, b in enumerate(second)}
        yield {**point, **{s: point[s] + m for s, m in moves.items()}}


def _round_vector(
    values: list, column: Array, rows: list[int], relative: float, snap: bool
) -> None:
    top = float(np.abs(column[rows]).max())
    for k in rows:
        if snap and abs(column[k]) <= min(relative, 1e-3) * top:
            values[k] = rational(0)


def pair_rows(problem: Problem) -> tuple[list[int], list[int]]:
    """The rows of the two points of a pair statement; empty lists where there is one point."""
    if problem.partner is None:
        return [], []
    rows = []
    for name in problem.partner:
        if name in problem.groups:
            rows.append(list(problem.groups[name]))
        else:
            rows.append([k for k, s in enumerate(problem.symbols) if s.name == name])
    return rows[0], rows[1]


def floats(problem: Problem, points: list[Point]) -> Array:
    """Exact points as columns of floats."""
    return np.array([[float(p[s]) for p in points] for s in problem.symbols]).reshape(
        len(problem.symbols), len(points)
    )


def long_floats(problem: Problem, points: list[Point]) -> Array:
    """Exact points as columns of longdouble."""
    rows = [[longdouble(p[s]) for p in points] for s in problem.symbols]
    return np.array(rows, dtype=np.longdouble).reshape(len(problem.symbols), len(points))
