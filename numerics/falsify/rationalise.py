"""From a column of floats to exact points nearby: simplest rationals first, exact floats last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from numerics.falsify.problem import Problem
from numerics.falsify.rationals import near, rational
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.tape import Array

LEVELS = (0.3, 0.1, 0.02, 1e-3, 1e-5, 1e-8, 1e-12, 0.0)


def exact_points(
    problem: Problem, repairs: Repairs, columns: Array, levels: tuple[float, ...] = LEVELS
) -> Iterator[Point]:
    """Exact points near each column, coarse levels first over all columns, hypotheses mended."""
    for relative in levels:
        for k in range(columns.shape[1]):
            for snap in (True, False) if 0 < relative < 1e-4 else (True,):
                point = _point(problem, columns[:, k], relative, snap)
                if point is None or not repairs.exact(point, relative):
                    continue
                yield point
                if (beside := _off_zero(problem, point)) is not None:
                    yield beside


def _point(problem: Problem, column: Array, relative: float, snap: bool) -> Point | None:
    if not np.isfinite(column).all():
        return None
    values = [rational(near(float(v), relative)) for v in column]
    for rows in problem.vectors.values():
        _round_vector(values, column, list(rows), relative, snap)
    first, second = _pair_rows(problem)
    for a, b in zip(first, second, strict=True):
        gap = float(column[b] - column[a])
        widest = max(abs(float(column[j] - column[i])) for i, j in zip(first, second, strict=True))
        small = abs(gap) <= relative * widest if snap else gap == 0
        values[b] = values[a] + (0 if small else rational(near(gap, relative)))
    for k, symbol in enumerate(problem.symbols):
        if symbol.is_integer:
            values[k] = rational(round(float(column[k])))
    return dict(zip(problem.symbols, values, strict=True))


def _off_zero(problem: Problem, point: Point) -> Point | None:
    """The pair moved off theta_i = 0, where sign(theta_i) is a convention, by little."""
    ends = [[problem.symbols[k] for k in rows] for rows in _pair_rows(problem)]
    zeros = [s for end in ends for s in end if point[s] == 0]
    if not zeros or not any(g.guards for g in problem.goals):
        return None
    gap = max(abs(point[b] - point[a]) for a, b in zip(*ends, strict=True))
    step = rational(near(float(gap) / 1000, 0.3))
    first = set(ends[0])
    return {**point, **{s: step if s in first else -step for s in zeros}}


def _round_vector(
    values: list, column: Array, rows: list[int], relative: float, snap: bool
) -> None:
    top = float(np.abs(column[rows]).max())
    for k in rows:
        if snap and abs(column[k]) <= min(relative, 1e-3) * top:
            values[k] = rational(0)


def _pair_rows(problem: Problem) -> tuple[list[int], list[int]]:
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
