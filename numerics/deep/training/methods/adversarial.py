r"""Adversarial training (AT).

.. math:: \min_\theta \frac1n\sum_i \max_{\|\delta\|_p \le \epsilon} l(x_i+\delta, y_i, \theta);

the gradient holds the maximiser fixed (Danskin). A step costs K + 1 gradients.

Source: Madry et al. 2018; set-up as in Rice et al. 2020.
"""

from __future__ import annotations

from torch import Tensor

from numerics.deep.training.method import LossMethod
from numerics.deep.training.workspace import Closure


class Adversarial(LossMethod):
    """The cross entropy at the attacked data."""

    def prepare(self, x: Tensor, y: Tensor) -> Closure:
        """The attack at the present weights."""
        attacked = x + self.work.delta(x, y)
        return lambda: self.work.loss(attacked, y)
