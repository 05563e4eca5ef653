r"""Gaussian noise on the weights: a gradient of the smoothed adversarial loss.

.. math:: \min_\theta E_v\, \bar l_\epsilon(\theta + v), \qquad
          v_j \sim N\bigl(0, \sigma^2 \|w_j\|^2 / d_j\bigr) \text{ or } N(0, \sigma^2),

d_j the number of entries of tensor j (``relative``: ||v_j|| is about sigma ||w_j||). The attack is
solved at the moved weights. A control for EnSGD: smoothing without descent in the neighbourhood.
A step costs what the base costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from numerics.deep.training.method import Around, checked
from numerics.deep.training.perturbed import moved
from numerics.deep.training.workspace import Gradient, Workspace


class WeightNoise(Around):
    """The base's gradient at weights with noise."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        sigma: float = 0.01,
        relative: bool = True,
    ) -> None:
        super().__init__(work, base)
        self.sigma, self.relative = checked("sigma", sigma, 0), relative

    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """One draw of the noise."""
        with moved(self.work.parameters, self.noise()):
            return self.base.gradient(x, y)

    def noise(self) -> list[Tensor]:
        """v, one tensor a parameter."""
        found = self.work.noise_like(self.work.parameters, self.sigma)
        if not self.relative:
            return found
        weights = [w.detach() for w in self.work.parameters]
        sizes = [torch.linalg.vector_norm(w) / w.numel() ** 0.5 for w in weights]
        return [v * size for v, size in zip(found, sizes, strict=True)]
