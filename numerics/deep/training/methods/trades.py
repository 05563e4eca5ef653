r"""TRADES: accuracy at the data plus agreement within the ball.

.. math:: \min_\theta \frac1n\sum_i l(x_i, y_i, \theta)
          + \beta \max_{\|\delta\|_p\le\epsilon} KL\bigl(f(x_i) \,\|\, f(x_i+\delta)\bigr).

The attack maximises the cross entropy to the model's own probabilities, which is the divergence
plus a constant. Gradients flow through both arguments. A step costs K + 2 gradients.

Source: Zhang et al. 2019 (beta = 6).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numerics.deep.training import batch_norm
from numerics.deep.training.method import LossMethod, checked
from numerics.deep.training.workspace import Closure, Workspace


class Trades(LossMethod):
    """Cross entropy and beta times the divergence."""

    passes = 2

    def __init__(self, work: Workspace, beta: float = 6.0) -> None:
        super().__init__(work)
        self.beta = checked("beta", beta, 0)

    def prepare(self, x: Tensor, y: Tensor) -> Closure:
        """The attack on the agreement; the model's probabilities are those in evaluation mode."""
        with torch.no_grad(), batch_norm.mode(self.work.model, training=False):
            targets = self.work.outputs(x).softmax(1)
        attacked = x + self.work.delta(x, y, targets)
        return lambda: self._loss(x, attacked, y)

    def _loss(self, x: Tensor, attacked: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        natural, moved = self.work.outputs(x), self.work.outputs(attacked)
        apart = nn.functional.kl_div(
            moved.log_softmax(1), natural.log_softmax(1), reduction="batchmean", log_target=True
        )
        return nn.functional.cross_entropy(natural, y) + self.beta * apart, moved
