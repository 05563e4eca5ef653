r"""Exact projection onto a norm ball and a box of inputs at once.

.. math:: K(x) = \{\delta : \|\delta\|_p \le \epsilon,\; low \le x + \delta \le high\}.

0 is in K(x), so a coordinate only ever meets the side of the box that it points to: with the
magnitude a and the room b there, the projection is min(ta, b) for p = 2, clip(a - m, 0, b) for
p = 1, min(a, b, eps) for p = inf. One parameter, found exactly: from sorted breakpoints for p = 1,
by finitely many steps for p = 2; other p by the multiplier of ``multiplier.py``. "Ball, then clip"
is *not* this projection. Shapes (n, *shape).
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
        if self.p == math.inf:
            self.down, self.up = self.down.clamp(min=-self.radius), self.up.clamp(max=self.radius)
        else:
            self.rooms = self.up.flatten(1), -self.down.flatten(1)

    def _overhang(self) -> float:
        return max(float(self.down.max()), float(-self.up.min()))

    def project(self, delta: Tensor) -> Tensor:
        """The nearest point of K(x): (n, *shape)."""
        if self.p == math.inf:
            return delta.clamp(self.down, self.up)
        flat = delta.flatten(1)
        b = torch.where(flat >= 0, *self.rooms)
        if self.p == 2:
            t = stretch(flat.square(), b.square(), self.radius).sqrt()
            return (t * flat).view_as(delta).clamp(self.down, self.up)
        a = flat.abs()
        near = lowered(a, b, self.radius) if self.p == 1 else shrunk(a, b, self.radius, self.p)
        return (near * flat.sign()).view_as(delta)

    def dual_direction(self, gradient: Tensor) -> Tensor:
        """That of the ball."""
        return self.ball.dual_direction(gradient)


def stretch(squares: Tensor, room: Tensor, radius: float) -> Tensor:
    """The largest s <= 1 with sum of min(s a^2, b^2) <= radius^2, given a^2 and b^2 (n, d): (n, 1).

    The sum is concave and piecewise linear in s: Newton from the left climbs to the root in at most
    d + 1 steps, in practice a handful.
    """
    more = 1 + 4 * torch.finfo(squares.dtype).eps
    larger = (radius**2 / squares.sum(1, keepdim=True)).clamp(max=1).nan_to_num()
    while True:
        s = larger
        stretched = squares * s
        short = radius**2 - torch.minimum(stretched, room).sum(1, keepdim=True)
        slope = (squares * (room - stretched).clamp(min=0).sign()).sum(1, keepdim=True)
        larger = torch.fmax(s, s + short / slope).clamp(max=1)  # 0/0 leaves it as it is
        if not bool((larger > s * more).any()):
            return s


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
