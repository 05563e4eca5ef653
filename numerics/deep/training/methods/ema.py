r"""Exponential moving average of the weights (EMA).

.. math:: \bar w \leftarrow d_t\, \bar w + (1-d_t)\, w, \qquad d_t = \min(d, (1+t)/(10+t)),

after every outer step; the growing decay d_t keeps the start from weighing on short runs. Costs
what the base costs. Source: Rebuffi et al. 2021 (d = .995 under adversarial training).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from numerics.deep.training.averaging import Averaging
from numerics.deep.training.method import checked
from numerics.deep.training.workspace import Workspace


class ExponentialMovingAverage(Averaging):
    """Trains as the base does; the moving average of the weights is judged."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        decay: float = 0.995,
    ) -> None:
        self.decay = checked("decay", decay, 0, 1)
        super().__init__(work, base, self._towards)

    def due(self) -> bool:
        """Always."""
        return True

    @torch.no_grad()
    def _towards(self, average: list[Tensor], weights: list[Tensor], count: Tensor) -> None:
        t = int(count)
        torch._foreach_lerp_(average, weights, 1 - min(self.decay, (1 + t) / (10 + t)))
