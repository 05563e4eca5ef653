"""Lipschitz, Smooth and Convex on a convex box domain, by interval Jacobians and Hessians.

.. math:: L^2 I - J^\\top J \\succ 0 \\ \\text{on every box}
          \\ \\Rightarrow\\ \\|f(\\theta)-f(\\theta')\\| \\le L\\,\\|\\theta-\\theta'\\|,
          \\qquad L I \\pm \\nabla^2 f \\succ 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import arb

from numerics.certify.cases import Case
from numerics.certify.evaluation import evaluate
from numerics.certify.goals import (
    EXACT,
    FLOAT,
    HYPOTHESIS,
    NATURAL,
    Array,
    Bounds,
    Box,
    Setting,
    is_defined,
)
from numerics.certify.jets import Jet, Jets
from numerics.certify.pivots import below, gram, pivots
from numerics.certify.program import Unsupported
from numerics.certify.usable import usable
from numerics.intervals import Interval
from theory.claims import Claim
from theory.statements import Convex, Smooth
from theory.vectors import Vector, VectorExpr

ZERO = Fraction(0)


class DerivativeGoal:
    """``claim.holds`` is Lipschitz, Smooth or Convex."""

    strict = True

    def __init__(self, claim: Claim, case: Case) -> None:
        holds = claim.holds
        self.case, self.holds = case, holds
        wrt = holds.wrt
        names = [wrt.name]
        if isinstance(wrt, Vector):
            names = [f"{wrt.name}[{i + 1}]" for i in range(case.dimension)]
        self.setting = Setting(claim, case, names)
        lowering, f = self.setting.lowering, holds.f
        vector = isinstance(f, VectorExpr)
        self.outputs = list(lowering.vector(f)) if vector else [lowering.scalar(f)]
        self.is_scalar = not vector
        self.convex = self.slackless = isinstance(holds, Convex)
        self.constant = None
        if not self.convex:
            if holds.constant is None:
                raise Unsupported("the constant is not given")
            self.constant = lowering.scalar(holds.constant)
        known = [] if self.constant is None else [self.constant]
        self.setting.demand([*self.outputs, *known])
        self.setting.lower_hypotheses([usable(g, wrt) for g in claim.given])
        self.order = 2 if self.convex or isinstance(holds, Smooth) else 1
        seeds = [self.setting.program.variables.index(name) for name in names]
        self.jets_of = {a: Jets(self.setting.program, a, seeds, self.order) for a in (FLOAT, EXACT)}

    def _matrix(self, jets: dict[int, Jet], a: Any) -> list[list[Any]]:
        """J by its rows, or the whole symmetric Hessian."""

        def number(x: Any) -> Any:
            return a.constant(ZERO) if isinstance(x, int) else x

        if self.order == 1:
            return [[number(p) for p in jets[k].first] for k in self.outputs]
        lower = jets[self.outputs[0]].second
        assert lower is not None
        size = range(len(lower))
        return [[number(lower[max(i, j)][min(i, j)]) for j in size] for i in size]

    # --- floats

    def search(self, lo: Array, hi: Array, tight: bool = False) -> Bounds:
        n = lo.shape[1]
        box = self.setting.float_box(lo, hi)
        code = self.setting.excluded(box, n)
        score, held = self._float_verdict(box, n)
        code[(code == 0) & held] = NATURAL
        return Bounds(score, score, code)

    def _float_verdict(self, box: list[Interval], n: int) -> tuple[Array, Array]:
        jets = self.jets_of[FLOAT].run(self.setting.order, box)
        rows = self._matrix(jets, FLOAT)
        parts = [x for row in rows for x in row] + [jets[k].value for k in self.outputs]
        sure = reduce(lambda p, q: p & q, (x.sure for x in parts))
        sure = sure & self.setting.defined({k: j.value for k, j in jets.items()})
        score, held = self._sizes(rows, jets, n)
        held = held & sure
        return np.where(np.broadcast_to(sure, n), score, -np.inf), np.broadcast_to(held, n).copy()

    def _sizes(self, rows: list[list[Interval]], jets: Any, n: int) -> tuple[Array, Any]:
        if self.convex:
            if len(rows) == 1:
                low = np.broadcast_to(rows[0][0].lo, n)
                return low, low > -1e-13
            triangle = [row[: i + 1] for i, row in enumerate(rows)]
            return _least_eigenvalue(rows, n), _definite(triangle)
        bound = jets[self.constant].value
        low = np.broadcast_to(bound.lo, n)
        if self.is_scalar and (self.order == 1 or len(rows) == 1):
            score = low - np.broadcast_to(FLOAT.norm(rows[0]).hi, n)
            return score, (score > -1e-13) & (low > 0) & bound.sure
        tests = [_definite(m) for m in self._tests(FLOAT, rows, bound)]
        held = reduce(lambda p, q: p & q, tests) & (low > 0) & bound.sure
        return low - _greatest_singular_value(rows, n), held

    def _tests(self, a: Any, rows: list[list[Any]], bound: Any) -> list[list[list[Any]]]:
        """Matrices that are positive definite where the norm is below the bound."""
        if self.order == 2:  # symmetric: the eigenvalues lie in [-L, L]
            return [below(a, rows, bound, sign) for sign in (1, -1)]
        return [gram(a, rows, bound)]

    def at_points(self, points: Array) -> tuple[Array, Array]:
        n = points.shape[1]
        box = self.setting.float_box(points, points)
        score, _ = self._float_verdict(box, n)
        return np.where(np.isfinite(score), score, np.inf), self.setting.excluded(box, n) == 0

    # --- exact

    def margin(self, box: Box, code: int, slack: Fraction = ZERO) -> arb | None:
        exact = self.setting.exact_box(box)
        if code >= HYPOTHESIS:
            return arb.pos_inf() if self.setting.is_excluded(exact, code - HYPOTHESIS) else None
        values = evaluate(self.setting.program, self.setting.extra_order, exact, EXACT)
        jets = self.jets_of[EXACT].run(self.setting.used, exact)
        rows = self._matrix(jets, EXACT)
        entries = [x for row in rows for x in row] + [jets[k].value for k in self.outputs]
        if not is_defined(values, self.setting.extra) or any(x is None for x in entries):
            return None
        return self._exact_size(rows, jets, slack)

    def value(self, point: Sequence[Fraction]) -> arb | None:
        """A lower bound of ||J|| at a point inside: ||J w||/||w|| for a good w."""
        exact = self.setting.exact_box([(x, x) for x in point])
        if not self.setting.admits(exact, inside=True):
            return None
        jets = self.jets_of[EXACT].run(self.setting.used, exact)
        rows = self._matrix(jets, EXACT)
        if any(x is None for row in rows for x in row):
            return None
        near = np.array([[float((x[0] + x[1]) / 2) for x in row] for row in rows])
        w = [Fraction(float(c)).limit_denominator(10**6) for c in np.linalg.svd(near)[2][0]]
        size = [EXACT.constant(c) for c in w]
        image = [reduce(EXACT.add, map(EXACT.mul, row, size)) for row in rows]
        ratio = EXACT.mul(EXACT.norm(image), EXACT.integer_power(EXACT.norm(size), -1))
        return None if ratio is None else ratio[0]

    def _exact_size(self, rows: list[list[Any]], jets: Any, slack: Fraction) -> arb | None:
        if self.convex:
            if len(rows) == 1:
                return rows[0][0][0] if rows[0][0][0] >= 0 else None
            return _margin_of(pivots(EXACT, [row[: i + 1] for i, row in enumerate(rows)]))
        bound = EXACT.add(jets[self.constant].value, EXACT.constant(-slack))
        if bound is None or not bound[0] > 0:
            return None
        if self.is_scalar and (self.order == 1 or len(rows) == 1):
            left = (bound[0] - EXACT.norm(rows[0])[1]).lower()
            return left if left >= 0 else None
        tests = self._tests(EXACT, rows, (bound[0], bound[0]))
        margins = [_margin_of(pivots(EXACT, m)) for m in tests]
        return arb(0) if all(m is not None for m in margins) else None


def _margin_of(found: list[Any]) -> arb | None:
    """0 where every pivot is positive: the margin itself is found by trying a slack."""
    return arb(0) if all(p is not None and p[0] > 0 for p in found) else None


def _definite(triangle: list[list[Interval]]) -> Any:
    return reduce(lambda p, q: p & q, ((p.lo > 0) & p.sure for p in pivots(FLOAT, triangle)))


def _middle_and_radius(rows: list[list[Interval]], n: int) -> tuple[Array, Array]:
    lo = np.array([[np.broadcast_to(x.lo, n) for x in row] for row in rows]).transpose(2, 0, 1)
    hi = np.array([[np.broadcast_to(x.hi, n) for x in row] for row in rows]).transpose(2, 0, 1)
    with np.errstate(all="ignore"):
        middle, radius = (lo + hi) / 2, (hi - lo) / 2
    known = np.isfinite(radius).all(axis=(1, 2))
    middle = np.where(known[:, None, None], middle, 0.0)
    return middle, np.where(known, np.sqrt((radius**2).sum(axis=(1, 2))), np.inf)


def _greatest_singular_value(rows: list[list[Interval]], n: int) -> Array:
    """About the largest norm of a matrix in the box of matrices (a guide, not a bound)."""
    middle, radius = _middle_and_radius(rows, n)
    return np.linalg.svd(middle, compute_uv=False)[:, 0] + radius


def _least_eigenvalue(rows: list[list[Interval]], n: int) -> Array:
    middle, radius = _middle_and_radius(rows, n)
    return np.linalg.eigvalsh(middle)[:, 0] - radius
