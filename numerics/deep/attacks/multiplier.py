r"""Projection onto a p-ball, capped coordinate by coordinate, by one multiplier.

For magnitudes a >= 0 and caps b in [0, inf],

.. math:: z_i(m) = \min(s_i, b_i), \quad s_i + m\, s_i^{p-1} = a_i, \qquad \|z(m)\|_p = \epsilon.

z(m) decreases in m, and 1/||z(m)||_p is affine for p = 2 without caps: Newton on that function,
held in a bracket by bisection. Shapes: a, b (n, d). Source: KKT conditions, ours.
"""

from __future__ import annotations

import torch
from torch import Tensor

INNER, OUTER = 60, 200


def root(a: Tensor, m: Tensor, p: float) -> Tensor:
    """s >= 0 with s + m s^(p-1) = a.

    With k = max(p - 1, 1/(p - 1)) >= 1 the equation is u^k alpha + u beta = a, convex in u = s
    or u = s^(p-1): Newton from the right descends to the root.
    """
    k = max(p - 1, 1 / (p - 1))
    alpha, beta = (m, torch.ones_like(m)) if p >= 2 else (torch.ones_like(m), m)
    u = torch.minimum(a / beta, (a / alpha) ** (1 / k))
    for _ in range(INNER):
        slope = alpha * k * u ** (k - 1) + beta
        new = (u - (alpha * u**k + beta * u - a) / slope).clamp(min=0)
        if bool((new >= u).all()):  # rounding has ended the descent
            break
        u = torch.minimum(u, new)
    return u if p >= 2 else u**k


def derivative(s: Tensor, m: Tensor, p: float) -> Tensor:
    """ds/dm <= 0."""
    if p >= 2:
        return -(s ** (p - 1)) / (1 + m * (p - 1) * s ** (p - 2))
    return -s / (s ** (2 - p) + m * (p - 1))


def shrunk(a: Tensor, b: Tensor, radius: float, p: float) -> Tensor:
    """The magnitudes of the projection of a onto {0 <= z <= b, ||z||_p <= radius}: (n, d).

    >>> z = shrunk(torch.tensor([[3.0, 4.0]]), torch.tensor([[9.0, 9.0]]), 1.0, 3.0)
    >>> round(float((z**3).sum()), 6)
    1.0
    """
    z = torch.minimum(a, b)
    if radius == 0:
        return torch.zeros_like(z)
    outside = (_norm(z / radius, p) > 1)[:, 0]
    if bool(outside.any()):
        z[outside] = radius * _on_sphere(a[outside] / radius, b[outside] / radius, p)
    return z


def _norm(z: Tensor, p: float) -> Tensor:
    largest = z.amax(dim=1, keepdim=True).clamp(min=torch.finfo(z.dtype).tiny)
    return largest * torch.linalg.vector_norm(z / largest, ord=p, dim=1, keepdim=True)


def _on_sphere(a: Tensor, b: Tensor, p: float) -> Tensor:
    """As ``shrunk`` for radius 1 and rows whose capped magnitudes are longer than 1."""
    eps = torch.finfo(a.dtype).eps
    low = torch.zeros_like(a[:, :1])
    high = _norm(a, p / (p - 1))  # m = ||a - s||_q at the solution without caps; caps need less
    m, z, size = high / 2, a, low
    for _ in range(OUTER):
        s = root(a, m, p)
        z = torch.minimum(s, b)
        size = _norm(z, p)
        low, high = torch.where(size > 1, m, low), torch.where(size > 1, high, m)
        if bool(((size - 1).abs() <= 2 * eps).logical_or(high - low <= eps * high).all()):
            break
        slope = ((z / size) ** (p - 1) * derivative(s, m, p) * (s < b)).sum(1, keepdim=True)
        newton = m + (1 / size - 1) * size**2 / slope  # of 1/size - 1, whose slope is -slope/size^2
        inside = (newton > low) & (newton < high)  # False for NaN, too
        m = torch.where(inside, newton, (low + high) / 2)
    # only rounding is left to be removed, and never by leaving the caps
    return z * torch.where(size > 1, 1 / size, 1.0)
