r"""Quadratic losses on an L2 ball: the trust-region problem, with its hard case.

.. math:: \max_{\|x\|\le\epsilon} c^\top x + \tfrac12 x^\top H x: \qquad
          (\lambda I - H)\,x = c, \quad \lambda \ge \max(0, \lambda_{\max}(H)), \quad
          \lambda\,(\epsilon - \|x\|) = 0

In the hard case c is orthogonal to the top eigenvectors and the maximisers are two (or a sphere).
Source: textbook; the response ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from numerics.families.curvature import Response, interior, on_sphere
from numerics.families.derivatives import Array, Derivatives

ORTHOGONAL = 1e-13  # relative: below it c has no component along an eigenvector


@dataclass(frozen=True)
class TrustRegion:
    """Maximisers (k, n), the multiplier, the value; ``hard`` where they are not unique."""

    maximisers: Array
    multiplier: float
    value: float
    hard: bool


def maximise_on_ball(c: Array, H: Array, epsilon: float) -> TrustRegion:
    """All global maximisers; two opposite ones stand for a sphere of them.

    >>> found = maximise_on_ball(np.zeros(2), np.diag([1.0, -1.0]), 2.0)
    >>> found.hard, found.multiplier, np.abs(found.maximisers).tolist()
    (True, 1.0, [[2.0, 0.0], [2.0, 0.0]])
    """
    roots, Q = np.linalg.eigh(H)
    parts, floor = Q.T @ c, max(0.0, float(roots[-1]))
    scale = max(float(np.linalg.norm(c)), float(np.abs(roots).max()) * epsilon, 1e-300)
    top = floor - roots <= ORTHOGONAL * max(1.0, floor)
    flat = np.abs(parts) <= ORTHOGONAL * scale
    if not (top & ~flat).any():
        rest = np.where(top, 0.0, parts / np.where(top, 1.0, floor - roots))
        size = float(np.linalg.norm(rest))
        if size <= epsilon:
            return _finish(c, H, _free(Q, rest, top, size, epsilon, floor), floor, floor > 0)
    shift = _secular(roots, parts, floor, epsilon, float(np.linalg.norm(c)))
    # Not through lambda itself: next to the hard case the shift is lost in it.
    return _finish(c, H, (Q @ (parts / (floor - roots + shift)))[None], floor + shift, False)


def _free(Q: Array, rest: Array, top: Array, size: float, epsilon: float, floor: float) -> Array:
    """Inside for floor = 0; otherwise pushed out to the sphere along a top eigenvector."""
    if floor == 0:
        return (Q @ rest)[None]
    push = np.sqrt(epsilon**2 - size**2) * Q[:, np.argmax(top)]
    return np.stack([Q @ rest + push, Q @ rest - push])


def _secular(roots: Array, parts: Array, floor: float, epsilon: float, size: float) -> float:
    """The shift of lambda above floor with 1/|x(lambda)| = 1/eps: nearly linear, and monotone."""

    def excess(shift: float) -> float:
        return 1 / float(np.linalg.norm(parts / (floor - roots + shift))) - 1 / epsilon

    high = size / epsilon  # |x(lambda)| <= |c|/(lambda - lambda_max)
    low = high
    while excess(low) > 0 and low > 1e-300:
        low /= 16
    return float(brentq(excess, low, max(high * (1 + 1e-9), low), xtol=1e-300, rtol=1e-15))


def _finish(c: Array, H: Array, points: Array, level: float, hard: bool) -> TrustRegion:
    value = float(c @ points[0] + points[0] @ H @ points[0] / 2)
    return TrustRegion(points, level, value, hard)


@dataclass(frozen=True)
class BallQuadratic:
    """l = theta'A theta/2 + theta'B x + x'H x/2 on |x| <= epsilon; A (p, p), B (p, n), H (n, n)."""

    A: Array
    B: Array
    H: Array
    epsilon: float

    def attack(self, theta: Array) -> TrustRegion:
        """The maximisers in x."""
        return maximise_on_ball(self.B.T @ theta, self.H, self.epsilon)

    def value(self, theta: Array) -> float:
        """l_eps(theta)."""
        return float(theta @ self.A @ theta / 2 + self.attack(theta).value)

    def gradient(self, theta: Array) -> Array:
        """A theta + B x*: one subgradient in the hard case."""
        return np.asarray(self.A @ theta + self.B @ self.attack(theta).maximisers[0])

    def derivatives(self, x: Array, theta: Array) -> Derivatives:
        """Everything at one point."""
        value = theta @ self.A @ theta / 2 + theta @ self.B @ x + x @ self.H @ x / 2
        slopes = self.B.T @ theta + self.H @ x, self.A @ theta + self.B @ x
        return Derivatives(float(value), *slopes, self.H, self.B.T, self.A)

    def response(self, theta: Array) -> Response:
        """The Jacobian of the maximiser and the Hessian of l_eps, predicted."""
        found = self.attack(theta)
        d = self.derivatives(found.maximisers[0], theta)
        return on_sphere(d, found.maximisers[0]) if found.multiplier > 0 else interior(d)
