r"""Conjugate gradients for many positive definite systems at once.

.. math:: A_i s_i = b_i, \qquad \text{residual}_i = \|A_i s_i - b_i\| / \|b_i\|.

One product with all A_i serves all systems; a system that is done stays still. A direction of
non-positive curvature is an error, not a solution. Source: Hestenes and Stiefel 1952.
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.curvature.hessian_products import Product


def conjugate_gradients(
    product: Product, b: Tensor, tolerance: float = 1e-11, most: int | None = None
) -> tuple[Tensor, Tensor]:
    """Solutions (n, d) and true relative residuals (n,) of A_i s_i = b_i; b (n, d).

    >>> scale = torch.tensor([[1.0, 4.0], [2.0, 5.0]], dtype=torch.double)
    >>> s, residual = conjugate_gradients(lambda w: scale * w, torch.ones_like(scale))
    >>> bool(torch.allclose(s, 1 / scale)), bool(residual.max() < 1e-11)
    (True, True)
    """
    scale = b.norm(dim=1).clamp_min(torch.finfo(b.dtype).tiny)
    s, r = torch.zeros_like(b), b.clone()
    direction, square = r.clone(), r.square().sum(1)
    for _ in range(most or 4 * b.shape[1] + 10):
        going = square.sqrt() > tolerance * scale
        if not bool(going.any()):
            break
        image = product(direction)
        curvature = (direction * image).sum(1)
        if bool((going & (curvature <= 0)).any()):
            raise ValueError("conjugate gradients: expected positive definite matrices")
        step = torch.where(going, square / torch.where(going, curvature, 1.0), 0.0)[:, None]
        s, r = s + step * direction, r - step * image
        square, before = r.square().sum(1), square
        turn = torch.where(going, square / torch.where(going, before, 1.0), 0.0)[:, None]
        direction = r + turn * direction
    return s, (product(s) - b).norm(dim=1) / scale
