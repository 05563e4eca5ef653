r"""The largest eigenvalues of a symmetric operator, by Lanczos with a stop on the eigenvalue.

.. math:: |\lambda_j - \vartheta_j| \le \min(r_j,\ r_j^2 / \mathrm{gap}_j), \qquad
          r_j = \beta_m |e_m^\top s_j|.

The quadratic bound stops earlier than the residual r (Parlett 1998, Kato-Temple). The gap is
that to the other Ritz values: an estimate, as they stand for eigenvalues. Full
reorthogonalisation: the Ritz values have no copies. A Krylov space sees one vector of each
eigenspace; when it closes it goes on in a random direction, which finds further copies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

CLOSED = 1e-13  # relative to the operator's size: below, the Krylov space is invariant


def random_unit(like: Tensor, seed: int = 0) -> Tensor:
    """A uniformly random unit vector of the shape, type and device of ``like``."""
    generator = torch.Generator().manual_seed(seed)  # on the CPU: the same on every device
    drawn = torch.randn(like.shape, generator=generator, dtype=torch.float64)
    return (drawn / drawn.norm()).to(like)


class Krylov:
    """The orthonormal basis and tridiagonal matrix of a symmetric operator, grown step by step."""

    def __init__(self, product: Callable[[Tensor], Tensor], start: Tensor) -> None:
        self.product, self.count = product, 0
        self.alpha: list[float] = []
        self.beta: list[float] = []
        self._basis = start.new_empty(16, start.numel())
        self._next = start / start.norm()
        self._scale = 0.0

    @property
    def basis(self) -> Tensor:
        """(count, size), orthonormal rows."""
        return self._basis[: self.count]

    @property
    def closed(self) -> bool:
        """Whether the space is invariant: there is no next vector."""
        return bool(self.beta) and self.beta[-1] <= CLOSED * self._scale

    def extend(self) -> None:
        """One product more."""
        if self.count == len(self._basis):
            self._basis = torch.cat([self._basis, torch.empty_like(self._basis)])
        self._basis[self.count] = self._next
        self.count += 1
        image = self.product(self._next)
        if not bool(image.isfinite().all()):
            raise ValueError(f"Lanczos, product {self.count}: expected finite values")
        self.alpha.append(float(image @ self._next))
        self._scale = max(self._scale, float(image.norm()))
        rest = self.orthogonal(image)
        self.beta.append(float(rest.norm()))
        self._next = rest / self.beta[-1] if self.beta[-1] else rest

    def orthogonal(self, w: Tensor) -> Tensor:
        """w without its part in the space; twice is enough (Kahan and Parlett)."""
        for _ in range(2):
            w = w - self.basis.mT @ (self.basis @ w)
        return w

    def restart(self, seed: int) -> None:
        """Go on in a random direction orthogonal to an invariant space."""
        fresh = self.orthogonal(random_unit(self._next, seed))
        self.beta[-1] = 0.0
        self._next = fresh / fresh.norm()

    def ritz(self) -> tuple[Tensor, Tensor]:
        """Eigenvalues (count,), ascending, and eigenvectors in columns, of the tridiagonal."""
        off = torch.tensor(self.beta[:-1], dtype=torch.float64)
        matrix = torch.diag(torch.tensor(self.alpha, dtype=torch.float64))
        matrix = matrix + torch.diag(off, 1) + torch.diag(off, -1)
        values, vectors = torch.linalg.eigh(matrix)
        return values, vectors


@dataclass(frozen=True)
class Eigenpairs:
    """The k largest eigenvalues, descending, with bounds on their errors."""

    values: Tensor  # (k,)
    vectors: Tensor  # (k, size)
    bounds: Tensor  # (k,)
    products: int
    converged: bool


def top(
    product: Callable[[Tensor], Tensor],
    start: Tensor,
    k: int = 1,
    *,
    tolerance: float = 1e-3,
    absolute: float = 0.0,
    most: int = 200,
) -> Eigenpairs:
    """The k largest (not: of largest size) eigenvalues, each to relative error ``tolerance``.

    An error of ``absolute`` will do as well: set it where an eigenvalue may be 0.
    start (size,) as from ``random_unit``; at most ``most`` products, then ``converged`` is false.
    The smallest eigenvalues are minus the largest of minus the operator.

    >>> diagonal = torch.arange(50, dtype=torch.double)
    >>> found = top(lambda v: diagonal * v, random_unit(diagonal), k=2, tolerance=1e-10)
    >>> bool((found.values - torch.tensor([49.0, 48.0])).abs().max() < 1e-8), found.converged
    (True, True)
    """
    if not 1 <= k <= start.numel():
        raise ValueError(f"k = {k}: expected 1 to {start.numel()} eigenvalues")
    space = Krylov(product, start)
    seen: Tensor | None = None  # the values when the space last closed
    while True:
        space.extend()
        whole = space.count == start.numel()
        values, columns = space.ritz()
        bounds = error_bounds(values, columns, 0.0 if whole or space.closed else space.beta[-1])
        values, columns, bounds = values.flip(0)[:k], columns.flip(1)[:, :k], bounds.flip(0)[:k]
        small = bounds <= (tolerance * values.abs()).clamp_min(absolute)
        enough = space.count >= k and bool(small.all())
        if k > 1 and (space.closed or seen is not None):  # another copy may lie outside
            enough &= space.closed and unchanged(seen, values)
        if enough or whole or space.count >= most:
            vectors = columns.mT.to(space.basis) @ space.basis
            return Eigenpairs(values, vectors, bounds, space.count, enough or whole)
        if space.closed:
            seen = values
            space.restart(space.count)


def unchanged(before: Tensor | None, now: Tensor) -> bool:
    """Whether a new block of the space brought none of the largest values."""
    return before is not None and before.shape == now.shape and torch.allclose(before, now)


def error_bounds(values: Tensor, columns: Tensor, beta: float) -> Tensor:
    """min(r, r²/gap) of every Ritz value; values ascending, eigenvectors in columns."""
    residual = beta * columns[-1].abs()
    if len(values) == 1:
        return residual
    apart = values.diff()
    infinite = apart.new_full((1,), torch.inf)
    gap = torch.minimum(torch.cat([infinite, apart]), torch.cat([apart, infinite]))
    tiny = torch.finfo(values.dtype).tiny
    return torch.minimum(residual, residual.square() / gap.clamp_min(tiny))
