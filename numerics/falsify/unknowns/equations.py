"""Values that make the equations among the hypotheses true: multipliers and their slopes.

.. math:: R(s) = R(0) + s\\,(R(1)-R(0)) = 0, \\qquad A^\\top A\\,v = -A^\\top R(0)

Both are guesses where the equation is not affine; whatever comes out is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq, fmpq_mat

from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.numbers import ZERO, Undefined, is_exact
from numerics.falsify.unknowns.rational_matrices import Row, dotted, entries, unit_matrix
from theory.matrices import MatrixSum
from theory.statements import Equal, parts
from theory.vectors import Vector


def residual(h: Equal, instance: Instance) -> Row:
    """The entries of left - right, which have to be rational."""
    at, difference = Evaluation(instance), h.left - h.right
    matrix = isinstance(difference, MatrixSum)
    found = entries(at.matrix(difference)) if matrix else at.vector(difference)
    if not is_exact(*found):
        raise Undefined("an equation between numbers that are not rational")
    return found


def roots(h: Equal, symbol: Any, instance: Instance) -> Iterator[fmpq]:
    """Values of a symbol at which one entry vanishes."""
    zero, one = (residual(h, instance.put(symbol, fmpq(k))) for k in (0, 1))
    for a, b in zip(zero, one, strict=True):
        if a != b:
            yield a / (a - b)


def with_solved_vectors(instance: Instance, statements: list[Any], free: Any) -> Instance:
    """The vectors that occur in equations alone, by least squares."""
    for h in statements:
        if isinstance(h, Equal):
            inside = {v for p in parts(h) for v in p.atoms(Vector)} - set(free)
            for v in sorted(inside & set(instance.vectors), key=str):
                instance = _solved(h, v, instance)
    return instance


def _solved(h: Equal, v: Any, instance: Instance) -> Instance:
    d = instance.dimension
    try:
        start = residual(h, _put(instance, v, [ZERO] * d))
        ends = [residual(h, _put(instance, v, e)) for e in unit_matrix(d)]
    except Undefined:
        return instance
    columns = [[x - y for x, y in zip(end, start, strict=True)] for end in ends]
    normal = fmpq_mat([[dotted(a, b) for b in columns] for a in columns])
    target = fmpq_mat([[-dotted(a, start)] for a in columns])
    try:
        found = normal.solve(target)
    except ZeroDivisionError:
        return instance
    return _put(instance, v, [found[k, 0] for k in range(d)])


def _put(instance: Instance, v: Any, row: Row) -> Instance:
    return instance.at({**instance.vectors, v: row})
