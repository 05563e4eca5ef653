r"""Sharpness-aware minimisation (SAM).

.. math:: \min_\theta \max_{\|v\|_2 \le \rho} \bar l_\epsilon(\theta + v), \qquad
          v = \rho\, g / \|g\|_2,

with one norm over all parameters. ``attack_again`` solves the attack anew at the moved weights,
which is the gradient of the adversarial loss there; else the attack is held fixed, as is usual.
A step costs K + 2 gradients, or 2K + 2.

Source: Foret et al. 2021 (rho .05).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from numerics.deep.training.method import AroundLoss, checked
from numerics.deep.training.perturbed import moved
from numerics.deep.training.workspace import Gradient, Workspace


class SharpnessAware(AroundLoss):
    """The gradient at the worst perturbation of all weights together."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        rho: float = 0.05,
        attack_again: bool = False,
    ) -> None:
        super().__init__(work, base)
        self.rho, self.attack_again = checked("rho", rho, 0), attack_again

    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """Attack, gradient here, gradient at w + v."""
        closure, passes = self.base.prepare(x, y), self.base.passes
        here = self.work.gradient(closure, y, passes)
        with moved(self.work.parameters, self.perturbation(here.tensors)):
            if self.attack_again:
                closure = self.base.prepare(x, y)
            return self.work.gradient(closure, passes=passes, probe=True)

    def perturbation(self, gradient: list[Tensor]) -> list[Tensor]:
        """v of a gradient; zero for a zero gradient."""
        size = torch.stack([torch.linalg.vector_norm(g) for g in gradient]).norm()
        scale = self.rho / torch.where(size > 0, size, 1.0)
        return [g * scale for g in gradient]
