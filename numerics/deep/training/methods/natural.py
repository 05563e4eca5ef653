r"""Training without an attack.

.. math:: \min_\theta \frac1n\sum_i l(x_i, y_i, \theta).

A step costs one gradient.
"""

from __future__ import annotations

from torch import Tensor

from numerics.deep.training.method import LossMethod
from numerics.deep.training.workspace import Closure


class Natural(LossMethod):
    """The cross entropy at the data."""

    attacks = False

    def prepare(self, x: Tensor, y: Tensor) -> Closure:
        """Nothing to solve."""
        return lambda: self.work.loss(x, y)
