r"""Smoothness without derivatives of the attack: how much the gradient changes on a step.

.. math:: \frac{\|\nabla \bar l_\epsilon(\theta') - \nabla \bar l_\epsilon(\theta)\|}
               {\|\theta'-\theta\|}, \qquad
          \frac{\|\nabla_\theta \bar l(x+\delta,\theta')-\nabla_\theta\bar l(x+\delta,\theta)\|}
               {\|\theta'-\theta\|}.

The first solves the attack anew at theta', the second holds it fixed. Both are means over the
samples whose attack converged at both ends. A lower bound on the constant of smoothness.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.objective import Objective

# The certified attack at theta (size,), started at a solution (None: from scratch), as in
# lambda theta, at: solve(objective, theta, x, y, p, radius, start=None if at is None else at.delta)
Resolve = Callable[[Tensor, Solution | None], Solution]


@dataclass(frozen=True)
class Quotients:
    """One step of length ``step``: its quotients, and what they are means over.

    ``total`` can lie below ``frozen``: what the motion of the attack adds is positive
    semidefinite, so it may cancel negative curvature in the norm. ``total_along`` and
    ``frozen_along``, <change of gradient, step> / step², are the curvatures along the step: their
    difference is at least 0 in the limit of short steps at regular maximisers.
    """

    step: float  # ||theta' - theta||
    total: float  # gradient of the adversarial loss, attack solved anew
    frozen: float  # gradient at the attack of theta
    total_along: float
    frozen_along: float
    attack: float  # root of the mean over samples of ||delta*' - delta*||², by ||theta' - theta||
    samples: int
    left_out: int  # attack not converged at one of the ends


def gradient_at(objective: Objective, theta: Tensor, x: Tensor, y: Tensor, delta: Tensor) -> Tensor:
    """The gradient in theta of the mean loss at x + delta, delta held fixed: (size,).

    At a unique maximiser it is the gradient of the adversarial loss (Danskin).
    """
    at = theta.detach().requires_grad_()
    (found,) = torch.autograd.grad(objective.mean(at, x + delta, y), at)
    gradient: Tensor = found
    return gradient


def along(
    objective: Objective,
    x: Tensor,
    y: Tensor,
    resolve: Resolve,
    theta: Tensor,
    direction: Tensor,
    steps: Sequence[float],
    tolerance: float = 1e-8,
) -> list[Quotients]:
    """The quotients from theta to theta + t direction for each t; the attack at theta first.

    Raises ValueError if no sample converged at both ends.
    """
    here = resolve(theta, None)
    found = []
    for t in steps:
        there = resolve(theta + t * direction, here)
        found.append(
            between(objective, x, y, (theta, here), (theta + t * direction, there), tolerance)
        )
    return found


def between(
    objective: Objective,
    x: Tensor,
    y: Tensor,
    here: tuple[Tensor, Solution],
    there: tuple[Tensor, Solution],
    tolerance: float = 1e-8,
) -> Quotients:
    """The quotients of a pair of parameters with their solved attacks."""
    (a, at_a), (b, at_b) = here, there
    keep = at_a.converged(tolerance) & at_b.converged(tolerance)
    step = float((b - a).norm())
    if not step or not bool(keep.any()):
        raise ValueError(
            f"step of length {step:g}, {int(keep.sum())} of {len(keep)} attacks converged: "
            "expected a positive step and at least one attack that converged at both ends"
        )
    x, y, da, db = x[keep], y[keep], at_a.delta[keep], at_b.delta[keep]
    start = gradient_at(objective, a, x, y, da)
    total = gradient_at(objective, b, x, y, db) - start
    frozen = gradient_at(objective, b, x, y, da) - start
    moved = (db - da).flatten(1).norm(dim=1).square().mean().sqrt()
    return Quotients(
        step,
        float(total.norm()) / step,
        float(frozen.norm()) / step,
        float(total @ (b - a)) / step**2,
        float(frozen @ (b - a)) / step**2,
        float(moved) / step,
        len(x),
        int((~keep).sum()),
    )
