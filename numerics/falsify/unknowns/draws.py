"""Concrete functions, maps and sets to try: plain ones first, then those that are extreme.

.. math:: l = \\tfrac a2\\theta^2 + b\\theta x + \\tfrac h2 x^2, \\qquad
          f = \\tfrac c2 t^2,\\ c\\,\\varphi(w t),\\ a\\cos(w t)
"""

from __future__ import annotations

import random
from typing import Any

from flint import fmpq

from numerics.falsify.unknowns.bodies import Box
from numerics.falsify.unknowns.instances import Concrete, Instance
from numerics.falsify.unknowns.numbers import ONE, ZERO
from numerics.falsify.unknowns.pools import SIZES, entry, some_value
from numerics.falsify.unknowns.quadratics import Quadratic, Ridge
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    diagonal,
    dotted,
    outer_product,
    scaled,
    transposed,
    unit_matrix,
)
from numerics.falsify.unknowns.scope import Parts
from numerics.falsify.unknowns.waves import Wave
from theory.general.local_entropy import Covariance, EntropyValue, Mean

SCALES = [fmpq(1, 1000), fmpq(30), fmpq(10**4)]
STEEP = [fmpq(1), fmpq(1), fmpq(4), fmpq(100)]


def draw(parts: Parts, d: int, rng: random.Random, plain: bool) -> Instance | None:
    """Everything but the vectors; ``plain``: what is evaluated fast."""
    values = {s: some_value(s, rng) for s in parts.symbols}
    if None in values.values():
        return None
    return Instance(
        d,
        scalars=values,
        functions={f: _function(parts, f, d, rng, plain) for f in parts.functions},
        maps={m: _map(m.kind, d, rng) for m in parts.maps},
        sets={name: _box(d, rng) for name in parts.sets},
    )


def _function(parts: Parts, f: Any, d: int, rng: random.Random, plain: bool) -> Concrete:
    smooth = parts.needs_second_derivatives(f)
    smoothed = any(a.function == f for a in parts.atoms(EntropyValue, Mean, Covariance))
    if smoothed and d == 1 and not plain:
        return _of_one_variable(f.slots, rng)
    kinds = [_general, _general, _spread] + ([] if smooth or smoothed else [_ridge, _ridge])
    if d > 1 and len(f.slots) > 1:
        kinds += [_tilted, _tilted]
    found = rng.choice(kinds)(f.slots, d, rng)
    often = 0.4 if smoothed else 0.2
    return found.times(rng.choice(SCALES)) if rng.random() < often else found


def _of_one_variable(slots: tuple[str, ...], rng: random.Random) -> Concrete:
    """Concave and convex corners, steep ones, and waves."""
    w, size = rng.choice(STEEP), rng.choice(SIZES)
    if rng.random() < 0.25:
        return Wave(slots, rng.choice((1, -1)) * size, rng.choice(STEEP[:3]))
    c = rng.choice((-1, -1, 1)) * size / w
    none = tuple([[ZERO]] for _ in slots)
    return Quadratic(slots, (none,), ([ZERO],), Ridge(c, ([w],)))


def _general(slots: tuple[str, ...], d: int, rng: random.Random) -> Quadratic:
    """Blocks that are multiples of the identity; mostly without linear parts."""
    n = len(slots)
    q = tuple(tuple(scaled(unit_matrix(d), entry(rng)) for _ in range(n)) for _ in range(n))
    return Quadratic(slots, q, tuple(_linear(d, rng) for _ in slots))


def _spread(slots: tuple[str, ...], d: int, rng: random.Random) -> Quadratic:
    """Diagonal blocks, different in every coordinate."""
    n = len(slots)
    q = tuple(tuple(diagonal([entry(rng) for _ in range(d)]) for _ in range(n)) for _ in range(n))
    return Quadratic(slots, q, tuple(_linear(d, rng) for _ in slots))


def _ridge(slots: tuple[str, ...], d: int, rng: random.Random) -> Quadratic:
    """A ridge along the first axis, on a quadratic that spares some of the arguments."""
    base = _general(slots, d, rng)
    spared = [rng.random() < 0.6 for _ in slots]
    q = tuple(
        tuple(scaled(b, ZERO if spared[i] or spared[j] else ONE) for j, b in enumerate(row))
        for i, row in enumerate(base.q)
    )
    w = tuple([entry(rng)] + [ZERO] * (d - 1) for _ in slots)
    return Quadratic(slots, q, base.linear, Ridge(entry(rng), w, rng.choice([ZERO, entry(rng)])))


def _tilted(slots: tuple[str, ...], d: int, rng: random.Random) -> Quadratic:
    """Gradients in the first argument that turn with the second and never vanish."""
    n = len(slots)
    zero = scaled(unit_matrix(d), ZERO)
    turn = outer_product(_axis(d, 1), _axis(d, 0))
    first = [zero, *(scaled(turn, entry(rng)) for _ in range(n - 1))]
    others = [[scaled(unit_matrix(d), entry(rng)) for _ in slots] for _ in range(n - 1)]
    push = [rng.choice(SIZES) * x for x in _axis(d, 0)]
    rest = [[ZERO] * d for _ in range(n - 1)]
    return Quadratic(slots, (tuple(first), *(tuple(r) for r in others)), (push, *rest))


def _axis(d: int, k: int) -> Row:
    return [ONE if i == k else ZERO for i in range(d)]


def _linear(d: int, rng: random.Random) -> Row:
    return [entry(rng) if rng.random() < 0.25 else ZERO for _ in range(d)]


def _map(kind: str, d: int, rng: random.Random) -> Matrix:
    if kind == "projection":
        return _projection(d, rng)
    if rng.random() < 0.4:
        return diagonal([entry(rng) for _ in range(d)])
    rows = [[entry(rng) for _ in range(d)] for _ in range(d)]
    return rows if kind == "general" else scaled(added(rows, transposed(rows)), fmpq(1, 2))


def _projection(d: int, rng: random.Random) -> Matrix:
    """Onto coordinates, all of them or some, or beside a vector."""
    v = [entry(rng) for _ in range(d)]
    square = dotted(v, v)
    if rng.random() < 0.4 and square != 0 and d > 1:
        return added(unit_matrix(d), outer_product(v, v), -ONE / square)
    return diagonal([ONE if rng.random() < 0.75 else ZERO for _ in range(d)])


def _box(d: int, rng: random.Random) -> Box:
    """Around 0, or beside it."""
    sides = [rng.choice(SIZES) for _ in range(2 * d)]
    shift = [entry(rng) if rng.random() < 0.2 else ZERO for _ in range(d)]
    low = tuple(c - a for c, a in zip(shift, sides[:d], strict=True))
    return Box(low, tuple(c + b for c, b in zip(shift, sides[d:], strict=True)))
