r"""The Hölder exponent of a gradient, measured.

.. math:: \omega(h) = \max_{\theta,\ \|v\| = 1} \|g(\theta + h v) - g(\theta)\| \sim C h^\alpha,
          \qquad \alpha = \lim_{h\to 0} \frac{\log\omega(h)}{\log h}.

The maximum runs over base points with a zero coordinate, or with two of equal size, where a kink
or a cusp would be, and over generic ones; the exponent is the slope of log(omega) against log(h).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Gradient = Callable[[np.ndarray], np.ndarray]


def base_points(dimension: int, rng: np.random.Generator, count: int = 18) -> np.ndarray:
    """Points of size about 1: a third with first coordinate 0, a third with the first two tied."""
    if dimension < 2 or count < 3:
        raise ValueError("base_points: expected a dimension >= 2 and a count >= 3")
    points = rng.choice([-1.0, 1.0], (count, dimension)) * rng.uniform(0.3, 1.0, (count, dimension))
    third = count // 3
    points[:third, 0] = 0.0
    # Tied and largest, so that the peak of |theta_i| is shared.
    points[third : 2 * third, :2] = np.sign(points[third : 2 * third, :2]) * 1.25
    return points


def modulus_of_continuity(
    gradient: Gradient, points: np.ndarray, steps: Sequence[float] | np.ndarray
) -> np.ndarray:
    """omega(h) over the points and the coordinate directions, for each step h.

    >>> points = np.array([[0.0, 1.0]])
    >>> modulus_of_continuity(lambda t: t, points, [0.5, 0.25]).tolist()
    [0.5, 0.25]
    """
    directions = np.eye(points.shape[-1])
    start = gradient(points)
    changes = [
        [np.linalg.norm(gradient(points + h * v) - start, axis=-1).max() for v in directions]
        for h in steps
    ]
    return np.max(np.asarray(changes), axis=-1)


def hoelder_exponent(steps: Sequence[float] | np.ndarray, omega: np.ndarray) -> float:
    """The least-squares slope of log(omega) against log(h).

    >>> round(hoelder_exponent([1e-2, 1e-3, 1e-4], np.array([1e-1, 10**-1.5, 1e-2])), 6)
    0.5
    """
    if not np.all(omega > 0):
        raise ValueError("hoelder_exponent: expected a gradient that changes at every step")
    return float(np.polyfit(np.log(np.asarray(steps)), np.log(omega), 1)[0])
