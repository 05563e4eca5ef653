r"""How the maximiser answers a change of the gradient in the input.

.. math:: S_i = \bigl(P_i(\lambda_i I - H_i)P_i\bigr)^{+}, \qquad D\delta_i^* = S_i C_i.

Small inputs: the matrices are formed with d products and factorised once. Large inputs: conjugate
gradients for all samples at once, and the least eigenvalue by Lanczos. Ours; sphere, interior and
box are one formula with P and lambda of ``free_directions``.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.batched_lanczos import least_eigenvalues
from numerics.deep.curvature.conjugate_gradients import conjugate_gradients
from numerics.deep.curvature.free_directions import FreeDirections, free_directions
from numerics.deep.curvature.hessian_products import SecondDerivatives
from numerics.deep.curvature.regular_points import NOT_CONCAVE, irregular, refuse_or_keep
from numerics.deep.objective import Objective

DENSE_UP_TO = 256  # d: at 256 a sample's matrix takes half a megabyte in float64


class AttackResponse:
    """S_i at the regular samples of a solution.

    ``kept`` (n,) bool and ``excluded`` (reason: count) say which samples of the solution are
    meant; ``floor`` is the least eigenvalue of each reduced matrix (inf at a vertex; without
    ``dense`` a Lanczos estimate from below); ``residual`` the worst relative residual of a solve.

    Raises ValueError (one sentence) at an irregular sample unless ``drop``.
    """

    def __init__(
        self,
        objective: Objective,
        theta: Tensor,
        x: Tensor,
        y: Tensor,
        solution: Solution,
        *,
        drop: bool = False,
        dense: bool | None = None,
        tolerance: float = 1e-8,
    ) -> None:
        if solution.delta.dtype != torch.float64 or theta.dtype != torch.float64:
            raise ValueError(f"theta of type {theta.dtype}: expected float64 to measure curvature")
        if solution.delta.shape != x.shape:
            raise ValueError(
                f"delta of shape {tuple(solution.delta.shape)}: expected that of x, "
                f"{tuple(x.shape)}"
            )
        self.dense = x[0].numel() <= DENSE_UP_TO if dense is None else dense
        self.residual = 0.0
        at = (x, y, solution)
        self._look(objective, theta, *at)
        first_order = irregular(solution, self.directions, self.derivatives.by_input, tolerance)
        self.kept, self.excluded = refuse_or_keep(first_order, drop)
        if self.excluded:
            at = (x[self.kept], y[self.kept], samples_of(solution, self.kept))
            self._look(objective, theta, *at)
        self.floor, self._inverse = self._factorise()
        concave, excluded = refuse_or_keep({NOT_CONCAVE: ~(self.floor > 0)}, drop)
        if excluded:
            at = (at[0][concave], at[1][concave], samples_of(at[2], concave))
            self._look(objective, theta, *at)
            self.floor, self._inverse = self._factorise()
            self.kept[self.kept.clone()] = concave
            self.excluded |= excluded

    def _look(
        self, objective: Objective, theta: Tensor, x: Tensor, y: Tensor, solution: Solution
    ) -> None:
        self.derivatives = SecondDerivatives(objective, theta, x + solution.delta, y)
        self.directions = free_directions(solution, self.derivatives.by_input)

    def _factorise(self) -> tuple[Tensor, Tensor | None]:
        if self.dense:
            return dense_inverse(self.reduced_matrices(), self.directions)
        directions = self.directions
        return least_eigenvalues(self.reduced, directions.project, directions.free), None

    def reduced(self, w: Tensor) -> Tensor:
        """P_i (lambda_i I - H_i) P_i w_i: (n, d)."""
        tangent = self.directions.project(w)
        image = self.derivatives.input_hessian(tangent)
        return self.directions.project(self.directions.multiplier[:, None] * tangent - image)

    def reduced_matrices(self) -> Tensor:
        """P_i (lambda_i I - H_i) P_i: (n, d, d), by d products."""
        like = self.directions.free
        rows = [self.reduced(unit.expand_as(like)) for unit in torch.eye(like.shape[1]).to(like)]
        matrices = torch.stack(rows, dim=1)
        return (matrices + matrices.mT) / 2

    def solve(self, w: Tensor) -> Tensor:
        """S_i w_i: (n, d)."""
        b = self.directions.project(w)
        if self._inverse is not None:
            return self.directions.project(torch.einsum("nij,nj->ni", self._inverse, b))
        s, residual = conjugate_gradients(self.reduced, b)
        self.residual = max(self.residual, float(residual.max()))
        return self.directions.project(s)


def dense_inverse(matrices: Tensor, directions: FreeDirections) -> tuple[Tensor, Tensor]:
    """Least eigenvalues on the range of P, (n,), and pseudo-inverses, (n, d, d)."""
    count, size = matrices.shape[:2]
    units = torch.eye(size).to(matrices).expand(count, size, size)
    held = torch.stack([directions.held(units[:, j]) for j in range(size)], dim=1)
    # Off the range of P the matrix is 0: a large multiple of I - P keeps that out of the minimum.
    shift = 1 + 2 * torch.linalg.matrix_norm(matrices)[:, None, None]
    values, vectors = torch.linalg.eigh(matrices + shift * held)
    least = torch.where(directions.dimension() > 0, values[:, 0], torch.inf)
    return least, (vectors / values[:, None, :]) @ vectors.mT


def samples_of(solution: Solution, keep: Tensor) -> Solution:
    """The solution at some of its samples; keep (n,) bool or indices."""
    parts = {field.name: getattr(solution, field.name) for field in dataclasses.fields(solution)}
    tensors = {name: part[keep] for name, part in parts.items() if isinstance(part, Tensor)}
    return dataclasses.replace(solution, **tensors)
