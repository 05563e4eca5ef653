"""Small exact numbers to try, and those that the assumptions on a symbol allow."""

from __future__ import annotations

import random
from typing import Any

from flint import fmpq

from numerics.falsify.unknowns.numbers import rational, symbolic
from theory.vectors import Label

SIZES = [rational(s) for s in ("1", "1", "1", "2", "1/2", "3", "1/4", "4", "10", "1/10")]
TINY = [rational(s) for s in ("1/1000", "1/10", "1/100000")]
ENTRIES = [fmpq(k) for k in (0, 1, -1, 1, -1, 2, -2, -3)] + [fmpq(k, 6) for k in (3, -3, 2)]
PLACES = [fmpq(k) for k in (0, 0, 1, 2, 3, 20)] + [fmpq(1, k) for k in (1000, 50, 10, 4, 2)]
KINDS = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "zero")


def allowed(symbol: Any, value: fmpq) -> bool:
    """Whether a symbol may have a value.

    >>> from sympy import Symbol
    >>> allowed(Symbol("n", integer=True), rational("1/2"))
    False
    """
    if isinstance(symbol, Label):
        return bool(value in (1, -1))
    number = symbolic(value)
    told = [k for k in (*KINDS, "even", "odd", "prime") if getattr(symbol, f"is_{k}") is not None]
    return all(getattr(number, f"is_{k}") == getattr(symbol, f"is_{k}") for k in told)


def some_value(symbol: Any, rng: random.Random, near_zero: bool = False) -> fmpq | None:
    """A small value that the assumptions allow."""
    for _ in range(12):
        size = rng.choice(TINY if near_zero else SIZES)
        for value in rng.sample([size, -size], 2):
            if allowed(symbol, value):
                return value
    return next((v for v in (fmpq(0), fmpq(1), fmpq(-1), fmpq(2)) if allowed(symbol, v)), None)


def entry(rng: random.Random) -> fmpq:
    return rng.choice(ENTRIES)


def place(rng: random.Random) -> fmpq:
    return rng.choice((1, -1)) * rng.choice(PLACES)
