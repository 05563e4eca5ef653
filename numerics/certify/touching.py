"""Look for a point where a goal is lowest: an equality there cannot be closed by boxes.

A compass search from several starts, all evaluated at once; fixed seed, nothing rigorous.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from numerics.certify.goals import Array, Goal
from theory import clock

STARTS, DRAWS, STEPS = 6, 400, 48
FINEST = 2.0**-17  # of the domain: a quadratic touch then shows to 1e-10


class UndefinedHere(Exception):
    """Points inside the domain where the goal has no certain value."""


def lowest(goal: Goal, lo: Array, hi: Array, deadline: float) -> tuple[float, Array | None, float]:
    """(lowest value found, where, usual size of the goal); points that may be admissible count."""
    points = _starts(lo, hi)
    values, admissible = goal.at_points(points[:, :DRAWS])
    undefined = np.flatnonzero(admissible & (values == np.inf))
    if undefined.size > 1:  # one may be bad luck of rounding
        raise UndefinedHere(points[:, undefined[0]])
    values = _values(goal, points)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.inf, None, 1.0
    scale = float(np.median(np.abs(finite))) or 1.0
    order = np.argsort(values)[:STARTS]
    points, values = points[:, order], values[order]
    step = np.full(points.shape[1], 0.125)
    for _ in range(STEPS):
        points, values, step = _improved(goal, points, values, step, lo, hi)
        if (step < FINEST).all() or clock.now() > deadline:
            break
    best = int(np.argmin(values))
    return float(values[best]), points[:, best], scale


def _values(goal: Goal, points: Array) -> Array:
    score, admissible = goal.at_points(points)
    return np.where(admissible, score, np.inf)


def _starts(lo: Array, hi: Array) -> Array:
    k = lo.size
    rng = np.random.default_rng(0)
    shares = [rng.uniform(0, 1, (k, DRAWS)), np.full((k, 1), 0.5)]
    if k <= 6:
        shares.append(np.array(list(product((0.0, 1.0), repeat=k))).T)
    share = np.concatenate(shares, axis=1)
    return np.clip(lo[:, None] + share * (hi - lo)[:, None], lo[:, None], hi[:, None])


def _improved(
    goal: Goal, points: Array, values: Array, step: Array, lo: Array, hi: Array
) -> tuple[Array, Array, Array]:
    """Move each point to its best neighbour, or halve its step (quarter: it stays a while)."""
    k, n = points.shape
    moves = np.concatenate((np.eye(k), -np.eye(k)), axis=1) * (hi - lo)[:, None]
    tried = points[:, :, None] + moves[:, None, :] * step[None, :, None]
    tried = np.clip(tried, lo[:, None, None], hi[:, None, None])
    found = _values(goal, tried.reshape(k, -1)).reshape(n, 2 * k)
    best = np.argmin(found, axis=1)
    each = np.arange(n)
    better = found[each, best] < values
    moved = np.where(better, tried[:, each, best], points)
    return moved, np.where(better, found[each, best], values), np.where(better, step, step / 2)
