"""A curved hypothesis, met in floats by a few Newton steps along its gradient.

.. math:: z \\leftarrow z - r(z)\\,\\frac{\\nabla r(z)}{\\|\\nabla r(z)\\|^2}
          \\quad\\text{where } r(z) \\ge 0 \\text{ is asked for and fails.}

Rounding to exact points near by is left to the search: it tries finer and finer ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from numerics.falsify.repairs import Point, Step
from numerics.falsify.tape import Array, Tape

STEPS = 3
MET = 1e-12  # of an equation: rounding is left alone


@dataclass
class Nudge(Step):
    """r >= 0, or r = 0: move the variables of r."""

    symbols: Sequence[sp.Symbol]
    free: Sequence[sp.Symbol]
    residual: sp.Expr
    equation: bool = False

    def __post_init__(self) -> None:
        row = {symbol: k for k, symbol in enumerate(self.symbols)}
        self._rows = np.array([row[s] for s in self.free], dtype=int)
        slopes = [sp.diff(self.residual, s) for s in self.free]
        self._tape = Tape(self.symbols, [self.residual, *slopes])

    def floats(self, rows: Array) -> None:
        for _ in range(STEPS if len(self.free) else 0):
            values = self._tape(rows)
            residual, slopes = values[0], values[1:]
            with np.errstate(all="ignore"):
                wrong = np.abs(residual) > MET if self.equation else residual < 0
                move = -residual * slopes / (slopes**2).sum(axis=0)
            usable = wrong & np.isfinite(move).all(axis=0)
            if not usable.any():
                return
            rows[self._rows] += np.where(usable, move, 0)

    def exact(self, point: Point, relative: float) -> bool:
        """Nothing to do: whether the hypothesis holds is decided afterwards."""
        return True
