"""The maximum over a box of a quadratic that is separable there, plus a Huber ridge.

.. math:: \\arg\\max_{x\\in K}\\ \\tfrac12\\langle x, Hx\\rangle + \\langle g, x\\rangle
          + c\\,\\varphi(\\langle w, x\\rangle + s), \\qquad H \\text{ diagonal}
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from flint import fmpq

from numerics.falsify.unknowns.bodies import Box
from numerics.falsify.unknowns.numbers import ZERO, Number, Undefined, is_exact
from numerics.falsify.unknowns.piecewise_maximum import Objective
from numerics.falsify.unknowns.rational_matrices import Matrix, Row


@dataclass(frozen=True)
class Inner:
    """A function of the attacked argument alone."""

    h: Matrix
    g: Row
    c: fmpq = ZERO
    w: Row | None = None
    s: Number = ZERO

    def is_rational(self) -> bool:
        return is_exact(*self.g, self.s)

    def ridge(self) -> Row:
        """Its direction, zero without one."""
        return self.w if self.w is not None and self.c != 0 else [ZERO] * len(self.g)

    def objectives(self) -> list[Objective]:
        """One for each coordinate; Undefined where they are coupled."""
        d, w = len(self.g), self.ridge()
        if any(self.h[i][j] != 0 for i in range(d) for j in range(d) if i != j):
            raise Undefined("maximum over a box of coupled coordinates")
        if sum(x != 0 for x in w) > 1 or not self.is_rational():
            raise Undefined("maximum over a box along a slanted ridge")
        return [
            Objective(self.h[i][i], self.g[i], self.c if w[i] != 0 else ZERO, w[i], self.s)
            for i in range(d)
        ]

    def over_box(self, body: Box) -> list[Row]:
        """Every combination of the maximisers of the coordinates."""
        ends = zip(self.objectives(), body.low, body.high, strict=True)
        return [list(p) for p in product(*(o.maximisers(a, b) for o, a, b in ends))]

    def slope_over_box(self, body: Box, c: Matrix) -> Matrix:
        """Free coordinates follow -C_i/H_ii, those on a face with a strict push stand still."""
        found = self.over_box(body)
        if len(found) != 1:
            raise Undefined("Jacobian at a tie of maximisers")
        rows = zip(found[0], self.g, body.low, body.high, c, strict=True)
        return [self._row(i, *r) for i, r in enumerate(rows)]

    def _row(self, i: int, x: fmpq, g: fmpq, low: fmpq, high: fmpq, c: Row) -> Row:
        bend = self.h[i][i]
        push = bend * x + g
        if low < x < high and bend < 0:
            return [-entry / bend for entry in c]
        if low == high or (x == low and push < 0) or (x == high and push > 0):
            return [ZERO] * len(c)
        raise Undefined("Jacobian without strict complementarity")
