r"""How flat the loss is in the input.

.. math:: \|\nabla_x l\|_q, \qquad \lambda_{\max}(\nabla^2_{xx} l), \qquad
          |l(x+\delta) - l(x) - \langle\delta, \nabla_x l(x)\rangle|.

The dual norm q (1/p + 1/q = 1) is the first-order gain of an attack per unit of its p-norm. The
last number is the local linearity gap (Qin et al. 2019) at a given delta. Per sample.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from numerics.deep.curvature.batched_lanczos import greatest_eigenvalues
from numerics.deep.curvature.hessian_products import SecondDerivatives
from numerics.deep.objective import Objective


def dual_exponent(p: float) -> float:
    """q with 1/p + 1/q = 1.

    >>> dual_exponent(2), dual_exponent(math.inf), dual_exponent(1), dual_exponent(3)
    (2.0, 1.0, inf, 1.5)
    """
    if not p >= 1:
        raise ValueError(f"p = {p}: expected p >= 1")
    if math.isinf(p):
        return 1.0
    return math.inf if p == 1 else p / (p - 1)


def input_gradient(objective: Objective, theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of each loss in its own input: the shape of x."""
    at = x.detach().clone().requires_grad_()
    (found,) = torch.autograd.grad(objective.losses(theta.detach(), at, y).sum(), at)
    gradient: Tensor = found
    return gradient


def gradient_norms(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, p: float = 2.0
) -> Tensor:
    """The dual norm ||grad_x l||_q of each sample for attacks measured in p: (n,)."""
    gradient = input_gradient(objective, theta, x, y).flatten(1)
    return torch.linalg.vector_norm(gradient, ord=dual_exponent(p), dim=1)


def input_curvature(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, accuracy: float = 1e-3
) -> Tensor:
    """The greatest eigenvalue of each input Hessian, (n,), from above to relative ``accuracy``."""
    derivatives = SecondDerivatives(objective, theta, x, y)
    return greatest_eigenvalues(
        derivatives.input_hessian, lambda w: w, derivatives.by_input, accuracy=accuracy
    )


def linearity_gap(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, delta: Tensor
) -> Tensor:
    """|l(x + delta) - l(x) - <delta, grad_x l(x)>| of each sample: (n,)."""
    gradient = input_gradient(objective, theta, x, y)
    with torch.no_grad():
        change = objective.losses(theta, x + delta, y) - objective.losses(theta, x, y)
    return (change - (delta * gradient).flatten(1).sum(1)).abs()
