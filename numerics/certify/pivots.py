"""Positive definiteness of interval matrices, by the pivots of L D L^T.

.. math:: G = L D L^\\top, \\qquad D_{jj} = G_{jj} - \\sum_{k<j} L_{jk}^2 D_{kk} > 0.
"""

from __future__ import annotations

from typing import Any


def pivots(a: Any, matrix: list[list[Any]]) -> list[Any]:
    """The diagonal of D for a symmetric matrix given by its lower triangle."""
    rest = [list(row) for row in matrix]
    size = len(rest)
    found = []
    for k in range(size):
        pivot = rest[k][k]
        found.append(pivot)
        inverse = a.integer_power(pivot, -1)
        for i in range(k + 1, size):
            factor = a.mul(rest[i][k], inverse)
            for j in range(k + 1, i + 1):
                step = a.mul(factor, rest[j][k]) if i != j else _square_over(a, rest[i][k], inverse)
                rest[i][j] = a.add(rest[i][j], a.neg(step))
    return found


def _square_over(a: Any, x: Any, inverse: Any) -> Any:
    return a.mul(a.integer_power(x, 2), inverse)


def gram(a: Any, rows: list[list[Any]], bound: Any) -> list[list[Any]]:
    """The lower triangle of bound^2 I - J^T J for J given by its rows."""
    size = len(rows[0])
    square = a.integer_power(bound, 2)
    result = []
    for i in range(size):
        line = []
        for j in range(i + 1):
            entry = _inner(a, [r[i] for r in rows], [r[j] for r in rows])
            line.append(a.add(square, a.neg(entry)) if i == j else a.neg(entry))
        result.append(line)
    return result


def below(a: Any, matrix: list[list[Any]], bound: Any, sign: int) -> list[list[Any]]:
    """The lower triangle of bound I - sign H for a symmetric H."""
    triangle = [row[: i + 1] for i, row in enumerate(matrix)]
    if sign == 1:
        triangle = [[a.neg(x) for x in row] for row in triangle]
    return [[*row[:-1], a.add(bound, row[-1])] for row in triangle]


def _inner(a: Any, u: list[Any], v: list[Any]) -> Any:
    total: Any = None
    for k, (x, y) in enumerate(zip(u, v, strict=True)):
        term = a.integer_power(x, 2) if x is y else a.mul(x, y)
        total = term if k == 0 else a.add(total, term)
    return total
