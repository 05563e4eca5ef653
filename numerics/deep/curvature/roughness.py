r"""How rough the adversarial loss is in the parameters, with the attack held and with it moving.

.. math:: \lambda_{\max}(\nabla^2_{\theta\theta}\bar l), \qquad
          \lambda_{\max}(\nabla^2 \bar l_\epsilon), \qquad
          \operatorname{tr}(A), \quad A = \frac1n\sum_i C_i^\top S_i C_i.

Both Hessians at the same regular samples, so their difference is A alone. Traces by Hutchinson's
estimator with Rademacher probes, the same for both, with the standard error over the probes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.adversarial_hessian import AdversarialHessian, adversarial
from numerics.deep.curvature.lanczos import Eigenpairs, random_unit, top
from numerics.deep.objective import Objective


@dataclass(frozen=True)
class Roughness:
    """Top eigenvalues and traces, and what they are means over."""

    frozen: float  # top eigenvalue, attack held
    true: float  # top eigenvalue, attack moving
    added: float  # top eigenvalue of A
    added_along: float  # vᵀ A v, v the top eigenvector at the held attack
    frozen_trace: float
    added_trace: float
    added_trace_error: float  # standard error
    concentration: float  # share of the largest 1/floor in their sum: 1 if one sample is singular
    samples: int
    left_out: int  # not regular maximisers
    converged: bool  # all Lanczos runs


def roughness(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    solution: Solution,
    *,
    probes: int = 16,
    seed: int = 0,
) -> tuple[Roughness, Tensor]:
    """The measurements, and the unit eigenvector (size,) of the top of the frozen Hessian.

    Irregular samples are left out and counted; ValueError if none remains.
    """
    hessian = adversarial(objective, theta, x, y, solution, drop=True)

    def greatest(product: Callable[[Tensor], Tensor]) -> Eigenpairs:
        return top(product, random_unit(theta, seed), absolute=1e-9)

    held = greatest(lambda v: hessian.response.derivatives.along_theta(v)[0])
    moving, added = greatest(hessian), greatest(lambda v: hessian.parts(v)[1])
    traces = _traces(hessian, theta, probes, seed)
    give = 1 / hessian.floor
    found = Roughness(
        float(held.values[0]),
        float(moving.values[0]),
        float(added.values[0]),
        float(held.vectors[0] @ hessian.parts(held.vectors[0])[1]),
        *traces,
        float(give.max() / give.sum()) if float(give.sum()) else 0.0,
        int(hessian.kept.sum()),
        int((~hessian.kept).sum()),
        held.converged and moving.converged and added.converged,
    )
    return found, held.vectors[0]


def _traces(
    hessian: AdversarialHessian, theta: Tensor, probes: int, seed: int
) -> tuple[float, float, float]:
    generator = torch.Generator().manual_seed(seed)
    each = []
    for _ in range(probes):
        signs = torch.randint(0, 2, theta.shape, generator=generator).to(theta) * 2 - 1
        each.append(torch.stack([signs @ part for part in hessian.parts(signs)]))
    drawn = torch.stack(each)
    held, added = drawn.mean(0).tolist()
    return held, added, float(drawn[:, 1].std()) / math.sqrt(probes)
