r"""Norm balls: sizes, exact projections, steepest directions, uniform points; per sample.

.. math:: B = \{\delta : \|\delta\|_p \le \epsilon\}, \qquad
          P_B(d) = \arg\min_{\delta \in B} \|\delta - d\|_2, \qquad
          v(g) \in \arg\max_{\|v\|_p \le 1} \langle g, v\rangle.

Tensors are (n, *shape); norms are over all axes of a sample; radius in the unit of x. p = 1 by
sorting, p = 2 by scaling, p = inf by clipping, other p > 1 by one multiplier.

Source of the sorting: Duchi et al. 2008; of the uniform points: Barthe et al. 2005.

>>> NormBall(2, 1.0).project(torch.tensor([[3.0, 4.0]]))
tensor([[0.6000, 0.8000]])
>>> NormBall(1, 1.0).project(torch.tensor([[3.0, 2.5]]))
tensor([[0.7500, 0.2500]])
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.inputs import per_sample
from numerics.deep.attacks.multiplier import shrunk
from numerics.sentences import Malformed


@dataclass(frozen=True)
class NormBall:
    """{delta : ||delta||_p <= radius}, 1 <= p <= inf, 0 <= radius < inf."""

    p: float
    radius: float

    def __post_init__(self) -> None:
        if not self.p >= 1:
            raise Malformed(f"norm ball: p = {self.p}, expected 1 <= p <= inf")
        if not 0 <= self.radius < math.inf:
            raise Malformed(f"norm ball: radius = {self.radius}, expected a number >= 0")

    @property
    def dual(self) -> float:
        """q with 1/p + 1/q = 1."""
        if self.p == 1:
            return math.inf
        return 1.0 if self.p == math.inf else self.p / (self.p - 1)

    def size(self, delta: Tensor) -> Tensor:
        """||delta_i||_p: (n,)."""
        return norm(delta.flatten(1), self.p)

    def project(self, delta: Tensor) -> Tensor:
        """The nearest point of the ball: (n, *shape); points inside are returned as they are."""
        if self.p == math.inf:
            return delta.clamp(-self.radius, self.radius)
        if self.p == 2:
            return delta * per_sample(shrinkage(self.size(delta), self.radius), delta)
        flat = delta.flatten(1)
        magnitudes = flat.abs()
        near = (
            soft_thresholded(magnitudes, self.radius)
            if self.p == 1
            else shrunk(magnitudes, torch.full_like(flat, math.inf), self.radius, self.p)
        )
        inside = self.size(delta) <= self.radius
        return torch.where(inside[:, None], flat, near * flat.sign()).view_as(delta)

    def dual_direction(self, gradient: Tensor) -> Tensor:
        """v with ||v||_p = 1 and <g, v> = ||g||_q; 0 where g is 0."""
        if self.p == math.inf:
            return gradient.sign()
        flat = gradient.flatten(1)
        if self.p == 2:
            tiny = torch.finfo(flat.dtype).tiny
            sizes = torch.linalg.vector_norm(flat, dim=1).clamp(min=tiny)
            return gradient / per_sample(sizes, gradient)
        largest = flat.abs().amax(dim=1, keepdim=True)
        if self.p == 1:  # one vertex of the cross-polytope, the first of those that tie
            place = flat.abs().argmax(dim=1, keepdim=True)
            vertex = torch.zeros_like(flat).scatter_(1, place, 1.0)
            return (vertex * flat.sign()).view_as(gradient)
        weights = (flat.abs() / largest.clamp(min=torch.finfo(flat.dtype).tiny)) ** (self.dual - 1)
        sizes = norm(weights, self.p)[:, None].clamp(min=torch.finfo(flat.dtype).tiny)
        return (flat.sign() * weights / sizes).view_as(gradient)

    def uniform(self, like: Tensor, generator: torch.Generator) -> Tensor:
        """Points uniform in the ball, shaped like ``like``, drawn where the generator lives."""
        shape = (len(like), math.prod(like.shape[1:]))
        drawn = _uniform(shape, self.p, generator, like.dtype)
        return (self.radius * drawn).to(like.device).view(like.shape)


def norm(flat: Tensor, p: float) -> Tensor:
    """||.||_p of the rows; scaled, so that large p neither over- nor underflows."""
    if p in (1, 2, math.inf):
        return torch.linalg.vector_norm(flat, ord=p, dim=1)
    largest = flat.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(flat.dtype).tiny)
    return largest[:, 0] * torch.linalg.vector_norm(flat / largest, ord=p, dim=1)


def shrinkage(sizes: Tensor, radius: float) -> Tensor:
    """min(1, radius / size)."""
    return torch.where(sizes > radius, radius / sizes, 1.0)


def soft_thresholded(magnitudes: Tensor, radius: float) -> Tensor:
    """max(a - m, 0) with the m at which the sum of a row is the radius; for rows outside."""
    ranked = magnitudes.sort(dim=1, descending=True).values
    excess = ranked.cumsum(dim=1) - radius
    count = torch.arange(1, ranked.shape[1] + 1, dtype=ranked.dtype, device=ranked.device)
    kept = (ranked * count > excess).sum(dim=1, keepdim=True).clamp(min=1)
    return (magnitudes - excess.gather(1, kept - 1) / kept).clamp(min=0)


def _uniform(
    shape: tuple[int, int], p: float, generator: torch.Generator, dtype: torch.dtype
) -> Tensor:
    place = {"dtype": dtype, "device": generator.device}
    if p == math.inf:
        return torch.rand(shape, generator=generator, **place) * 2 - 1
    # |g|^p is Gamma(1/p) for g of density exp(-|g|^p); with one exponential more in the norm, g
    # over that norm is uniform in the ball.
    powers = torch._standard_gamma(torch.full(shape, 1 / p, **place), generator=generator)
    extra = torch.empty(shape[0], **place).exponential_(generator=generator)
    signs = torch.randint(0, 2, shape, generator=generator, device=generator.device) * 2 - 1
    return signs * (powers / (powers.sum(dim=1) + extra)[:, None]) ** (1 / p)
