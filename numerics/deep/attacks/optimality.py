r"""First-order optimality of given perturbations, recomputed from the problem.

.. math:: r = \|P_K(\delta + g) - \delta\|_2, \qquad g = \nabla_x l(x+\delta, y, \theta).

r = 0 if and only if delta meets the Karush-Kuhn-Tucker conditions on K. On the L2 sphere the
multiplier is <g, delta>/radius^2; a coordinate of the box at +-radius has the multiplier |g_i|,
negative if g_i points inwards. Source: ours (D12, D13 of the accompanying notes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.input_problem import InputProblem
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.solution import Solution

AT_THE_BOUNDARY = 1e-9  # relative; a projected point lies within rounding of the boundary


@dataclass(frozen=True)
class Face:
    """The active constraints: ``free`` (n, d) coordinates, sphere's ``normal`` (n, d), or 0.

    Tangent vectors are zero outside ``free`` and orthogonal to ``normal``.
    """

    free: Tensor
    normal: Tensor
    multiplier: Tensor  # (n,)

    def tangent(self, v: Tensor) -> Tensor:
        """The orthogonal projection on the tangent space: (n, d)."""
        v = v * self.free
        return v - self.normal * (self.normal * v).sum(1, keepdim=True)

    def at(self, rows: Tensor) -> Face:
        """Of some samples."""
        return Face(self.free[rows], self.normal[rows], self.multiplier[rows])


def residual(delta: Tensor, gradient: Tensor, ball: NormBall) -> Tensor:
    """|| P(delta + g) - delta ||_2: (n,)."""
    return torch.linalg.vector_norm(ball.project(delta + gradient) - delta, dim=1)


def at_boundary(delta: Tensor, ball: NormBall) -> Tensor:
    """Per coordinate for boxes, per sample (all coordinates) for spheres: (n, d) bool."""
    sizes = delta.abs() if ball.p == math.inf else ball.size(delta)[:, None].expand_as(delta)
    return sizes >= ball.radius * (1 - AT_THE_BOUNDARY)


def face(delta: Tensor, gradient: Tensor, ball: NormBall) -> Face:
    """The constraints that hold delta back: at the boundary, with the gradient outwards."""
    zero = torch.zeros_like(delta[:, 0])
    boundary = at_boundary(delta, ball)
    if ball.p == math.inf:
        return Face(~(boundary & (gradient * delta > 0)), torch.zeros_like(delta), zero)
    outwards = (gradient * delta).sum(1)
    held = boundary[:, 0] & (outwards > 0)
    unit = ball.dual_direction(delta)
    multiplier = torch.where(held, outwards / ball.radius**2, zero)
    return Face(torch.ones_like(boundary), torch.where(held[:, None], unit, 0.0), multiplier)


def complementarity(delta: Tensor, gradient: Tensor, ball: NormBall) -> Tensor:
    """The least multiplier of the constraints at the boundary, inf if there is none: (n,)."""
    boundary = at_boundary(delta, ball)
    if ball.p == math.inf:
        multipliers = gradient * delta.sign()
    else:
        multipliers = ((gradient * delta).sum(1) / ball.radius**2)[:, None].expand_as(delta)
    return torch.where(boundary, multipliers, math.inf).amin(1)


def measured(problem: InputProblem, delta: Tensor, ball: NormBall) -> Solution:
    """What can be said of given perturbations (n, d): gap NaN, no curvature."""
    values, gradient = problem.value_and_gradient(delta)
    found = face(delta, gradient, ball)
    return Solution(
        delta=delta.view_as(problem.x),
        value=values,
        residual=residual(delta, gradient, ball),
        multiplier=found.multiplier,
        active=at_boundary(delta, ball).view_as(problem.x),
        gap=torch.full_like(values, math.nan),
        p=float(ball.p),
        radius=float(ball.radius),
        complementarity=complementarity(delta, gradient, ball),
    )
