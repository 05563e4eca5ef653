r"""How much the gradient changes along the steepest direction, the attack solved anew.

.. math:: \|\nabla \bar l_\epsilon(\theta + t\|\theta\| v) - \nabla \bar l_\epsilon(\theta)\|
          / (t\|\theta\|), \qquad v \text{ the top eigenvector of the Hessian at the held attack.}

Attacks are certified, in float64, without the pixel box. Ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from torch import Tensor

from numerics.deep.attacks.certified import solve
from numerics.deep.curvature.hessian_products import frozen
from numerics.deep.curvature.lanczos import random_unit, top
from numerics.deep.curvature.resolved_step import resolved_step
from numerics.deep.objective import Objective


def steepest_steps(
    objective: Objective, x: Tensor, y: Tensor, p: float, radius: float, starts: int,
    steps: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """Loss and change of its gradient on steps t in units of ||theta||; x (n, *shape), float64."""
    theta = objective.theta()
    here = solve(objective, theta, x, y, p, radius, starts)
    found = top(frozen(objective, theta, x + here.delta, y), random_unit(theta))
    along = [
        resolved_step(objective, theta, x, y, here, found.vectors[0], t * float(theta.norm()),
                      starts=starts)
        for t in steps
    ]  # fmt: skip
    return {
        "loss": float(here.value.mean()),
        "length": float(theta.norm()),
        "top_frozen": float(found.values[0]),
        "top_converged": found.converged,
        "along": [{"step": t, **asdict(a)} for t, a in zip(steps, along, strict=True)],
    }
