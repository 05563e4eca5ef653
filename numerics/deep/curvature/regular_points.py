r"""Where the maximiser is a smooth function of theta: the assumptions, checked at each sample.

.. math:: \|P\nabla_x l\| \le \tau(1+\lambda), \quad \delta \in K, \quad
          \text{strict complementarity}, \quad P(\lambda I-H)P \succ 0 \text{ on the range of } P.

The point is judged by the loss at hand, not by what its solver said: a solution that belongs to
another theta fails. Ours (the interior, sphere and box cases of the implicit function theorem).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.free_directions import FreeDirections

NOT_CONVERGED = "did not converge"
TIED = "tied with another maximum"
NOT_STRICT = "on the edge of a face (no strict complementarity)"
NOT_CONCAVE = "reduced matrix not negative definite"


def irregular(
    solution: Solution, directions: FreeDirections, gradient: Tensor, tolerance: float
) -> dict[str, Tensor]:
    """Per reason, which samples (n,) fail a first-order assumption."""
    stationary = directions.project(gradient).norm(dim=1)
    converged = stationary <= tolerance * (1 + directions.multiplier.abs())
    converged &= solution.converged(tolerance) & inside(solution)
    return {
        NOT_CONVERGED: ~converged,
        TIED: solution.gap <= 0,  # NaN: no other start was tried, nothing is known
        NOT_STRICT: ~strict(solution, directions, gradient, tolerance),
    }


def inside(solution: Solution) -> Tensor:
    """Whether ||delta|| <= radius up to rounding: (n,) bool."""
    size = torch.linalg.vector_norm(solution.delta.flatten(1), ord=solution.p, dim=1)
    return size <= solution.radius * (1 + 1e-9)


def strict(
    solution: Solution, directions: FreeDirections, gradient: Tensor, tolerance: float
) -> Tensor:
    """Whether active constraints push and the others have room: (n,) bool."""
    delta, radius = solution.delta.flatten(1), solution.radius
    if math.isinf(solution.p):
        active = solution.active.flatten(1)
        pushed = gradient * delta.sign() > tolerance
        on_face = delta.abs() >= radius * (1 - 1e-9)
        return (torch.where(active, pushed & on_face, ~on_face)).all(1)
    on_sphere = solution.active.flatten(1).any(1)
    touches = delta.norm(dim=1) >= radius * (1 - 1e-9)
    return torch.where(on_sphere, touches & (directions.multiplier > tolerance), ~touches)


def refuse_or_keep(failures: Mapping[str, Tensor], drop: bool) -> tuple[Tensor, dict[str, int]]:
    """Which samples remain, (n,) bool, and how many went for which (first) reason.

    Raises ValueError with one sentence if any fails and ``drop`` is false, or if none remains.
    """
    kept = ~torch.stack(list(failures.values())).any(0)
    excluded, left = {}, torch.ones_like(kept)
    for reason, failed in failures.items():
        if count := int((failed & left).sum()):
            excluded[reason] = count
        left &= ~failed
    if excluded and not (drop and bool(kept.any())):
        said = ", ".join(f"{count} {reason}" for reason, count in excluded.items())
        raise ValueError(
            f"{int((~kept).sum())} of {len(kept)} attack solutions ({said}): expected regular "
            f"maximisers{'' if drop else ', or drop=True to leave these samples out'}"
        )
    return kept, excluded
