"""Functions whose constants are exact: a quadratic of several vectors, plus one Huber ridge.

.. math:: l(z) = \\tfrac12\\sum_{ij}\\langle z_i, Q_{ij} z_j\\rangle
          + \\sum_i\\langle q_i,z_i\\rangle
          + c\\,\\varphi(s), \\qquad s = \\sum_i\\langle w_i,z_i\\rangle + r

The second derivatives lie between Q_ij and Q_ij + c w_i w_j^T and take both values, so norms and
definiteness at these two ends are those of the function.  It is C^1, and C^2 without a ridge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp
from flint import fmpq

from numerics.falsify.unknowns import ball_maximum, box_maximum, entropies
from numerics.falsify.unknowns.bodies import Ball, Box
from numerics.falsify.unknowns.numbers import ONE, ZERO, Number, Undefined, largest, root, symbolic
from numerics.falsify.unknowns.piecewise_maximum import huber, huber_slope
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    applied,
    dotted,
    entries,
    outer_product,
    scaled,
    transposed,
)


@dataclass(frozen=True)
class Ridge:
    """c huber(sum <w_i, z_i> + r)."""

    c: fmpq
    w: tuple[Row, ...]
    r: fmpq = ZERO


@dataclass(frozen=True)
class Quadratic:
    """``q[i][j]`` for i <= j are the blocks, ``linear[i]`` the linear parts."""

    slots: tuple[str, ...]
    q: tuple[tuple[Matrix, ...], ...]
    linear: tuple[Row, ...]
    ridge: Ridge | None = None

    def block_of(self, i: int, j: int) -> Matrix:
        return self.q[i][j] if i <= j else transposed(self.q[j][i])

    def times(self, factor: fmpq) -> Quadratic:
        q = tuple(tuple(scaled(b, factor) for b in row) for row in self.q)
        linear = tuple([factor * x for x in row] for row in self.linear)
        ridge = replace(self.ridge, c=factor * self.ridge.c) if self.ridge else None
        return Quadratic(self.slots, q, linear, ridge)

    def value(self, z: list[Row]) -> Number:
        total = sum((dotted(a, b) for a, b in zip(self.linear, z, strict=True)), ZERO)
        for i, a in enumerate(z):
            for j, b in enumerate(z):
                total += dotted(a, applied(self.block_of(i, j), b)) / 2
        return total + (self.ridge.c * huber(self._along(z)) if self.ridge else ZERO)

    def _along(self, z: list[Row]) -> Number:
        assert self.ridge is not None
        return sum((dotted(w, a) for w, a in zip(self.ridge.w, z, strict=True)), self.ridge.r)

    def partial(self, slot: str, z: list[Row]) -> Row:
        """The gradient in one argument."""
        i = self.slots.index(slot)
        parts = [applied(self.block_of(i, j), b) for j, b in enumerate(z)]
        total = [sum(column, ZERO) for column in zip(self.linear[i], *parts, strict=True)]
        if self.ridge is None:
            return total
        s = self.ridge.c * huber_slope(self._along(z))
        return [x + s * y for x, y in zip(total, self.ridge.w[i], strict=True)]

    def block(self, first: str, second: str, z: list[Row]) -> Matrix:
        """The Hessian block, where there is one everywhere."""
        if self.ridge is not None:
            raise Undefined("second derivative of a ridge")
        return self.block_of(self.slots.index(first), self.slots.index(second))

    def extremes(self, first: str, second: str) -> list[Matrix]:
        """The ends of the segment that the Hessian block runs through."""
        i, j = self.slots.index(first), self.slots.index(second)
        end = self.block_of(i, j)
        if self.ridge is None:
            return [end]
        bump = outer_product(self.ridge.w[i], self.ridge.w[j])
        return [end, added(end, bump, self.ridge.c)]

    def lipschitz(self, slot: str) -> Number | None:
        """The largest norm of the gradient in one argument; None: unbounded."""
        i = self.slots.index(slot)
        if any(x != 0 for j in range(len(self.slots)) for x in entries(self.block_of(i, j))):
            return None
        return largest([root(dotted(g, g)) for g in self._slopes(i)])

    def _slopes(self, i: int) -> list[Row]:
        if self.ridge is None:
            return [list(self.linear[i])]
        bump = [self.ridge.c * x for x in self.ridge.w[i]]
        pair = (ONE, -ONE)
        return [[x + s * y for x, y in zip(self.linear[i], bump, strict=True)] for s in pair]

    def least_slope_squared(self, slot: str) -> fmpq:
        """The infimum of the squared norm of the gradient in one argument, over everything."""
        i = self.slots.index(slot)
        columns = [c for j in range(len(self.slots)) for c in transposed(self.block_of(i, j))]
        if self.ridge is None:
            return _distance_squared(list(self.linear[i]), columns)
        if any(x != 0 for c in columns for x in c):
            raise Undefined("range of the gradient of a quadratic with a ridge")
        bump = [self.ridge.c * x for x in self.ridge.w[i]]
        square, mixed = dotted(bump, bump), dotted(bump, list(self.linear[i]))
        s = ZERO if square == 0 else max(-ONE, min(ONE, -mixed / square))
        nearest = [x + s * y for x, y in zip(self.linear[i], bump, strict=True)]
        return dotted(nearest, nearest)

    def inner(self, slot: str, z: list[Row]) -> box_maximum.Inner:
        """The function of one argument alone; z holds zeros in its place."""
        i = self.slots.index(slot)
        parts = [applied(self.block_of(i, j), b) for j, b in enumerate(z) if j != i]
        g = [sum(column, ZERO) for column in zip(self.linear[i], *parts, strict=True)]
        h = self.block_of(i, i)
        if self.ridge is None:
            return box_maximum.Inner(h, g)
        shift = [*z]
        shift[i] = [ZERO] * len(g)
        return box_maximum.Inner(h, g, self.ridge.c, self.ridge.w[i], self._along(shift))

    def maximisers(self, slot: str, body: Box | Ball, z: list[Row]) -> list[Row]:
        inner = self.inner(slot, z)
        return inner.over_box(body) if isinstance(body, Box) else ball_maximum.over(inner, body)

    def slope(self, slot: str, other: str, body: Box | Ball, z: list[Row]) -> Matrix:
        """The Jacobian of the maximiser in another argument, where the active set is stable."""
        if self.ridge is not None:
            raise Undefined("Jacobian of a maximiser of a ridge")
        inner, c = self.inner(slot, z), self.block(slot, other, z)
        if isinstance(body, Box):
            return inner.slope_over_box(body, c)
        return ball_maximum.slope(inner, body, c)

    def entropy(self, gamma: fmpq, theta: Row) -> entropies.Entropy:
        if self.ridge is None:
            return entropies.of_quadratic(self.block_of(0, 0), self.linear[0], gamma, theta)
        return entropies.enclosed(self.expression(((entropies.T,),)), gamma, theta)

    def expression(self, names: tuple[tuple[sp.Symbol, ...], ...]) -> sp.Expr:
        """In the coordinates of the arguments."""
        flat = [(i, k, n) for i, row in enumerate(names) for k, n in enumerate(row)]
        terms = [symbolic(self.linear[i][k]) * n for i, k, n in flat]
        for i, k, m in flat:
            terms += [symbolic(self.block_of(i, j)[k][n]) * m * o / 2 for j, n, o in flat]
        if self.ridge is not None:
            along = symbolic(self.ridge.r)
            along += sum(symbolic(self.ridge.w[i][k]) * n for i, k, n in flat)
            small = sp.Min(1, sp.Abs(along))
            terms.append(symbolic(self.ridge.c) * (small**2 / 2 + sp.Abs(along) - small))
        return sp.Add(*terms)


def _distance_squared(v: Row, columns: list[Row]) -> fmpq:
    """From v to the span of the columns: the rest after exact Gram-Schmidt."""
    basis: list[Row] = []
    for c in columns:
        rest = _beside(c, basis)
        if any(x != 0 for x in rest):
            basis.append(rest)
    rest = _beside(v, basis)
    return dotted(rest, rest)


def _beside(v: Row, basis: list[Row]) -> Row:
    for b in basis:
        share = dotted(v, b) / dotted(b, b)
        v = [x - share * y for x, y in zip(v, b, strict=True)]
    return v
