"""Exact points on curved kinks: small integer points, and rational points on rays.

.. math:: \\|\\theta\\|^2 = 7 \\text{ at } (2, 1, 1, 1), \\qquad
          \\|\\theta\\|_3 = 2 \\text{ at } (2, 0), \\qquad \\|\\theta\\| = \\tfrac54
          \\text{ at } (\\tfrac34, 1).

A surface without rational points has no exact witness; then nothing is found, rightly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import sympy as sp
from scipy.optimize import brentq

from numerics.falsify.problem import Problem
from numerics.falsify.rationals import near, rational
from numerics.falsify.repairs import Point
from numerics.falsify.tape import Array, Tape
from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import is_exactly_zero

ON = 1e-12  # a float this small may be an exact zero
RAYS = ((1,), (1, 0), (3, 4), (1, 1), (1, -2), (1, 0, 0), (1, 2, 2), (1, 1, 1), (1, 1, 0))
RADII = np.concatenate([np.geomspace(1e-3, 1, 40), np.linspace(1, 12, 111)[1:], [20, 50, 200]])
MOST = 3  # points for each surface and source


def on_surfaces(
    problem: Problem, surfaces: Sequence[sp.Expr], first: Sequence[sp.Symbol], point: Point
) -> Iterator[Point]:
    """Points with g = 0 for one of the surfaces; the variables that are not in first are kept."""
    if not surfaces:
        return
    tape = Tape(problem.symbols, surfaces)
    rows = [problem.row_of[s] for s in first]
    column = np.array([float(point[s]) for s in problem.symbols])
    lattice = _lattice(len(first))
    columns = np.repeat(column[:, None], lattice.shape[1], axis=1)
    columns[rows] = lattice
    values = np.abs(tape(columns))
    for k, g in enumerate(surfaces):
        for j in np.flatnonzero(values[k] < ON)[:MOST]:
            yield {**point, **_exact(first, lattice[:, j])}
        yield from _on_rays(g, first, point)


def _lattice(d: int) -> Array:
    """Integer points with entries up to 4 (2 from d = 4 on), the simplest first."""
    top = 4 if d <= 2 else 3 if d == 3 else 2
    points = np.array(list(itertools.product(range(-top, top + 1), repeat=d)), dtype=float)
    negative = np.count_nonzero(points < 0, axis=1)
    return points[np.lexsort((negative, np.abs(points).sum(axis=1)))].T


def _exact(first: Sequence[sp.Symbol], values: Array) -> Point:
    return {s: sp.Integer(int(v)) for s, v in zip(first, values, strict=True)}


def _on_rays(g: sp.Expr, first: Sequence[sp.Symbol], point: Point) -> Iterator[Point]:
    """Rational roots of r -> g(r a) for a few directions a."""
    radius = sp.Dummy("r", positive=True)
    for a in (a for a in RAYS if len(a) == len(first)):
        fixed = {s: v for s, v in point.items() if s not in first}
        line = g.xreplace({**fixed, **{s: c * radius for s, c in zip(first, a, strict=True)}})
        if line.free_symbols != {radius}:
            continue
        for root in _roots(Tape([radius], [line])):
            exact = rational(near(root, ON))
            if _vanishes(line, {radius: exact}):
                yield {**point, **{s: c * exact for s, c in zip(first, a, strict=True)}}


def _roots(tape: Tape) -> Iterator[float]:
    def value(r: float) -> float:
        return float(tape(np.array([[r]]))[0, 0])

    sides = np.sign(tape(RADII[None, :])[0])
    changes = np.flatnonzero(sides[:-1] * sides[1:] < 0)
    for k in changes[:MOST]:
        yield brentq(value, RADII[k], RADII[k + 1], xtol=1e-15, rtol=1e-14)


def _vanishes(f: sp.Expr, values: Point) -> bool:
    try:
        return is_exactly_zero(f.xreplace(values)) is True
    except NotEnclosed:
        return False
