"""Small matrices as lists of rows: products, inverses, definiteness with a witness.

.. math:: A \\succeq 0 \\quad\\text{or a rational } h \\text{ with } \\langle h, A h\\rangle < 0

Definiteness of a rational matrix is decided by exact elimination (L D L^T).
"""

from __future__ import annotations

from flint import arb, fmpq, fmpq_mat

from numerics.falsify.unknowns.numbers import (
    ONE,
    ZERO,
    Number,
    Undefined,
    at_most,
    is_exact,
    is_zero,
    largest,
    root,
)

Row = list[Number]
Matrix = list[Row]
STEPS = 80  # of bisection for an irrational norm


def unit_matrix(d: int) -> Matrix:
    return diagonal([ONE] * d)


def diagonal(entries: Row) -> Matrix:
    d = len(entries)
    return [[entries[i] if i == j else ZERO for j in range(d)] for i in range(d)]


def added(a: Matrix, b: Matrix, factor: Number = ONE) -> Matrix:
    """a + factor b."""
    return [[x + factor * y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]


def scaled(a: Matrix, factor: Number) -> Matrix:
    return [[factor * x for x in row] for row in a]


def transposed(a: Matrix) -> Matrix:
    return [list(column) for column in zip(*a, strict=True)]


def dotted(u: Row, v: Row) -> Number:
    return sum((x * y for x, y in zip(u, v, strict=True)), ZERO)


def applied(a: Matrix, v: Row) -> Row:
    return [dotted(row, v) for row in a]


def product(a: Matrix, b: Matrix) -> Matrix:
    columns = transposed(b)
    return [[dotted(row, column) for column in columns] for row in a]


def outer_product(u: Row, v: Row) -> Matrix:
    return [[x * y for y in v] for x in u]


def entries(a: Matrix) -> Row:
    return [x for row in a for x in row]


def inverted(a: Matrix) -> Matrix:
    if len(a) == 1:
        if is_zero(a[0][0]) is not False:
            raise Undefined("inverse of zero")
        return [[ONE / a[0][0]]]
    if not is_exact(*entries(a)):
        raise Undefined("inverse of a matrix that is not rational")
    try:
        found = fmpq_mat(a).inv()
    except ZeroDivisionError:
        raise Undefined("inverse of a singular matrix") from None
    d = len(a)
    return [[found[i, j] for j in range(d)] for i in range(d)]


def descent_direction(a: Matrix) -> Row | None:
    """h with <h, a h> < 0, or None where a >= 0; exact for rational matrices.

    >>> descent_direction([[fmpq(1), fmpq(2)], [fmpq(2), fmpq(1)]])
    [-2, 1]
    """
    if not is_exact(*entries(a)):
        return _descent_of_balls(a)
    return _eliminate(a)


def _eliminate(a: Matrix) -> Row | None:
    """Schur complements from the first row on; h is lifted back through the pivots."""
    d = len(a)
    if d == 0:
        return None
    pivot = a[0][0]
    if pivot < 0:
        return [ONE] + [ZERO] * (d - 1)
    coupled = next((j for j in range(1, d) if a[0][j] != 0), None)
    if pivot == 0:
        if coupled is not None:  # h = s e_0 + e_j: 2 s a_0j + a_jj < 0 for a suitable s
            s = -(abs(a[coupled][coupled]) + 1) / a[0][coupled]
            return [s] + [ONE if j == coupled else ZERO for j in range(1, d)]
        rest = _eliminate([row[1:] for row in a[1:]])
        return None if rest is None else [ZERO, *rest]
    schur = [[a[i][j] - a[i][0] * a[0][j] / pivot for j in range(1, d)] for i in range(1, d)]
    rest = _eliminate(schur)
    return None if rest is None else [-dotted(a[0][1:], rest) / pivot, *rest]


def _descent_of_balls(a: Matrix) -> Row | None:
    """The sign of a 1 x 1 ball, or some directions; Undefined where nothing is certain."""
    d = len(a)
    for h in directions(d):
        if dotted(h, applied(a, h)) < 0:
            return h
    certain = d == 1 and at_most(ZERO, a[0][0])
    diagonal_only = all(is_exact(a[i][j]) and a[i][j] == 0 for i in range(d) for j in range(i))
    if certain or (diagonal_only and all(at_most(ZERO, a[i][i]) for i in range(d))):
        return None
    raise Undefined("definiteness of a matrix of balls")


def directions(d: int) -> list[Row]:
    """Small rational directions: the axes first."""
    axes = unit_matrix(d)
    mixed = [
        [x + s * y for x, y in zip(axes[i], axes[j], strict=True)]
        for i in range(d)
        for j in range(i)
        for s in (ONE, -ONE)
    ]
    return [*axes, *mixed]


def semidefinite(a: Matrix) -> bool:
    """a >= 0; Undefined where that is not certain."""
    return descent_direction(a) is None


def definite(a: Matrix) -> bool:
    """a > 0, for rational or 1 x 1 matrices."""
    if len(a) == 1:
        return bool(a[0][0] > 0)
    if not is_exact(*entries(a)):
        raise Undefined("definiteness of a matrix of balls")
    return _eliminate(a) is None and fmpq_mat(a).det() != 0


def norm_at_most(a: Matrix, c: Number) -> bool | None:
    """||a|| <= c for the operator norm; exact for rational a and c."""
    if not is_exact(*entries(a), c):
        return at_most(operator_norm_of(a), c)
    square = product(transposed(a), a)
    return bool(c >= 0) and semidefinite(
        added(scaled(unit_matrix(len(square)), c * c), square, -ONE)
    )


def operator_norm_of(a: Matrix) -> Number:
    """The largest singular value: rational where it is found so, else a ball."""
    if len(a) == 1 and len(a[0]) == 1:
        return abs(a[0][0])
    return root(largest_eigenvalue(product(transposed(a), a)))


def largest_eigenvalue(a: Matrix) -> Number:
    """Of a symmetric matrix; diagonal and 2 x 2 ones in closed form, others by bisection."""
    d = len(a)
    if all(is_exact(a[i][j]) and a[i][j] == 0 for i in range(d) for j in range(d) if i != j):
        return largest([a[i][i] for i in range(d)])
    if d == 2:
        gap, off = a[0][0] - a[1][1], a[0][1]
        return (a[0][0] + a[1][1] + root(gap * gap + 4 * off * off)) / 2
    if not is_exact(*entries(a)):
        raise Undefined("eigenvalues of a matrix of balls")
    return _bisected(a)


def _bisected(a: Matrix) -> Number:
    high = max(sum((abs(x) for x in row), ZERO) for row in a)
    low = -high
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _eliminate(added(scaled(unit_matrix(len(a)), middle), a, -ONE)) is None:
            high = middle
        else:
            low = middle
    return arb(low).union(arb(high))


def smallest_eigenvalue(a: Matrix) -> Number:
    return -largest_eigenvalue(scaled(a, -ONE))


def of_rationals(rows: list[list[int]]) -> Matrix:
    return [[fmpq(x) for x in row] for row in rows]
