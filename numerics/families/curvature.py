r"""The attack's derivative and the adversarial Hessian, predicted at one maximiser.

.. math:: \nabla^2 l_\epsilon = \nabla^2_{\theta\theta} l + C^\top D\delta^*, \qquad
          D\delta^* = K^+ C

with K = -H inside, K = P(lambda I - H)P on the sphere, P = I - delta delta^T/eps^2, and
K = -H_FF on the free coordinates F of a face of the box.  The first term alone is the Hessian
with the attack frozen; what is missing there is positive semidefinite.
Shapes: C (n, p), D delta* (n, p), Hessian (p, p).  Source: Kanai et al. 2021/2024, general case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array, Derivatives


@dataclass(frozen=True)
class Response:
    """How a maximiser answers the parameters: its Jacobian, the Hessian, the least eigenvalue of K.

    ``definite`` is inf where nothing is free to move, as at a vertex of the box.
    """

    jacobian: Array
    hessian: Array
    definite: float

    @property
    def smallest(self) -> float:
        """The least eigenvalue of the Hessian."""
        return float(np.linalg.eigvalsh(self.hessian)[0])

    @property
    def largest(self) -> float:
        """The top eigenvalue of the Hessian."""
        return float(np.linalg.eigvalsh(self.hessian)[-1])


def interior(d: Derivatives) -> Response:
    """The maximiser is inside and H < 0: D delta* = (-H)^{-1} C.

    >>> from numerics.families.derivatives import from_joint
    >>> d = from_joint(0.0, np.zeros(2), np.array([[-2.0, 3.0], [3.0, 1.0]]), 1)
    >>> interior(d).hessian.tolist()
    [[5.5]]
    """
    return _response(d, np.eye(len(d.x)), -d.xx)


def on_sphere(d: Derivatives, delta: Array) -> Response:
    """The maximiser is on the sphere |delta| = eps: D delta* = (P(lambda I - H)P)^+ P C."""
    level = float(d.x @ delta / (delta @ delta))
    return _response(d, tangents(delta), level * np.eye(len(delta)) - d.xx)


def on_box(d: Derivatives, active: Array) -> Response:
    """The signs of ``active`` name the faces, 0 the free set F: D delta*_F = (-H_FF)^{-1} C_F."""
    return _response(d, np.eye(len(d.x))[:, np.asarray(active) == 0], -d.xx)


def frozen(d: Derivatives) -> Array:
    """The Hessian in theta with the attack held fixed."""
    return d.tt


def tangents(delta: Array) -> Array:
    """An orthonormal basis (n, n - 1) of the space orthogonal to delta."""
    return np.linalg.svd(np.asarray(delta)[None])[2][1:].T


def _response(d: Derivatives, basis: Array, matrix: Array) -> Response:
    """K on the space of a basis Q: D delta* = Q (Q^T K Q)^{-1} Q^T C."""
    if not basis.shape[1]:
        return Response(np.zeros_like(d.xt), d.tt, np.inf)
    reduced = basis.T @ matrix @ basis
    least = float(np.linalg.eigvalsh(reduced)[0])
    if not least > 0:
        raise ValueError(f"a maximiser: expected a positive definite K, got eigenvalue {least:g}")
    jacobian = basis @ np.linalg.solve(reduced, basis.T @ d.xt)
    hessian = d.tt + d.xt.T @ jacobian
    return Response(jacobian, (hessian + hessian.T) / 2, least)
