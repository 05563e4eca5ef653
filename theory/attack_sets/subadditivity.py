r"""A witness that a positively homogeneous function is not convex.

.. math:: h(u + v) > h(u) + h(v), \qquad u, v \in \{-2, \dots, 2\}^2
          \text{ or } \{0, \dots, 4\}\,e_1 + \{0, 1\}\,\mathbf 1 \text{ in } \mathbb R^5.

The points are integers and the values are enclosed, so a witness is a proof; finding none proves
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

from sympy import Expr

from theory.coordinates import coordinates, in_coordinates
from theory.scalars import VectorScalar
from theory.vectors import Vector

Point = tuple[int, ...]


def witness(h: Expr, t: Vector) -> tuple[Point, Point] | None:
    """(u, v) with h(u + v) > h(u) + h(v), for an h without other variables.

    >>> from sympy import Min
    >>> from theory.scalars import norm
    >>> t = Vector("t")
    >>> witness(norm(t) - norm(t, 1) / 4, t)
    ((-2, -1), (-2, 1))
    >>> witness(norm(t), t) is None
    True
    """
    factor, core = h.as_independent(VectorScalar, as_Add=False)
    form = core if factor.is_positive else h
    for d, points in ((2, list(_grid())), (5, list(_spikes(5)))):
        plain = in_coordinates(form, d)
        if plain.free_symbols - set(coordinates(t, d)):
            return None
        value = _values(plain, coordinates(t, d))
        for u, v in product(points, repeat=2):
            found = [value(p) for p in (_sum(u, v), u, v)]
            if None not in found and found[0] > found[1] + found[2]:
                return u, v
    return None


def _values(plain: Expr, symbols: tuple[Any, ...]) -> Callable[[Point], Any]:
    from theory.enclosure import Unsupported, enclose

    @cache
    def value(p: Point) -> Any:
        try:
            return enclose(plain, dict(zip(symbols, p, strict=True)), 64)
        except Unsupported:
            return None

    return value


def _grid() -> Iterator[Point]:
    yield from product(range(-2, 3), repeat=2)


def _spikes(d: int) -> Iterator[Point]:
    """Multiples of the first unit vector, and the same plus the all-ones vector."""
    for k, one in product(range(5), (0, 1)):
        yield (k + one, *(one,) * (d - 1))


def _sum(u: Point, v: Point) -> Point:
    return tuple(a + b for a, b in zip(u, v, strict=True))
