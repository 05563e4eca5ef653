r"""Adversarial weight perturbation (AWP).

.. math:: \min_\theta \max_{v \in V} \bar l_\epsilon(\theta + v), \qquad
          v_j = \gamma \|w_j\| \frac{g_j}{\|g_j\|}

for every weight tensor w_j of two axes or more (biases and normalisation stay), in one ascent
step from the gradient g of the attacked mini-batch, the attack held fixed. Running statistics
are those of the pass at the weights themselves. A step costs K + 2 gradients.

Source: Wu et al. 2020 (gamma .01 for L-infinity, .005 for L2; one step).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from numerics.deep.training.method import AroundLoss, checked
from numerics.deep.training.perturbed import moved, relative
from numerics.deep.training.workspace import Gradient, Workspace


class WeightPerturbation(AroundLoss):
    """The gradient at the worst relative perturbation of the weights."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        gamma: float = 0.01,
    ) -> None:
        super().__init__(work, base)
        self.gamma = checked("gamma", gamma, 0)

    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """Attack, gradient here, gradient at w + v."""
        closure, passes = self.base.prepare(x, y), self.base.passes
        here = self.work.gradient(closure, y, passes)
        with moved(self.work.parameters, self.perturbation(here.tensors)):
            return self.work.gradient(closure, passes=passes, probe=True)

    def perturbation(self, gradient: list[Tensor]) -> list[Tensor]:
        """v of a gradient: zero for tensors of fewer than two axes."""
        pairs = zip(self.work.parameters, gradient, strict=True)
        return [
            relative(w.detach(), g, self.gamma) if w.dim() > 1 else torch.zeros_like(g)
            for w, g in pairs
        ]
