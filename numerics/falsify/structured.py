"""Vectors with a pattern: ones, alternating signs, one-hot, ramps; alike, opposite or orthogonal.

.. math:: (1, \\dots, 1), \\quad (1, -1, 1, \\dots), \\quad e_i, \\quad (2, 1, \\dots, 1), \\quad
          (1, 2, \\dots, d), \\quad (1, \\dots, 1, 0, \\dots, 0).

Inequalities that hold in small dimensions only, such as ``||v||_1 <= 2 ||v||_2``, break at these.
"""

from __future__ import annotations

import numpy as np

from numerics.falsify.draws import NICE_SCALES, Rng, scalar_draws, within_domains
from numerics.falsify.problem import Problem
from numerics.falsify.tape import Array


def patterns(d: int) -> Array:
    """The patterns of dimension d as columns."""
    k = np.arange(d)
    hot, half = np.zeros(d), (k < (d + 1) // 2).astype(float)
    hot[0] = 1
    ramp = k + 1.0
    found = [np.ones(d), np.ones(d), (-1.0) ** k, hot, half, 1 - half, ramp, ramp[::-1]]
    found += [1 + hot, 1 - hot, 1 + 2 * hot, half * (-1.0) ** k, 1 / ramp, 2.0 ** -(k % 12)]
    return np.stack(found, axis=1)


def draw_patterns(problem: Problem, rng: Rng, n: int) -> Array:
    """n columns of patterned vectors, signs that agree with one of them, and simple scalars."""
    rows = rng.choice([-1.0, 1.0], (len(problem.symbols), n))
    for k in problem.scalars:
        rows[k] = scalar_draws(rng, problem.symbols[k], np.zeros(n), n)
    before: list[list[int]] = []
    for group in map(list, problem.vectors.values()):
        rows[group] = _vectors(rng, len(group), n)
        _relate(rng, rows, group, before)
        before.append(group)
    _signs(problem, rng, rows, before)
    return within_domains(problem, rows)


def _vectors(rng: Rng, d: int, n: int) -> Array:
    shapes = patterns(d)
    chosen = shapes[:, rng.integers(shapes.shape[1], size=n)]
    signs = np.where(rng.random(n) < 0.7, 1, rng.choice([-1.0, 1.0], (d, n)))
    mixed = np.where(rng.random(n) < 0.7, chosen, rng.permuted(chosen, axis=0))
    size = np.where(rng.random(n) < 0.6, 1, rng.choice(NICE_SCALES, n))
    return mixed * signs * size * rng.choice([-1.0, 1.0], n)


def _relate(rng: Rng, rows: Array, group: list[int], before: list[list[int]]) -> None:
    """Half of the columns: equal, opposite, twice, orthogonal or reversed to an earlier vector."""
    alike = [other for other in before if len(other) == len(group)]
    if not alike:
        return
    v, w = rows[group], rows[alike[rng.integers(len(alike))]]
    turned = np.roll(w, 1, axis=0) * (-1.0) ** np.arange(len(group))[:, None]
    choices = [w, -w, 2 * w, turned, w[::-1], w + v, w - v]
    rows[group] = np.choose(rng.integers(14, size=rows.shape[1]), [*choices, *[v] * 7])


def _signs(problem: Problem, rng: Rng, rows: Array, vectors: list[list[int]]) -> None:
    """Vectors of signs: all 1, or the signs of a vector, or left random."""
    n = rows.shape[1]
    for group in map(list, problem.groups.values()):
        if not set(group) <= set(problem.discrete):
            continue
        ones = np.ones((len(group), n))
        alike = [v for v in vectors if len(v) == len(group)]
        like = rows[alike[rng.integers(len(alike))]] if alike else ones
        signs = np.where(like < 0, -1.0, 1.0)
        rows[group] = np.choose(rng.integers(3, size=n), [ones, signs, rows[group]])
