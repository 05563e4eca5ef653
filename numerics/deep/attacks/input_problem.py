r"""The loss as a function of the perturbations of n samples: values, gradients, Hessians.

.. math:: \delta_i \mapsto l(x_i + \delta_i, y_i, \theta), \quad
          g_i = \nabla_x l, \quad H_i v_i = \nabla_x \langle g_i, v_i\rangle.

Perturbations are flat here, (n, d), float64. Samples do not touch one another (evaluation mode),
so one backward pass gives a row of each H_i.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.objective import Objective

Product = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class InputProblem:
    """The samples x (n, *shape), y (n,) under one theta."""

    objective: Objective
    theta: Tensor
    x: Tensor
    y: Tensor

    def at(self, rows: Tensor) -> InputProblem:
        """Some of the samples; ``rows`` may repeat."""
        return InputProblem(self.objective, self.theta, self.x[rows], self.y[rows])

    def values(self, delta: Tensor) -> Tensor:
        """l: (n,)."""
        return self.objective.losses(self.theta, self.x + delta.view_as(self.x), self.y)

    def value_and_gradient(self, delta: Tensor) -> tuple[Tensor, Tensor]:
        """l (n,) and g (n, d)."""
        with torch.enable_grad():
            point = delta.detach().requires_grad_(True)
            values = self.values(point)
            gradient = torch.autograd.grad(values.sum(), point)[0]
        return values.detach(), gradient

    def products(self, delta: Tensor) -> Product:
        """v -> H v on a kept graph, (n, d) to (n, d); 0 where the gradient is constant."""
        with torch.enable_grad():
            point = delta.detach().requires_grad_(True)
            total = self.values(point).sum()
            gradient = torch.autograd.grad(total, point, create_graph=True)[0]

        def product(v: Tensor) -> Tensor:
            if not gradient.requires_grad:
                return torch.zeros_like(v)
            found = torch.autograd.grad(
                gradient, point, v, retain_graph=True, allow_unused=True, materialize_grads=True
            )[0]
            return found.detach()

        return product
