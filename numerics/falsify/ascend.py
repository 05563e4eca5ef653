"""Climb along gradients: many variables and narrow curved valleys, where random steps are slow.

.. math:: \\max_z\\ \\tfrac12\\log\\frac{P(z)}{N(z)}, \\qquad
          \\partial_k \\approx \\frac{s(z + h_k) - s(z - h_k)}{2 h_k} \\text{ in one batch.}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from numerics.falsify.tape import Array
from theory import clock

STEP = 1e-6
OUTSIDE = 1e3  # worse than every score


@dataclass(frozen=True)
class Ascent:
    """``score`` of columns, ``mend`` to bring columns into the domain, the rows that may move."""

    score: Callable[[Array], Array]
    mend: Callable[[Array], Array]
    free: Array

    def __call__(self, rows: Array, iterations: int, deadline: float) -> Array:
        """Every column after quasi-Newton steps, or as it was where they gained nothing."""
        result = rows.copy()
        for k in range(rows.shape[1]):
            if clock.now() > deadline:
                break
            result[:, k] = self._one(rows[:, k], iterations)
        return result

    def _one(self, column: Array, iterations: int) -> Array:
        unit = np.maximum(np.abs(column[self.free]), 1e-3 * (np.abs(column).max() + 1e-9))

        def values(moves: Array) -> Array:
            columns = np.repeat(column[:, None], moves.shape[1], axis=1)
            columns[self.free] += moves * unit[:, None]
            found = -self.score(self.mend(columns))
            return np.where(np.isfinite(found), found, OUTSIDE)

        def with_slope(z: Array) -> tuple[float, Array]:
            steps = STEP * np.eye(z.size)
            found = values(z[:, None] + np.hstack([np.zeros((z.size, 1)), steps, -steps]))
            return float(found[0]), (found[1 : 1 + z.size] - found[1 + z.size :]) / (2 * STEP)

        options = {"maxiter": iterations, "maxfun": 2 * iterations}
        start = np.zeros(len(self.free))
        found = minimize(with_slope, start, jac=True, method="L-BFGS-B", options=options)
        moved = column.copy()
        moved[self.free] += found.x * unit
        return self.mend(moved[:, None])[:, 0]
