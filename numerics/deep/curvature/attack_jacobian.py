r"""How fast the worst attack moves with the parameters.

.. math:: D\delta_i^*(\theta) = \bigl(P_i(\lambda_i I - H_i)P_i\bigr)^{+} C_i, \qquad
          L_\delta = \|D\delta^*\|.

Where the attack is L_delta-Lipschitz the adversarial loss is (L_θθ + L_θx L_delta)-smooth
(Kanai et al. 2021). Ours: the formula in the three cases of ``free_directions``.
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.attack_response import AttackResponse, samples_of
from numerics.deep.curvature.lanczos import random_unit, top
from numerics.deep.objective import Objective


class AttackJacobian:
    """D delta* at the regular samples: v (size,) -> (kept, d), and its transpose."""

    def __init__(self, response: AttackResponse) -> None:
        self.response = response

    def __call__(self, v: Tensor) -> Tensor:
        """D delta_i* v for every kept sample: (kept, d)."""
        _, push = self.response.derivatives.along_theta(v)
        return self.response.solve(push)

    def transpose(self, w: Tensor) -> Tensor:
        """The sum over samples of (D delta_i*)ᵀ w_i: (size,); w (kept, d)."""
        by_theta, _ = self.response.derivatives.along_input(self.response.solve(w))
        return by_theta

    def norm(self, tolerance: float = 1e-3, seed: int = 0, most: int = 200) -> float:
        """The operator norm of theta -> (delta_1*, ..., delta_n*), relative error ``tolerance``.

        From the top eigenvalue of D Dᵀ. Raises ValueError if ``most`` products do not suffice.
        """
        like = self.response.directions.free

        def gram(w: Tensor) -> Tensor:
            return self(self.transpose(w.view_as(like))).flatten()

        found = top(gram, random_unit(like.flatten(), seed), tolerance=2 * tolerance, most=most)
        if not found.converged:
            raise ValueError(f"norm of the attack Jacobian: expected more than {most} products")
        return float(found.values[0].clamp_min(0).sqrt())


def attack_jacobian(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    solution: Solution,
    *,
    drop: bool = False,
    dense: bool | None = None,
    tolerance: float = 1e-8,
) -> AttackJacobian:
    """D delta* at a solution; arguments and errors as for the adversarial Hessian."""
    response = AttackResponse(
        objective, theta, x, y, solution, drop=drop, dense=dense, tolerance=tolerance
    )
    return AttackJacobian(response)


def sample_norms(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, solution: Solution
) -> Tensor:
    """The norm of each D delta_i* by itself, (n,); NaN where sample i is not regular."""
    return torch.stack([_norm(objective, theta, x, y, solution, i) for i in range(len(x))])


def _norm(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, solution: Solution, i: int
) -> Tensor:
    one = torch.tensor([i], device=x.device)
    try:
        response = AttackResponse(objective, theta, x[one], y[one], samples_of(solution, one))
    except ValueError:
        return theta.new_tensor(float("nan"))
    return theta.new_tensor(AttackJacobian(response).norm())
