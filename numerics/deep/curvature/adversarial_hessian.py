r"""The Hessian of the adversarial loss: the attack moves as theta moves.

.. math:: \nabla^2 \bar l_\epsilon = \frac1n\sum_i \Bigl(\nabla^2_{\theta\theta} l
          + C_i^\top \bigl(P_i(\lambda_i I - H_i)P_i\bigr)^{+} C_i\Bigr)\Big|_{x_i+\delta_i^*}.

The second term is positive semidefinite: the Hessian at a fixed attack underestimates the
curvature. On the sphere P projects on the tangent space; inside P = I and lambda = 0; in the box
P keeps the free coordinates, and a vertex adds nothing. Ours; local, at regular maximisers.
"""

from __future__ import annotations

from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.attack_response import AttackResponse
from numerics.deep.objective import Objective


class AdversarialHessian:
    """v -> Hessian of the mean adversarial loss times v, at the regular samples of a solution.

    Cost of a product: two Hessian products, and without ``response.dense`` one product with the
    input Hessian for each step of conjugate gradients.
    """

    def __init__(self, response: AttackResponse) -> None:
        self.response = response

    def __call__(self, v: Tensor) -> Tensor:
        held, added = self.parts(v)
        return held + added

    def parts(self, v: Tensor) -> tuple[Tensor, Tensor]:
        """What the fixed attack gives and what its motion adds, both (size,)."""
        derivatives = self.response.derivatives
        held, push = derivatives.along_theta(v)
        moved, _ = derivatives.along_input(self.response.solve(push))
        return held, moved / derivatives.count

    @property
    def gradient(self) -> Tensor:
        """The gradient of the mean adversarial loss (Danskin): (size,)."""
        return self.response.derivatives.by_theta

    @property
    def kept(self) -> Tensor:
        """Which samples of the solution the mean is over: (n,) bool."""
        return self.response.kept

    @property
    def excluded(self) -> dict[str, int]:
        """How many samples were left out, by reason."""
        return self.response.excluded

    @property
    def floor(self) -> Tensor:
        """The least eigenvalue of each reduced matrix, in the square unit of 1/x: (kept,)."""
        return self.response.floor

    @property
    def residual(self) -> float:
        """The worst relative residual of a solve so far (0 for factorised matrices)."""
        return self.response.residual


def adversarial(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    solution: Solution,
    *,
    drop: bool = False,
    dense: bool | None = None,
    tolerance: float = 1e-8,
) -> AdversarialHessian:
    """The Hessian of the mean adversarial loss at theta (size,), with delta* from ``solution``.

    ``dense`` forms the d x d matrices (default: for d up to 256). Raises ValueError, one sentence,
    where a sample did not converge, is tied, lacks strict complementarity or a negative definite
    reduced matrix; with ``drop`` these samples are left out and counted in ``excluded``.
    """
    response = AttackResponse(
        objective, theta, x, y, solution, drop=drop, dense=dense, tolerance=tolerance
    )
    return AdversarialHessian(response)
