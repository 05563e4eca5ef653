"""Is every symmetric matrix of an interval matrix positive definite?  By interval elimination.

.. math:: A = \\begin{pmatrix} p & b^\\top \\\\ b & C \\end{pmatrix} \\succ 0
          \\iff p > 0,\\; C - b b^\\top / p \\succ 0.
"""

from __future__ import annotations

from flint import fmpq

from numerics.certificates.arb.balls import Balls
from numerics.certificates.arb.intervals import Interval

Matrix = list[list[Interval]]


def definite(balls: Balls, matrix: Matrix) -> bool:
    """Whether all pivots are certainly positive."""
    while matrix:
        pivot = matrix[0][0]
        if not balls.positive(pivot):
            return False
        inverse = balls.power(fmpq(-1), (pivot,))
        if inverse is None:
            return False
        matrix = [
            [
                balls.minus(matrix[i][j], _update(balls, matrix, inverse, i, j))
                for j in _rest(matrix)
            ]
            for i in _rest(matrix)
        ]
    return True


def _rest(matrix: Matrix) -> range:
    return range(1, len(matrix))


def _update(balls: Balls, matrix: Matrix, inverse: Interval, i: int, j: int) -> Interval:
    if i == j:
        square = balls.power(fmpq(2), (matrix[0][i],))
        assert square is not None
        return balls.times(square, inverse)
    return balls.times(balls.times(matrix[0][i], matrix[0][j]), inverse)


def semidefinite(balls: Balls, matrix: Matrix) -> bool:
    """Positive semidefinite: rows of exact zeros are left out; one number may be 0."""
    kept = [i for i, row in enumerate(matrix) if not all(balls.is_zero(e) for e in row)]
    if len(kept) == 1 and balls.nonnegative(matrix[kept[0]][kept[0]]):
        return True
    return definite(balls, [[matrix[i][j] for j in kept] for i in kept])
