r"""Lower bounds of a Lipschitz constant: the largest ratio over many pairs.

.. math:: L \ge \max_{(\theta, \theta')}
          \frac{\|g(\theta) - g(\theta')\|}{\|\theta - \theta'\|}, \qquad \|\theta\| \ge r.

A measurement, never a bound from above.  Three kinds of pairs start the search (independent,
antipodal, close), and the best of them are then improved by shrinking random steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Gradient = Callable[[np.ndarray], np.ndarray]
# Closer pairs would measure rounding: 1e-16/1e-6 leaves ten digits of the ratio.
CLOSEST = 1e-6


@dataclass(frozen=True)
class PairBound:
    """The largest ratio and the pair that attains it; `pairs` were tried."""

    ratio: float
    theta: np.ndarray
    other: np.ndarray
    pairs: int


def random_pair_bound(
    gradient: Gradient,
    dimension: int,
    radius: float,
    rng: np.random.Generator,
    pairs: int = 20_000,
    starts: int = 32,
    rounds: int = 60,
) -> PairBound:
    """The best pair of {||theta|| >= radius}; `gradient` maps (n, d) to (n, d).

    >>> rng = np.random.default_rng(0)
    >>> round(random_pair_bound(lambda t: 3 * t, 2, 1.0, rng, pairs=100).ratio, 9)
    3.0
    """
    if not radius > 0:
        raise ValueError(f"random_pair_bound: expected a radius > 0, got {radius}")
    one, two = _pairs(dimension, radius, rng, pairs)
    ratio = ratios(gradient, one, two)
    best = np.argsort(ratio)[-starts:]
    one, two, ratio = one[best], two[best], ratio[best]
    for step in np.geomspace(0.5, 1e-4, rounds):
        one, two, ratio = _improve(gradient, (one, two, ratio), radius, rng, step)
    top = int(np.argmax(ratio))
    return PairBound(float(ratio[top]), one[top], two[top], pairs + rounds * len(best))


def ratios(gradient: Gradient, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """The difference quotients; 0 where a pair is too close or a gradient is undefined."""
    apart = np.linalg.norm(one - two, axis=-1)
    far = apart > CLOSEST * np.linalg.norm(one, axis=-1)
    change = np.linalg.norm(gradient(one) - gradient(two), axis=-1)
    return np.where(far & np.isfinite(change), change / np.where(far, apart, 1.0), 0.0)


def _pairs(
    d: int, radius: float, rng: np.random.Generator, n: int
) -> tuple[np.ndarray, np.ndarray]:
    one = _outside(rng.normal(size=(n, d)), radius * (1 + rng.exponential(0.5, n)))
    other = _outside(rng.normal(size=(n, d)), radius * (1 + rng.exponential(0.5, n)))
    near = one + radius * 10.0 ** rng.uniform(-4, 0, (n, 1)) * rng.normal(size=(n, d))
    kind = rng.integers(0, 4, (n, 1))
    two = np.select([kind == 0, kind == 1], [other, -one], near)
    return _project(one, radius), _project(two, radius)


def _outside(direction: np.ndarray, size: np.ndarray) -> np.ndarray:
    return direction / np.linalg.norm(direction, axis=-1, keepdims=True) * size[:, None]


def _project(theta: np.ndarray, radius: float) -> np.ndarray:
    """The nearest point of {||theta|| >= radius}."""
    size = np.linalg.norm(theta, axis=-1, keepdims=True)
    return theta * np.maximum(1.0, radius / np.where(size > 0, size, 1.0))


def _improve(
    gradient: Gradient,
    state: tuple[np.ndarray, np.ndarray, np.ndarray],
    radius: float,
    rng: np.random.Generator,
    step: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One random step for every pair: moved together, apart, or closer; kept where it helps."""
    one, two, ratio = state
    size = step * np.linalg.norm(one, axis=-1, keepdims=True)
    shift = size * rng.normal(size=one.shape)
    turn = np.where(rng.random((len(one), 1)) < 0.5, shift, size * rng.normal(size=one.shape))
    pull = rng.choice([0.0, 0.5], (len(one), 1)) * (one - two)
    new_one, new_two = _project(one + shift, radius), _project(two + turn + pull, radius)
    better = ratios(gradient, new_one, new_two)
    won = better > ratio
    keep = won[:, None]
    return np.where(keep, new_one, one), np.where(keep, new_two, two), np.where(won, better, ratio)
