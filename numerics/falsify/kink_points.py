"""Exact points on the kinks of a formula, and directions to cross them.

Zero vectors, zero coordinates and ties are tried as they are; a curved kink such as margin = 1 is
solved for one variable in which it is linear, at vectors of rational length, or met at small
integers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sympy as sp

from numerics.falsify.lattice import on_surfaces
from numerics.falsify.problem import Problem
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point

BASES = (
    (0,), (1,), (0, 0), (0, 1), (1, 0), (1, 1), (1, -1), (3, 4), (0, 0, 0), (0, 1, 1), (0, 0, 1),
    (1, 1, 1), (1, 2, 2), (0, 3, 4),
)  # fmt: skip
OTHERS = ((1, 0, 0), (0, 1, 0), (1, 1, 1), (1, 2, -2), (2, -1, 2), (0, 0, 0), (3, 4, 0))
SCALARS = (1, sp.Rational(1, 2), 2, sp.Rational(1, 10), 3, 10)


def kink_points(
    problem: Problem,
    repairs: Repairs,
    surfaces: Sequence[sp.Expr],
    first: Sequence[sp.Symbol],
) -> Iterator[Point]:
    """Exact points where one of the surfaces vanishes, and a few that are nothing special."""
    rng = np.random.default_rng(0)
    for base in BASES:
        if len(base) != len(first):
            continue
        for _ in range(3):
            point = _fill(problem, first, base, rng)
            if repairs.exact(point, 0.05):
                yield point
            for g in surfaces:
                yield from _solved(g, point, repairs)
    for _ in range(2):
        point = _fill(problem, first, (1,) * len(first), rng)
        for met in on_surfaces(problem, surfaces, first, point):
            yield dict(met)
            if repairs.exact(met, 0.05):
                yield met


def _fill(problem: Problem, first: Sequence[Any], base: Sequence[int], rng: Any) -> Point:
    point: Point = {}
    for rows in problem.groups.values():
        values = (*OTHERS[rng.integers(len(OTHERS))], *(0 for _ in rows))
        point.update(
            {problem.symbols[k]: sp.Integer(v) for k, v in zip(rows, values, strict=False)}
        )
    for k in problem.scalars:
        point[problem.symbols[k]] = sp.sympify(SCALARS[rng.integers(len(SCALARS))])
    for k in problem.discrete:
        point[problem.symbols[k]] = sp.Integer(rng.choice([-1, 1]))
    point.update(zip(first, map(sp.Integer, base), strict=True))
    return point


def _solved(g: sp.Expr, point: Point, repairs: Repairs) -> Iterator[Point]:
    """Points with g = 0, by changing one variable in which g is linear there."""
    for z in sorted(g.free_symbols, key=str):
        others = {s: v for s, v in point.items() if s != z}
        line = sp.expand(g.xreplace(others))
        if not line.is_polynomial(z) or sp.degree(line, z) != 1:
            continue
        value = -line.coeff(z, 0) / line.coeff(z, 1)
        if value.is_Rational and value != point.get(z):
            solved = {**point, z: value}
            yield dict(solved)
            if repairs.exact(solved, 0.05):
                yield solved


def directions(d: int) -> list[tuple[int, ...]]:
    """Small integer directions: axes, diagonals, and a few more."""
    axes = [tuple(int(i == k) for i in range(d)) for k in range(d)]
    diagonals = [s for s in itertools.product((1, -1), repeat=d) if s[0] == 1][:4]
    return [*axes, *(s for s in diagonals if s not in axes), tuple(range(1, d + 1))][:8]
