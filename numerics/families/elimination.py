r"""Linear equations with a negative definite matrix, in any numbers: floats or fractions.

.. math:: -M = L D L^\top,\ D > 0, \qquad x = M^{-1} b

Exact for ``Fraction``; all matrices here have a few rows.  Source: ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Number = Any  # float or Fraction
Row = Sequence[Number]


def solve_negative_definite(matrix: Sequence[Row], right: Row) -> list[Number] | None:
    """M^{-1} b for a symmetric M < 0, None for any other M.

    >>> from fractions import Fraction
    >>> solve_negative_definite([[Fraction(-2)]], [Fraction(1)])
    [Fraction(-1, 2)]
    >>> solve_negative_definite([[0.0]], [1.0]) is None
    True
    """
    rows = [[-a for a in row] + [-b] for row, b in zip(matrix, right, strict=True)]
    for k, pivot_row in enumerate(rows):
        if not pivot_row[k] > 0:
            return None
        for row in rows[k + 1 :]:
            factor = row[k] / pivot_row[k]
            for j in range(k, len(pivot_row)):
                row[j] = row[j] - factor * pivot_row[j]
    return _back(rows)


def _back(rows: list[list[Number]]) -> list[Number]:
    n = len(rows)
    out = [row[n] for row in rows]
    for k in reversed(range(n)):
        for j in range(k + 1, n):
            out[k] = out[k] - rows[k][j] * out[j]
        out[k] = out[k] / rows[k][k]
    return out


def dot(one: Row, two: Row) -> Number:
    """Sum of products."""
    return sum((a * b for a, b in zip(one, two, strict=True)), start=type(one[0])(0))


def times(matrix: Sequence[Row], vector: Row) -> list[Number]:
    """M v."""
    return [dot(row, vector) for row in matrix]
