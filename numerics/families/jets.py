r"""Second-order jets: value, gradient and Hessian carried through affine maps and activations.

.. math:: \nabla^2 f(z) = f'(z)\,\nabla^2 z + f''(z)\,\nabla z\,\nabla z^\top

No differences are taken: derivatives are exact up to rounding.
Shapes: N points, m components, k variables: value (N, m), gradient (N, m, k), hessian
(N, m, k, k).  Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array


@dataclass(frozen=True)
class Jet:
    """m functions of k variables at N points."""

    value: Array
    gradient: Array
    hessian: Array

    def affine(self, weight: Array, bias: Array) -> Jet:
        """W z + b for constants W (l, m), b (l,)."""
        n, m, k = self.gradient.shape
        hessian = weight @ self.hessian.reshape(n, m, k * k)
        return Jet(
            self.value @ weight.T + bias,
            weight @ self.gradient,
            hessian.reshape(n, len(weight), k, k),
        )

    def affine_in_variables(self, weight: Array, bias: Array, w: Array, b: Array | None) -> Jet:
        """W z + b where W and b are variables themselves, at the places w (l, m) and b (l,).

        z must not depend on them; without b the bias is a constant.
        """
        out = self.affine(weight, bias)
        rows = np.arange(len(weight))
        if b is not None:
            out.gradient[:, rows, b] += 1.0
        for j in range(weight.shape[1]):
            out.gradient[:, rows, w[:, j]] += self.value[:, j, None]
            for i in rows:
                out.hessian[:, i, w[i, j], :] += self.gradient[:, j]
                out.hessian[:, i, :, w[i, j]] += self.gradient[:, j]
        return out

    def apply(self, f: Array, first: Array, second: Array) -> Jet:
        """f(z), from f, f' and f'' at z, each (N, m)."""
        outer = self.gradient[..., :, None] * self.gradient[..., None, :]
        hessian = first[..., None, None] * self.hessian + second[..., None, None] * outer
        return Jet(f, first[..., None] * self.gradient, hessian)


def variables(points: Array, count: int, first: int = 0) -> Jet:
    """The identity: the columns of ``points`` (N, m) are variables first, first + 1, ... of count.

    >>> square = variables(np.array([[3.0]]), 1).apply(*(np.array([[v]]) for v in (9.0, 6.0, 2.0)))
    >>> square.gradient.item(), square.hessian.item()
    (6.0, 2.0)
    """
    n, m = points.shape
    gradient = np.zeros((n, m, count))
    gradient[:, np.arange(m), first + np.arange(m)] = 1.0
    return Jet(points, gradient, np.zeros((n, m, count, count)))
