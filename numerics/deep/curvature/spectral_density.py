r"""The distribution of the eigenvalues of a symmetric operator, by stochastic Lanczos quadrature.

.. math:: \frac1N \operatorname{tr} f(A) \approx \frac1K \sum_{k=1}^K \sum_{j=1}^m
          w_{kj}\, f(\vartheta_{kj}), \qquad w_{kj} = (e_1^\top s_{kj})^2.

Each of K random probes gives the Gauss rule of m nodes for its spectral measure, exact for
polynomials of degree 2m - 1; the mean over probes is unbiased for those. Source: Golub and
Meurant 1994; Ubaru, Chen, Saad 2017.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.curvature.lanczos import Krylov, random_unit


@dataclass(frozen=True)
class SpectralDensity:
    """Nodes and weights of each probe, (probes, steps); the weights of a probe sum to 1.

    Rules that end early (the Krylov space closed) are filled up with weight 0.
    """

    nodes: Tensor
    weights: Tensor
    products: int

    def mean(self, f: Callable[[Tensor], Tensor]) -> tuple[float, float]:
        """The estimate of tr f(A)/N and its standard error over probes (NaN for one probe)."""
        each = (self.weights * f(self.nodes)).sum(1)
        error = float(each.std()) / math.sqrt(len(each)) if len(each) > 1 else math.nan
        return float(each.mean()), error

    def cumulative(self, at: Tensor) -> Tensor:
        """The share of eigenvalues at most each point: shape of ``at``."""
        below = self.nodes[..., None] <= at.reshape(-1)
        return (self.weights[..., None] * below).sum(1).mean(0).view_as(at)

    def smoothed(self, at: Tensor, width: float) -> Tensor:
        """The density blurred by a Gaussian of standard deviation ``width``: shape of ``at``."""
        z = (at.reshape(-1) - self.nodes[..., None]) / width
        bells = torch.exp(-z.square() / 2) / (width * math.sqrt(2 * math.pi))
        return (self.weights[..., None] * bells).sum(1).mean(0).view_as(at)


def spectral_density(
    product: Callable[[Tensor], Tensor],
    like: Tensor,
    *,
    probes: int = 8,
    steps: int = 40,
    seed: int = 0,
) -> SpectralDensity:
    """The density of v -> A v for v like ``like`` (size,); probes x steps products.

    >>> a = torch.tensor([0.0, 1.0, 1.0, 4.0], dtype=torch.double)
    >>> found = spectral_density(lambda v: a * v, a, probes=1, steps=4)
    >>> found.nodes.round().abs(), found.products
    (tensor([[0., 1., 4.]], dtype=torch.float64), 3)
    """
    if probes < 1 or steps < 1:
        raise ValueError(f"{probes} probes of {steps} steps: expected at least one of each")
    rules = [gauss_rule(product, random_unit(like, seed + k), steps) for k in range(probes)]
    most = max(len(nodes) for nodes, _ in rules)
    nodes, weights = torch.zeros(probes, most).double(), torch.zeros(probes, most).double()
    for k, (node, weight) in enumerate(rules):
        nodes[k, : len(node)], weights[k, : len(node)] = node, weight
    return SpectralDensity(nodes, weights, sum(len(node) for node, _ in rules))


def gauss_rule(
    product: Callable[[Tensor], Tensor], start: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Nodes and weights, ascending, of the spectral measure of ``start``."""
    space = Krylov(product, start)
    while space.count < min(steps, start.numel()) and not space.closed:
        space.extend()
    values, columns = space.ritz()
    return values, columns[0].square()
