r"""Exact projection onto a norm ball and a box of inputs at once.

.. math:: K(x) = \{\delta : \|\delta\|_p \le \epsilon,\; low \le x + \delta \le high\}.

0 is in K(x), so a coordinate only ever meets the side of the box that it points to: with the
magnitude a and the room b there, the projection is min(ta, b) for p = 2, clip(a - m, 0, b) for
p = 1, min(a, b, eps) for p = inf. One parameter, found exactly from sorted breakpoints; other p by
the multiplier of ``multiplier.py``. "Ball, then clip" is *not* this projection. Shapes (n, *shape).
Source: KKT conditions, ours.

>>> K = BallAndBox(NormBall(2, 1.0), torch.tensor([[0.0, 0.75]]), 0.0, 1.0)
>>> K.project(torch.tensor([[3.0, 4.0]]))
tensor([[0.9682, 0.2500]])
"""

from __future__ import annotations

import math
from typing import TypeAlias

import torch
from torch import Tensor

from numerics.deep.attacks.multiplier import shrunk
from numerics.deep.attacks.norm_balls import NormBall
from numerics.sentences import Malformed

Side: TypeAlias = float | Tensor
Box: TypeAlias = tuple[Side, Side]


class BallAndBox:
    """The perturbations of x in the ball that keep x + delta within [low, high]."""

    def __init__(self, ball: NormBall, x: Tensor, low: Side, high: Side) -> None:
        self.ball, self.p, self.radius = ball, ball.p, ball.radius
        self.down, self.up = low - x, high - x
        if bool((self.down > 0).any()) or bool((self.up < 0).any()):
            raise Malformed(
                f"ball and box: x leaves the box by {self._overhang():.3g}, "
                "expected low <= x <= high in every coordinate"
            )

    def _overhang(self) -> float:
        return max(float(self.down.max()), float(-self.up.min()))

    def project(self, delta: Tensor) -> Tensor:
        """The nearest point of K(x): (n, *shape)."""
        if self.p == math.inf:
            return delta.clamp(-self.radius, self.radius).clamp(self.down, self.up)
        flat = delta.flatten(1)
        a = flat.abs()
        b = torch.where(flat >= 0, self.up.flatten(1), -self.down.flatten(1))
        if self.p == 2:
            near = scaled(a, b, self.radius)
        elif self.p == 1:
            near = lowered(a, b, self.radius)
        else:
            near = shrunk(a, b, self.radius, self.p)
        return (near * flat.sign()).view_as(delta)

    def dual_direction(self, gradient: Tensor) -> Tensor:
        """That of the ball."""
        return self.ball.dual_direction(gradient)


def scaled(a: Tensor, b: Tensor, radius: float) -> Tensor:
    """min(t a, b) with the largest t <= 1 at which the row is no longer than the radius: (n, d).

    Between the sorted breakpoints t_k = b/a the squared length is B_k + t^2 A_k.
    """
    breaks = torch.where(a > 0, b / torch.where(a > 0, a, 1.0), math.inf)
    breaks, order = breaks.sort(dim=1)
    zero = torch.zeros_like(a[:, :1])
    capped = torch.cat([zero, (b.gather(1, order) ** 2).cumsum(1)], 1)
    squares = a.gather(1, order) ** 2
    free = torch.cat([squares.flip(1).cumsum(1).flip(1), zero], 1)
    # NaN (a side at infinity) compares False, as it should: that breakpoint is never reached
    reached = (capped[:, 1:] + breaks**2 * free[:, 1:] <= radius**2).sum(1, keepdim=True)
    rest = (radius**2 - capped.gather(1, reached)).clamp(min=0)
    t = (rest / free.gather(1, reached)).sqrt()
    t = torch.where(torch.isnan(t), 1.0, t).clamp(max=1)
    return torch.minimum(t * a, b)


def lowered(a: Tensor, b: Tensor, radius: float) -> Tensor:
    """clip(a - m, 0, b) with the least m >= 0 at which the row sums to at most the radius: (n, d).

    The sum falls from m = (a - b)+ on, until m = a: linear between these breakpoints.
    """
    total = torch.minimum(a, b).sum(1, keepdim=True)
    breaks, order = torch.cat([(a - b).clamp(min=0), a], 1).sort(dim=1, stable=True)
    sign = torch.cat([torch.ones_like(a), -torch.ones_like(a)], 1)
    falling = sign.gather(1, order).cumsum(1)  # how many coordinates fall after each breakpoint
    fallen = (falling[:, :-1] * breaks.diff(dim=1)).cumsum(1)
    sums = total - torch.cat([breaks[:, :1] * 0, fallen], 1)
    last = ((sums >= radius).sum(1, keepdim=True) - 1).clamp(min=0)
    slope = falling.gather(1, last).clamp(min=1)
    m = breaks.gather(1, last) + (sums.gather(1, last) - radius) / slope
    m = torch.where(total > radius, m, 0.0)
    return torch.minimum((a - m).clamp(min=0), b)
