"""Sparse nonnegative least squares, the guide of the search for exact multipliers.

.. math:: \\min_{x \\ge 0} \\lVert A x - b \\rVert_2

Lawson and Hanson's active set method in floating point; the columns it ends with are linearly
independent, so the exact multipliers follow from one linear system. Nothing here is trusted.
Source: Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence

from theory import clock

Column = Mapping[Hashable, float]

_TINY = 1e-10


def dot(a: Column, b: Column) -> float:
    """Inner product of sparse columns."""
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b[row] for row, value in a.items() if row in b)


class ActiveSet:
    """Independent columns with the Cholesky factor of their Gram matrix."""

    def __init__(self, columns: Sequence[Column], target: Column) -> None:
        self.columns, self.target = columns, target
        self.chosen: list[int] = []
        self.factor: list[list[float]] = []
        self.right: list[float] = []

    def append(self, j: int) -> bool:
        """Add a column unless it depends on the others."""
        column = self.columns[j]
        row: list[float] = []
        for k, other in enumerate(self.chosen):
            known = sum(x * y for x, y in zip(row, self.factor[k], strict=False))
            row.append((dot(column, self.columns[other]) - known) / self.factor[k][k])
        rest = dot(column, column) - sum(x * x for x in row)
        if rest < _TINY:
            return False
        self.factor.append([*row, math.sqrt(rest)])
        self.chosen.append(j)
        self.right.append(dot(column, self.target))
        return True

    def keep(self, wanted: set[int]) -> None:
        """Drop every column that is not wanted."""
        chosen, self.chosen, self.factor, self.right = self.chosen, [], [], []
        for j in chosen:
            if j in wanted:
                self.append(j)

    def solve(self) -> list[float]:
        """Least squares over the chosen columns, without sign."""
        y: list[float] = []
        for row, b in zip(self.factor, self.right, strict=True):
            y.append((b - sum(x * z for x, z in zip(row, y, strict=False))) / row[-1])
        x = [0.0] * len(y)
        for i in range(len(y) - 1, -1, -1):
            tail = sum(self.factor[k][i] * x[k] for k in range(i + 1, len(y)))
            x[i] = (y[i] - tail) / self.factor[i][i]
        return x


def support(
    columns: Sequence[Column], target: Column, deadline: float, tolerance: float = 1e-7
) -> list[int] | None:
    """Columns with a nonnegative combination near the target, or None."""
    active, values = ActiveSet(columns, target), dict[int, float]()
    banned: set[int] = set()
    while clock.now() < deadline:
        residual = _residual(columns, target, values)
        if math.sqrt(dot(residual, residual)) < tolerance:
            return [j for j in active.chosen if values.get(j, 0.0) > _TINY]
        best, gain = -1, 1e-9
        for j, column in enumerate(columns):
            if j not in values and j not in banned and (g := dot(column, residual)) > gain:
                best, gain = j, g
        if best < 0:
            return None
        if not active.append(best):
            banned.add(best)
            continue
        values[best] = 0.0
        if _descend(active, values, best):
            banned.clear()
        else:
            banned.add(best)
    return None


def _descend(active: ActiveSet, values: dict[int, float], new: int) -> bool:
    """Move to the least squares solution, dropping columns that reach zero on the way."""
    for _ in range(len(active.chosen) + 1):
        solution = dict(zip(active.chosen, active.solve(), strict=True))
        blocked = [j for j, z in solution.items() if z <= 0]
        if not blocked:
            values.clear()
            values.update(solution)
            return True
        if blocked == [new] and values[new] == 0.0:
            break
        moving = [j for j in blocked if values[j] > 0 or j != new]
        step = min(values[j] / (values[j] - solution[j]) for j in moving)
        for j, z in solution.items():
            values[j] += step * (z - values[j])
        kept = {j for j in solution if values[j] > _TINY}
        for j in set(values) - kept:
            del values[j]
        active.keep(kept)
        if new not in kept:
            return bool(kept)
    values.pop(new, None)
    active.keep(set(values))
    return False


def _residual(
    columns: Sequence[Column], target: Column, values: Mapping[int, float]
) -> dict[Hashable, float]:
    residual = dict(target)
    for j, x in values.items():
        for row, value in columns[j].items():
            residual[row] = residual.get(row, 0.0) - x * value
    return residual
