"""Vectors to try: close pairs, mirrored ones, zero, and multiples of one direction."""

from __future__ import annotations

import random
from typing import Any

from flint import fmpq

from numerics.falsify.unknowns.numbers import ONE, ZERO
from numerics.falsify.unknowns.pools import entry, place
from numerics.falsify.unknowns.rational_matrices import Row
from theory.vectors import Signs

FACTORS = [ONE, -ONE, -ONE, ZERO, ZERO, fmpq(2), fmpq(1001, 1000)]


def draw_vectors(vectors: list[Any], d: int, rng: random.Random) -> dict[Any, Row]:
    """A row for each vector, mostly multiples of the same one."""
    base = _row(d, rng)
    found = {}
    for k, v in enumerate(vectors):
        if isinstance(v, Signs):
            found[v] = [rng.choice((ONE, -ONE)) for _ in range(d)]
        elif rng.random() < 0.75:
            factor = ONE if k == 0 and rng.random() < 0.7 else rng.choice(FACTORS)
            found[v] = [factor * x for x in base]
        else:
            found[v] = _row(d, rng)
    return found


def _row(d: int, rng: random.Random) -> Row:
    """Along the first axis, or any small row."""
    size = place(rng)
    if d == 1 or rng.random() < 0.6:
        return [size] + [ZERO] * (d - 1)
    return [size * entry(rng) for _ in range(d)]
