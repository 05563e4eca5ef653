r"""The strongest attack on a landscape of one to three inputs, to a first-order residual of 1e-12.

.. math:: \delta^* = \arg\max_{\delta\in K} l(x + \delta, \theta)

Many starts climb by projected gradients, the summits are polished by Newton's method with the
active constraints, and ``certify_maximum`` proves (or not) that the best one is global and unique.
Source: Kanai et al. 2021/2024, general case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.global_maximum import Certificate, certify_maximum
from numerics.families.landscapes import Landscape
from numerics.families.regions import Region, residual

RESIDUAL = 1e-12  # of a float64 problem of order 1: some thousand units in the last place
APART = 1e-5  # closer summits, in the radius of the set, are one
CLIMBS, STARTS, NEWTON = 24, 40, 30


@dataclass(frozen=True)
class Attack:
    """A maximiser and what is known of it.

    ``multipliers`` and ``active`` are (1,) on the ball (lambda; 1 on the sphere) and (n,) on the
    box (|d_i l| on the faces; their signs).  ``gap`` is the lead over the second best summit that
    was found, infinite if there is none: measured, not proved.
    """

    delta: Array
    value: float
    multipliers: Array
    active: Array
    gap: float
    residual: float
    certificate: Certificate
    summits: Array

    @property
    def certified(self) -> bool:
        """Proved to be next to the one global maximiser."""
        return self.certificate.certified


def solve_attack(
    landscape: Landscape, region: Region, seed: int = 0, certify: bool = True
) -> Attack:
    """The best attack found; ``certified`` says whether it is proved to be the global one.

    >>> from numerics.families.attack_ball import Ball
    >>> from numerics.families.quadratic_landscapes import QuadraticLandscape
    >>> hill = QuadraticLandscape(np.array([3.0, 4.0]), -np.eye(2))
    >>> attack = solve_attack(hill, Ball(1.0))
    >>> attack.certified, attack.delta.round(9).tolist(), attack.multipliers.round(9).tolist()
    (True, [0.6, 0.8], [4.0])
    """
    summits, values = _summits(landscape, region, seed)
    delta, value = summits[0], float(values[0])
    gradient = landscape.at(delta[None]).gradient[0]
    left = residual(region, delta, gradient)
    gap = float(values[0] - values[1]) if len(values) > 1 else float("inf")
    return Attack(
        delta,
        value,
        region.multipliers(delta, gradient),
        region.active(delta),
        gap,
        left,
        _certificate(landscape, region, delta, left, certify),
        summits,
    )


def _certificate(
    landscape: Landscape, region: Region, delta: Array, left: float, wanted: bool
) -> Certificate:
    if not wanted:
        return Certificate(False, "no certificate was asked for")
    if not left <= RESIDUAL:
        return Certificate(False, f"the residual {left:.1e} is above {RESIDUAL:.0e}")
    return certify_maximum(landscape, region, delta)


def polish(landscape: Landscape, region: Region, start: Array) -> Array:
    """Newton's method from ``start`` while the residual falls.

    The best iterate is returned, converged or not: ask for its ``residual``.
    """
    best, least, delta = start, np.inf, start
    for _ in range(NEWTON):
        here = landscape.at(delta[None])
        left = residual(region, delta, here.gradient[0])
        if left < least:
            best, least = delta, left
        elif least <= RESIDUAL / 10 or left > 1e3 * least:
            break
        if left == 0:
            break
        delta = region.newton(delta, here.gradient[0], here.hessian[0])
    return best


def _summits(landscape: Landscape, region: Region, seed: int) -> tuple[Array, Array]:
    """Distinct local maximisers (k, n), best first, with their values."""
    points, values = _climb(landscape, region, _starts(landscape.inputs, region, seed))
    rough = _distinct(points, values, 0.02 * region.radius)
    fine = np.array([polish(landscape, region, point) for point in points[rough]])
    reached = landscape.at(fine).value
    # Newton's method may run to a saddle or another summit: then the climber stays as it was.
    worse = reached < values[rough] - 1e-13 * (1 + np.abs(values[rough]))
    fine[worse], reached[worse] = points[rough][worse], values[rough][worse]
    order = _distinct(fine, reached, APART * region.radius)
    return fine[order], reached[order]


def _starts(n: int, region: Region, seed: int) -> Array:
    """Near 0 and near the corners of a cube, and random points, projected.

    Not at them: where a model is symmetric they are saddles.
    """
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(*[[-1.0, 0.0, 1.0]] * n), -1).reshape(-1, n)
    inner = rng.uniform(-1, 1, (STARTS, n))
    jitter = rng.uniform(-0.1, 0.1, corners.shape)
    return region.project(region.radius * np.vstack([1.1 * corners + jitter, inner]))


def _climb(landscape: Landscape, region: Region, points: Array) -> tuple[Array, Array]:
    """Projected gradient steps, each point with its own length, kept where they help."""
    here = landscape.at(points)
    value, gradient = here.value, here.gradient
    size = np.linalg.norm(gradient, axis=1, keepdims=True)
    step = 0.5 * region.radius / np.maximum(size, 1e-12)
    for _ in range(CLIMBS):
        moved = region.project(points + step * gradient)
        there = landscape.at(moved)
        up = there.value > value
        points = np.where(up[:, None], moved, points)
        gradient = np.where(up[:, None], there.gradient, gradient)
        value = np.where(up, there.value, value)
        step = np.where(up[:, None], 1.7 * step, step / 3)
    return points, value


def _distinct(points: Array, values: Array, apart: float) -> Array:
    """Indices of points further apart than ``apart``, best first."""
    chosen: list[int] = []
    for i in np.argsort(-values, kind="stable"):
        if all(np.linalg.norm(points[i] - points[j]) > apart for j in chosen):
            chosen.append(int(i))
    return np.array(chosen)
