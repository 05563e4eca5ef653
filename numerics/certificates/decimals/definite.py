"""Matrices of intervals: positive definiteness and a bound on the spectral norm.

.. math:: M = L D L^\\top,\\ D > 0 \\implies M \\succ 0, \\qquad
          \\ell^2 I - J^\\top J \\succ 0 \\implies \\|J\\|_2 < \\ell.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from numerics.certificates.decimals.intervals import Interval, Intervals, Undefined

Matrix = Sequence[Sequence[Interval]]


def positive_definite(r: Intervals, matrix: Matrix) -> bool:
    """Whether every symmetric matrix in the enclosure has positive pivots."""
    rows = [list(row) for row in matrix]
    n = len(rows)
    try:
        for k in range(n):
            if rows[k][k][0] <= r.zero:
                return False
            for i in range(k + 1, n):
                factor = r.div(rows[i][k], rows[k][k])
                for j in range(k + 1, i + 1):
                    rows[i][j] = r.sub(rows[i][j], _product(r, factor, rows, i, j, k))
    except (Undefined, ArithmeticError):
        return False
    return True


def _product(r: Intervals, factor: Interval, rows: Matrix, i: int, j: int, k: int) -> Interval:
    """The update of entry (i, j); on the diagonal a square over the pivot, never negative."""
    if i == j:
        return r.div(r.powi(rows[i][k], 2), rows[k][k])
    return r.mul(factor, rows[j][k])


def shifted(r: Intervals, matrix: Matrix, shift: Interval, sign: int) -> Matrix:
    """shift I + sign M."""
    flipped = [[e if sign > 0 else r.neg(e) for e in row] for row in matrix]
    return [
        [r.add(shift, e) if i == j else e for j, e in enumerate(row)]
        for i, row in enumerate(flipped)
    ]


def frobenius(r: Intervals, matrix: Matrix) -> Interval:
    """The root of the sum of squares, which bounds the spectral norm."""
    return r.norm([e for row in matrix for e in row], Fraction(2))


def norm_at_most(r: Intervals, jacobian: Matrix, bound: Interval) -> bool:
    """Whether every matrix in the enclosure has spectral norm at most the bound."""
    if bound[0] <= r.zero:
        return False
    try:
        if frobenius(r, jacobian)[1] <= bound[0]:
            return True
        if len(jacobian) == 1:
            return False
        square = (r.powi(bound, 2)[0],) * 2
        return positive_definite(r, shifted(r, _gram(r, jacobian), square, -1))
    except (Undefined, ArithmeticError):
        return False


def _gram(r: Intervals, jacobian: Matrix) -> Matrix:
    """J^T J."""
    columns = list(zip(*jacobian, strict=True))
    return [[_inner(r, a, b) for b in columns] for a in columns]


def _inner(r: Intervals, a: Sequence[Interval], b: Sequence[Interval]) -> Interval:
    if a is b:
        return r.sum([r.powi(x, 2) for x in a])
    return r.sum([r.mul(x, y) for x, y in zip(a, b, strict=True)])
