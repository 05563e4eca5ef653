r"""Second derivatives of the loss at fixed inputs, as products with vectors.

.. math:: v \mapsto \nabla^2_{\theta\theta}\bar l\,v, \qquad
          C_i = \nabla^2_{x\theta} l(x_i, y_i, \theta), \qquad
          H_i = \nabla^2_{xx} l(x_i, y_i, \theta).

The gradient is built once; each product differentiates it once more on the graph that is kept
(Pearlmutter 1994), for 1.7 to 2.8 gradients. Inputs are handled as rows of length d.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from numerics.deep.objective import Objective

Product = Callable[[Tensor], Tensor]


def frozen(objective: Objective, theta: Tensor, x: Tensor, y: Tensor) -> Product:
    """v -> Hessian of the mean loss at x (an attacked x is held fixed); v and result (size,).

    >>> model = torch.nn.Linear(1, 1, bias=False).double()
    >>> objective = Objective(model, loss=lambda outputs, y: (outputs[:, 0] - y) ** 2)
    >>> x = torch.tensor([[1.0], [3.0]], dtype=torch.double)
    >>> product = frozen(objective, objective.theta(), x, torch.zeros(2, dtype=torch.double))
    >>> product(torch.ones(1, dtype=torch.double))
    tensor([10.], dtype=torch.float64)
    """
    at = theta.detach().requires_grad_()
    (gradient,) = gradients(objective.mean(at, x.detach(), y), (at,))

    def product(v: Tensor) -> Tensor:
        return vector_jacobian(gradient, (at,), v)[0]

    return product


class SecondDerivatives:
    """The blocks of the Hessian of l in (theta, x) at n samples, on one kept graph.

    Memory: one graph of two backward passes for all n samples. Samples must not see each other
    (no batch statistics), which the evaluation mode of ``Objective`` ensures.
    """

    def __init__(self, objective: Objective, theta: Tensor, x: Tensor, y: Tensor) -> None:
        self._at = (theta.detach().requires_grad_(), x.detach().clone().requires_grad_())
        self.count, self.size = len(x), theta.numel()
        self.losses = objective.losses(*self._at, y)
        self._gradient = gradients(self.losses.sum(), self._at)

    @property
    def by_theta(self) -> Tensor:
        """The mean gradient in theta: (size,)."""
        return self._gradient[0].detach() / self.count

    @property
    def by_input(self) -> Tensor:
        """The gradient of each sample in its input: (n, d)."""
        return self._gradient[1].detach().flatten(1)

    def along_theta(self, v: Tensor) -> tuple[Tensor, Tensor]:
        """The mean of l_θθ v, (size,), and every C_i v, (n, d)."""
        by_theta, by_input = vector_jacobian(self._gradient[0], self._at, v)
        return by_theta / self.count, by_input.flatten(1)

    def along_input(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """The sum of C_iᵀ w_i, (size,), and every H_i w_i, (n, d); w (n, d)."""
        rows = w.reshape(self._at[1].shape)
        by_theta, by_input = vector_jacobian(self._gradient[1], self._at, rows)
        return by_theta, by_input.flatten(1)

    def input_hessian(self, w: Tensor) -> Tensor:
        """Every H_i w_i without the parameters' part: (n, d)."""
        rows = w.reshape(self._at[1].shape)
        return vector_jacobian(self._gradient[1], self._at[1:], rows)[0].flatten(1)


def gradients(value: Tensor, at: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The gradient of a number at tensors, differentiable once more."""
    found: tuple[Tensor, ...] = torch.autograd.grad(
        value, at, create_graph=True, materialize_grads=True
    )
    return found


def vector_jacobian(of: Tensor, at: tuple[Tensor, ...], v: Tensor) -> tuple[Tensor, ...]:
    """vᵀ D(of) on the kept graph; zero where ``of`` does not depend on ``at``."""
    if not of.requires_grad:  # a loss linear in theta or in x has a constant gradient
        return tuple(torch.zeros_like(a) for a in at)
    found: tuple[Tensor, ...] = torch.autograd.grad(
        of, at, v, retain_graph=True, materialize_grads=True
    )
    return found
