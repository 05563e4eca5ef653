r"""The directions in which a maximiser may move, and the multiplier that bends them.

.. math:: P_i = I - \delta\delta^\top/\epsilon^2,\ \lambda_i = \langle\nabla_x l, \delta\rangle
          /\epsilon^2 \text{ on the sphere};\qquad P_i = I,\ \lambda_i = 0 \text{ inside};\qquad
          P_i = \operatorname{diag}(1_F),\ \lambda_i = 0 \text{ in the box.}

F are the coordinates of the box that are not held at one of its faces. Samples of one batch may be
in different cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution


@dataclass(frozen=True)
class FreeDirections:
    """Orthogonal projectors of n samples on rows of length d, and the multipliers (n,)."""

    free: Tensor  # (n, d), 1 where a coordinate may move, else 0
    normal: Tensor  # (n, d), the unit normal of the sphere, 0 off the sphere
    multiplier: Tensor  # (n,)

    def project(self, w: Tensor) -> Tensor:
        """P_i w_i: (n, d)."""
        along = (w * self.normal).sum(1, keepdim=True)
        return self.free * (w - along * self.normal)

    def dimension(self) -> Tensor:
        """The rank of P_i: (n,)."""
        return self.free.sum(1) - self.normal.square().sum(1).round()

    def held(self, w: Tensor) -> Tensor:
        """(I - P_i) w_i: (n, d)."""
        return w - self.project(w)


def free_directions(solution: Solution, gradient: Tensor) -> FreeDirections:
    """Where each delta of the solution may move; gradient of l at x + delta: (n, d)."""
    delta, active = solution.delta.flatten(1), solution.active.flatten(1)
    if math.isinf(solution.p):
        free = (~active).to(delta.dtype)
        return FreeDirections(free, torch.zeros_like(delta), delta.new_zeros(len(delta)))
    if solution.p != 2:
        raise ValueError(f"p = {solution.p} in a solution: expected 2 or infinity")
    on_sphere = active.any(1, keepdim=True).to(delta.dtype)
    normal = on_sphere * delta / delta.norm(dim=1, keepdim=True).clamp_min(1e-300)
    multiplier = (gradient * normal).sum(1) / solution.radius
    return FreeDirections(torch.ones_like(delta), normal, multiplier)
