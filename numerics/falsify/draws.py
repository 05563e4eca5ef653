"""Points drawn to break claims: kink-straddling, parallel, tied, tiny, huge, nearly equal.

A uniform draw misses everything that matters here: most families below live on thin sets where
closed forms change their shape, at many scales, and none of them exactly on a kink by chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy as sp

from numerics.falsify.problem import Problem
from numerics.falsify.tape import Array, Tape

Rng = np.random.Generator
SMALLEST, LARGEST = 1e-13, 1e13
NICE_SCALES = np.array([1, 1, 1, 0.5, 2, 0.1, 10, 0.01, 100, 0.001, 1000])
NICE = np.array([1, 1, 1, 2, 3, 4, 5, 10, 0.5, 0.25, 0.2, 0.1, 0.3, 1.5, 7, 100, 0.01])


def draw(problem: Problem, rng: Rng, n: int) -> Array:
    """n columns of floats for every variable of the problem; hypotheses are not yet met."""
    rows = np.zeros((len(problem.symbols), n))
    spread = rng.choice([0.0, 1.0, 3.0, 6.0], size=n, p=[0.3, 0.4, 0.2, 0.1])
    for group in problem.vectors.values():
        rows[list(group)] = _vector(rng, len(group), n) * _scale(rng, spread, n)
    for k in problem.scalars:
        rows[k] = scalar_draws(rng, problem.symbols[k], spread, n)
    for k in problem.discrete:
        rows[k] = rng.choice([-1.0, 1.0], size=n)
    _relate(problem, rng, rows)
    if problem.partner is not None:
        _second_point(problem, rng, rows)
    return within_domains(problem, within_reach(rows))


def within_reach(rows: Array) -> Array:
    """Sizes between 1e-13 and 1e13, or 0: enough for every limit, and readable."""
    size = np.abs(rows)
    return np.where(size < SMALLEST, 0.0, np.sign(rows) * np.minimum(size, LARGEST))


def draw_nice(problem: Problem, rng: Rng, n: int) -> Array:
    """Columns that a human can read: small integers at a few scales, simple scalars."""
    rows = rng.choice(NICE, (len(problem.symbols), n))
    for group in problem.vectors.values():
        integers = rng.choice([0, 0, 1, 1, 1, -1, -1, 2, -2, 3, -3, 4, 5], (len(group), n))
        rows[list(group)] = integers * rng.choice(NICE_SCALES, n)
    for k in problem.scalars:
        symbol = problem.symbols[k]
        rows[k] = scalar_draws(rng, symbol, np.zeros(n), n)
    for k in problem.discrete:
        rows[k] = rng.choice([-1.0, 1.0], size=n)
    if problem.partner is not None:
        _second_nice(problem, rng, rows)
    return within_domains(problem, rows)


def within_domains(problem: Problem, rows: Array) -> Array:
    """Signs as the assumptions of the symbols ask, for the second point of a pair too."""
    for k, symbol in enumerate(problem.symbols):
        if symbol.is_nonnegative:
            rows[k] = np.abs(rows[k])
        elif symbol.is_nonpositive:
            rows[k] = -np.abs(rows[k])
    return rows


def _second_nice(problem: Problem, rng: Rng, rows: Array) -> None:
    first, second = (_rows_of(problem, name) for name in problem.partner or ("", ""))
    t, n = rows[first], rows.shape[1]
    one, columns = rng.integers(len(first), size=n), np.arange(n)
    flipped, moved = t.copy(), t.copy()
    flipped[one, columns] *= -1
    moved[one, columns] += rng.choice([0.1, -0.1, 0.01, 1, -1], n)
    choices = [-t, flipped, moved, 2 * t, rows[second], t + rows[second] / 10]
    rows[second] = np.choose(rng.integers(len(choices), size=n), choices)


def _scale(rng: Rng, spread: Array, n: int) -> Array:
    scale = 10 ** (spread * rng.uniform(-1, 1, n))
    return np.where(spread == 0, rng.choice(NICE, n), scale)


def scalar_draws(rng: Rng, symbol: sp.Symbol, spread: Array, n: int) -> Array:
    values = _scale(rng, spread, n)
    if not symbol.is_positive:
        zero = 0.0 if symbol.is_nonzero else 0.1
        values *= rng.choice([-1.0, 0.0, 1.0], size=n, p=[0.5 - zero, zero, 0.5])
    if symbol.is_nonnegative:
        values = np.abs(values)
    if symbol.is_negative or symbol.is_nonpositive:
        values = -np.abs(values)
    return np.round(values) if symbol.is_integer else values


def _gaussian(rng: Rng, d: int, n: int) -> Array:
    return rng.standard_normal((d, n))


def _wide(rng: Rng, d: int, n: int) -> Array:
    return rng.choice([-1.0, 1.0], (d, n)) * 10 ** rng.uniform(-3, 1, (d, n))


def _axis(rng: Rng, d: int, n: int) -> Array:
    result = np.zeros((d, n))
    result[rng.integers(d, size=n), np.arange(n)] = rng.choice([-1.0, 1.0], n)
    return result


def _corner(rng: Rng, d: int, n: int) -> Array:
    return rng.choice([-1.0, 1.0], (d, n))


def _small_integers(rng: Rng, d: int, n: int) -> Array:
    return rng.integers(-4, 5, (d, n)).astype(float)


def _near_a_kink(rng: Rng, d: int, n: int) -> Array:
    tiny = rng.random((d, n)) < 1 / max(d, 2)
    return np.where(tiny, 0.5 ** rng.uniform(3, 40, (d, n)), 1) * rng.standard_normal((d, n))


def _tie(rng: Rng, d: int, n: int) -> Array:
    result = rng.uniform(-1, 1, (d, n))
    apart = 0.5 ** rng.uniform(3, 40, n) * rng.choice([0, 1, -1], n)
    return np.where(rng.random((d, n)) < 2 / d, rng.choice([-1, 1], (d, n)) * (1 + apart), result)


VECTORS: tuple[Callable[[Rng, int, int], Array], ...] = (
    _gaussian,
    _gaussian,
    _wide,
    _axis,
    _corner,
    _small_integers,
    _small_integers,
    _near_a_kink,
    _tie,
)


def _vector(rng: Rng, d: int, n: int) -> Array:
    family = rng.integers(len(VECTORS), size=n)
    result = np.empty((d, n))
    for k, make in enumerate(VECTORS):
        chosen = np.flatnonzero(family == k)
        result[:, chosen] = make(rng, d, chosen.size)
    return result


def _relate(problem: Problem, rng: Rng, rows: Array) -> None:
    """Make some vectors parallel, nearly parallel, orthogonal or sign vectors of another."""
    names = list(problem.vectors)
    n = rows.shape[1]
    for name in names:
        others = [o for o in names if o != name]
        if not others:
            return
        v = list(problem.vectors[name])
        w = rows[list(problem.vectors[others[rng.integers(len(others))]])]
        kind = np.where(rng.random(n) < 0.5, rng.integers(0, 4, n), -1)
        rows[v] = _related(rng, rows[v], w, kind)


def _related(rng: Rng, v: Array, w: Array, kind: Array) -> Array:
    n = v.shape[1]
    size = np.linalg.norm(v, axis=0) + SMALLEST
    length = np.linalg.norm(w, axis=0) + SMALLEST
    along = size * w / length * rng.choice([-1.0, 1.0], n)
    off = 10 ** rng.uniform(-8, 0, n) * size * rng.standard_normal(v.shape)
    across = v - w * ((v * w).sum(axis=0) / length**2)
    signs = np.sign(w) * size * rng.choice([-1.0, 1.0], n)
    return np.choose(kind + 1, [v, along, along + off, across, signs])


def _second_point(problem: Problem, rng: Rng, rows: Array) -> None:
    first, second = (_rows_of(problem, name) for name in problem.partner or ("", ""))
    t, n = rows[first], rows.shape[1]
    size = np.abs(t).max(axis=0) + 1e-300
    step = rng.standard_normal(t.shape) * size
    near = t + 10 ** rng.uniform(-7, 0, n) * step
    one = rng.integers(len(first), size=n)
    flipped = t.copy()
    flipped[one, np.arange(n)] *= -1
    beside = t.copy()
    beside[one, np.arange(n)] = (0.5 ** rng.uniform(3, 40, n) * step)[one, np.arange(n)]
    across = beside.copy()
    across[one, np.arange(n)] *= -1
    astride = rng.random(n) < 0.2  # both points next to theta_i = 0, on either side
    rows[first] = t = np.where(astride, beside, t)
    moved = t.copy()
    moved[one, np.arange(n)] += (10 ** rng.uniform(-6, 0, n) * step)[one, np.arange(n)]
    scaled = t * rng.choice([0.5, 2, -0.5, -1, 1.01, 10, 0.1], n)
    independent = rows[second]
    choices = [near, flipped, moved, -t, scaled, independent, near]
    chosen = np.choose(rng.integers(len(choices), size=n), choices)
    rows[second] = np.where(astride, across, chosen)


def _rows_of(problem: Problem, name: str) -> list[int]:
    if name in problem.groups:
        return list(problem.groups[name])
    return [k for k, s in enumerate(problem.symbols) if s.name == name]


def onto_kinks(kink_tape: Tape, problem: Problem, rng: Rng, rows: Array) -> Array:
    """Move one variable of each column so that one kink function is (nearly) zero.

    A secant step, exact where the function is linear in that variable.
    """
    n = rows.shape[1]
    free = [k for k in range(len(problem.symbols)) if k not in problem.discrete]
    if not kink_tape.outputs or not free:
        return rows
    which, row = rng.integers(len(kink_tape.outputs), size=n), rng.choice(free, size=n)
    columns = np.arange(n)
    step = np.zeros_like(rows)
    step[row, columns] = 1e-4 * (np.abs(rows[row, columns]) + 1e-3)
    with np.errstate(all="ignore"):
        here, there = kink_tape(rows)[which, columns], kink_tape(rows + step)[which, columns]
        move = -here / (there - here) * step[row, columns]
    beside = 1 + rng.choice([0, 1, -1], n) * 10 ** rng.uniform(-9, 0, n)
    result = rows.copy()
    result[row, columns] += np.where(np.isfinite(move), move * beside, 0)
    positive = [k for k in problem.scalars if problem.symbols[k].is_positive]
    result[positive] = np.abs(result[positive])
    return result
