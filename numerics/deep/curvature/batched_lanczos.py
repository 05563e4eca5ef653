r"""Extreme eigenvalues of many small symmetric matrices at once, without forming them.

.. math:: \lambda_{\min}(A_i) \approx \vartheta_i - r_i, \qquad
          \lambda_{\max}(A_i) \approx \vartheta_i + r_i.

Each product serves all samples. Outward by the residual r: estimates, since some eigenvalue lies
within r of the Ritz value but a still more extreme one, close to it, may not be seen yet (on small
networks: 3 % at most). An eigenvalue far from the others is seen first. Full reorthogonalisation.
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.curvature.hessian_products import Product
from numerics.deep.curvature.lanczos import CLOSED, random_unit


def least_eigenvalues(
    product: Product, project: Product, like: Tensor, *, accuracy: float = 0.02, most: int = 120
) -> Tensor:
    """A lower estimate of the least eigenvalue on the range of P_i: (n,); inf where P_i = 0.

    ``like`` (n, d) gives shape, type and device. ``accuracy`` is relative to the value.

    >>> a = torch.tensor([[1.0, 2.0, 3.0], [-1.0, 2.0, 5.0]], dtype=torch.double)
    >>> least_eigenvalues(lambda w: a * w, lambda w: w, a).round(decimals=6)
    tensor([ 1., -1.], dtype=torch.float64)
    """
    return -greatest_eigenvalues(lambda w: -product(w), project, like, accuracy=accuracy, most=most)


def greatest_eigenvalues(
    product: Product, project: Product, like: Tensor, *, accuracy: float = 0.02, most: int = 120
) -> Tensor:
    """An upper estimate of the greatest eigenvalue on the range of P_i: (n,); -inf if P_i = 0."""
    start = project(random_unit(like))
    empty = start.norm(dim=1) < 1e-12
    basis, alpha, beta = [unit_rows(start)], [], []
    while True:
        image = project(product(basis[-1]))
        alpha.append((image * basis[-1]).sum(1))
        rest = orthogonal(orthogonal(image, basis), basis)
        size = rest.norm(dim=1)
        scale = image.norm(dim=1).clamp_min(torch.finfo(like.dtype).tiny)
        closed = (size <= CLOSED * scale) | (basis[-1].norm(dim=1) < 0.5)
        beta.append(torch.where(closed, 0.0, size))
        ritz, residual = last_ritz(alpha, beta)
        done = bool((residual <= accuracy * ritz.abs() + CLOSED).all())
        if done or len(alpha) >= min(most, like.shape[1]):
            return torch.where(empty, -torch.inf, ritz + residual)
        basis.append(torch.where(closed[:, None], 0.0, unit_rows(rest)))


def last_ritz(alpha: list[Tensor], beta: list[Tensor]) -> tuple[Tensor, Tensor]:
    """The greatest Ritz value and its residual: both (n,).

    After the space of a sample has closed its basis vectors are zero; the first Rayleigh quotient,
    which lies within the spectrum, fills its diagonal, so that no Ritz value 0 is made up.
    """
    diagonal, off = torch.stack(alpha, 1), torch.stack(beta, 1)
    closed = torch.cat([torch.zeros_like(off[:, :1]), off[:, :-1]], 1) == 0
    closed[:, 0] = False
    closed = closed.cumsum(1) > 0
    diagonal = torch.where(closed, diagonal[:, :1], diagonal)
    inner = torch.where(closed[:, 1:], 0.0, off[:, :-1])
    matrix = torch.diag_embed(diagonal)
    matrix = matrix + torch.diag_embed(inner, 1) + torch.diag_embed(inner, -1)
    values, vectors = torch.linalg.eigh(matrix)
    return values[:, -1], off[:, -1] * vectors[:, -1, -1].abs()


def orthogonal(w: Tensor, basis: list[Tensor]) -> Tensor:
    """w_i without its parts along the basis of sample i."""
    for q in basis:
        w = w - (w * q).sum(1, keepdim=True) * q
    return w


def unit_rows(w: Tensor) -> Tensor:
    """Rows of length one; zero rows stay zero."""
    size = w.norm(dim=1, keepdim=True)
    return torch.where(size > 1e-12 * size.max(), w / size.clamp_min(1e-300), 0.0)
