r"""Input flatness bounds parameter curvature, from both sides, at one sample on the L2 sphere.

.. math:: \lambda_{\min}(l_{\theta\theta})
          + \frac{\sigma_2(C)^2}{\|\nabla_x l\|/\epsilon + \max(0,-\lambda_{\min}(H))}
          \ \le\ \lambda_{\max}(\nabla^2 l_\epsilon)\ \le\
          \lambda_{\max}(l_{\theta\theta}) + \frac{\|C\|^2}{\mu_T}.

mu_T is the least eigenvalue of P(lambda I - H)P on the tangent space, all derivatives are taken at
the worst input. A small input gradient forces curvature up as long as sigma_2(C) does not shrink
with it: it may (a saturated logistic loss). **Lower** and **upper**, equal for a loss linear in x
whose cross derivative has two equal singular values orthogonal to the gradient. Ours.

Every estimate errs outward: the lower bound is low, the upper one high, by the tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.adversarial_hessian import AdversarialHessian
from numerics.deep.curvature.attack_response import AttackResponse, samples_of
from numerics.deep.curvature.batched_lanczos import least_eigenvalues
from numerics.deep.curvature.lanczos import Eigenpairs, random_unit, top
from numerics.deep.objective import Objective


@dataclass(frozen=True)
class FlatnessBounds:
    """The two bounds of one sample, the curvature between them, and what they are made of."""

    lower: float
    curvature: float  # the top eigenvalue of the adversarial Hessian of the sample
    upper: float
    gradient: float  # ||grad_x l||_2 at x + delta
    tangent: float  # mu_T
    cross: tuple[float, float]  # the two largest singular values of C
    converged: bool  # all Lanczos runs met the tolerance


def flatness_bounds(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    solution: Solution,
    *,
    tolerance: float = 1e-6,
    most: int = 300,
) -> list[FlatnessBounds | None]:
    """The bounds at each of n samples of an L2 solution; None where one is not regular.

    None also marks an attack in the interior of the ball. Raises ValueError if p is not 2.
    """
    if solution.p != 2:
        raise ValueError(f"p = {solution.p}: expected the L2 ball, p = 2")
    found = []
    for i in range(len(x)):
        one = torch.tensor([i], device=x.device)
        part = samples_of(solution, one)
        found.append(_one(objective, theta, x[one], y[one], part, tolerance, most))
    return found


def _one(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    solution: Solution,
    tolerance: float,
    most: int,
) -> FlatnessBounds | None:
    if not bool(solution.active.any()) or x[0].numel() < 2:
        return None
    try:
        response = AttackResponse(objective, theta, x, y, solution)
    except ValueError:
        return None
    return _bounds(response, solution.radius, tolerance, most)


def _bounds(response: AttackResponse, radius: float, tolerance: float, most: int) -> FlatnessBounds:
    derivatives, hessian = response.derivatives, AdversarialHessian(response)
    size = derivatives.by_theta

    def spectrum(
        product: Callable[[Tensor], Tensor], like: Tensor, k: int = 1, error: float = 0.0
    ) -> Eigenpairs:
        start = random_unit(like)
        return top(product, start, k, tolerance=tolerance, absolute=error, most=most)

    def cross_gram(w: Tensor) -> Tensor:
        back, _ = derivatives.along_input(w[None])
        return derivatives.along_theta(back)[1][0]

    whole = spectrum(hessian, size)
    error = tolerance * abs(float(whole.values[0]))  # the ends of l_θθ may be 0
    greatest = spectrum(lambda v: derivatives.along_theta(v)[0], size, error=error)
    least = spectrum(lambda v: -derivatives.along_theta(v)[0], size, error=error)
    cross = spectrum(cross_gram, derivatives.by_input[0], k=2)
    gradient, tangent = float(derivatives.by_input.norm()), float(response.floor[0])
    like = derivatives.by_input
    bend = least_eigenvalues(derivatives.input_hessian, lambda w: w, like, accuracy=tolerance)
    below = -float(least.values[0] + least.bounds[0])
    second = max(0.0, float(cross.values[1] - cross.bounds[1]))
    first = float(cross.values[0] + cross.bounds[0])
    return FlatnessBounds(
        lower=below + second / (gradient / radius + max(0.0, -float(bend[0]))),
        curvature=float(whole.values[0]),
        upper=float(greatest.values[0] + greatest.bounds[0]) + first / tangent,
        gradient=gradient,
        tangent=tangent,
        cross=(first**0.5, second**0.5),
        converged=all(found.converged for found in (greatest, least, whole, cross)),
    )
