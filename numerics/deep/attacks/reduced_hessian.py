r"""The Hessian of the Lagrangian on the tangent space of the active constraints, per sample.

.. math:: K_T = P(\lambda I - H)P, \qquad K_T s = P g, \qquad \mu = \lambda_{\min}(K_T).

Steps are dense for few free coordinates (columns by Hessian products, Cholesky; where K_T is
indefinite, its eigenvalues by their moduli, so that s ascends), and by conjugate gradients for
more, cut short at negative curvature. mu > 0 is the second-order sufficient condition: exact for
inputs of up to ``DENSE`` numbers; beyond, the least Ritz value of Lanczos, which is an upper
estimate. Shapes (n, d), float64. Source: ours (D12, D13).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from numerics.deep.attacks.input_problem import Product
from numerics.deep.attacks.optimality import Face

DENSE = 256  # columns that are affordable
FEW = 24  # columns that cost no more than conjugate gradients do
LANCZOS = 60


def step(
    product: Product,
    face: Face,
    gradient: Tensor,
    radius: float,
    accuracy: float,
    columns: int = FEW,
) -> Tensor:
    """An ascent direction, Newton's where K_T is positive definite: (n, d), tangent.

    Dense if no sample has more free coordinates than ``columns``.
    """
    reduced = face.tangent(gradient)
    # no eigenvalue below this: the step stays of the size of the ball, and Newton's near the end
    floor = 0.1 * torch.linalg.vector_norm(reduced, dim=1) / (radius * gradient.shape[1] ** 0.5)
    if int(face.free.sum(1).max()) <= columns:
        return _dense_step(product, face, reduced, floor)
    return _conjugate_gradients(product, face, reduced, floor, accuracy)


def margin(product: Product, face: Face) -> Tensor:
    """mu: (n,); inf where the tangent space is a point."""
    if face.free.shape[1] <= DENSE:
        matrix, places, exists = dense(product, face)
        if not matrix.shape[1]:
            return torch.full_like(face.multiplier, math.inf)
        # one more than any eigenvalue, so that the filled directions are never the least
        fill = torch.linalg.matrix_norm(matrix) + 1
        least = torch.linalg.eigvalsh(filled(matrix, places, exists, face, fill))[:, 0]
    else:
        least = _least_ritz_value(product, face)
    free = face.free.sum(1) - (face.normal != 0).any(1).to(torch.int64)
    return torch.where(free > 0, least, math.inf)


def dense(product: Product, face: Face) -> tuple[Tensor, Tensor, Tensor]:
    """K_T on the free coordinates (n, k, k), their places (n, k), and which exist (n, k).

    k is the largest number of free coordinates; other directions are left at 0.
    """
    k = int(face.free.sum(1).max())
    ranked = face.free.to(torch.int8).argsort(dim=1, descending=True, stable=True)
    places = ranked[:, :k]
    exists = face.free.gather(1, places)
    zero = torch.zeros_like(face.normal)
    units = (zero.scatter(1, places[:, j : j + 1], 1.0) for j in range(k))
    columns = [product(unit).gather(1, places) for unit in units]
    hessian = torch.stack(columns, 2) if k else face.normal.new_zeros(len(places), 0, 0)
    matrix = -0.5 * (hessian + hessian.mT) * (exists[:, :, None] & exists[:, None, :])
    matrix.diagonal(dim1=1, dim2=2).add_(face.multiplier[:, None] * exists)
    u = face.normal.gather(1, places)[:, :, None]
    matrix = matrix - u @ (u.mT @ matrix)
    return matrix - (matrix @ u) @ u.mT, places, exists


def filled(matrix: Tensor, places: Tensor, exists: Tensor, face: Face, fill: Tensor) -> Tensor:
    """K_T with the eigenvalue ``fill`` (n,) on the normal and on places that do not exist."""
    u = face.normal.gather(1, places)[:, :, None]
    full = matrix + fill[:, None, None] * (u @ u.mT)
    full.diagonal(dim1=1, dim2=2).add_(fill[:, None] * ~exists)
    return full


def _dense_step(product: Product, face: Face, reduced: Tensor, floor: Tensor) -> Tensor:
    matrix, places, exists = dense(product, face)
    if not matrix.shape[1]:
        return torch.zeros_like(reduced)
    full = filled(matrix, places, exists, face, torch.linalg.matrix_norm(matrix) + 1)
    right = reduced.gather(1, places) * exists
    factor, failed = torch.linalg.cholesky_ex(full)
    solved = torch.cholesky_solve(right[:, :, None], factor)[:, :, 0]
    indefinite = failed > 0
    if bool(indefinite.any()):
        values, vectors = torch.linalg.eigh(full[indefinite])
        moduli = torch.maximum(values.abs(), floor[indefinite, None])
        parts = (vectors.mT @ right[indefinite, :, None])[:, :, 0] / moduli
        solved[indefinite] = (vectors @ parts[:, :, None])[:, :, 0]
    return face.tangent(torch.zeros_like(reduced).scatter(1, places, solved * exists))


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum(1, keepdim=True)


def applied(product: Product, face: Face, v: Tensor) -> Tensor:
    """K_T v for tangent v: (n, d)."""
    return face.tangent(face.multiplier[:, None] * v - product(v))


def _conjugate_gradients(
    product: Product, face: Face, right: Tensor, floor: Tensor, accuracy: float
) -> Tensor:
    """K_T s = right, each row to its own end: accuracy, or curvature below the floor."""
    s, r, d = torch.zeros_like(right), right.clone(), right.clone()
    rho = _dot(r, r)
    goal = rho * accuracy**2
    going = rho > 0
    for count in range(min(right.shape[1], 500)):
        kd = applied(product, face, d)
        curvature, length = _dot(d, kd), _dot(d, d)
        positive = curvature > floor[:, None] * length * 1e-3
        if not count:  # the first direction is the gradient: at least that step is made
            away = torch.maximum(curvature.abs() / length.clamp(min=1e-300), floor[:, None])
            s = torch.where(going & ~positive, right / away.clamp(min=1e-300), s)
        going = going & positive
        alpha = torch.where(going, rho / torch.where(going, curvature, 1.0), 0.0)
        s, r = s + alpha * d, r - alpha * kd
        new = _dot(r, r)
        going = going & (new > goal)
        if not bool(going.any()):
            break
        d = torch.where(going, r + new / rho.clamp(min=1e-300) * d, d)
        rho = new
    return s


def _least_ritz_value(product: Product, face: Face) -> Tensor:
    """The least eigenvalue of K_T seen by Lanczos with full reorthogonalisation: (n,)."""
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(face.free.shape[1], generator=generator, dtype=torch.float64)
    q = face.tangent(start.to(face.normal).expand_as(face.normal).clone())
    basis: list[Tensor] = []
    images: list[Tensor] = []
    scale = torch.zeros_like(q[:, :1])
    for _ in range(min(LANCZOS, face.free.shape[1])):
        for _twice in range(2):
            for b in basis:
                q = q - _dot(b, q) * b
            q = face.tangent(q)
        length = _dot(q, q).sqrt()
        q = torch.where(length > 1e-9 * scale, q / length.clamp(min=1e-300), 0.0)
        basis.append(q)
        q = applied(product, face, q)
        images.append(q)
        scale = torch.maximum(scale, _dot(q, q).sqrt())
    v, kv = torch.stack(basis, 2), torch.stack(images, 2)
    ritz = v.mT @ kv
    exhausted = (v == 0).all(1)  # a Krylov space that closed early: its zeros are no eigenvalues
    ritz.diagonal(dim1=1, dim2=2).add_(exhausted * (torch.linalg.matrix_norm(ritz)[:, None] + 1))
    return torch.linalg.eigvalsh(0.5 * (ritz + ritz.mT))[:, 0]
