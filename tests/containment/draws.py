"""Random intervals that look for trouble, and a member of each."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LARGEST, NORMAL, LEAST = 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324
ORDINARY = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, np.pi, -np.pi, np.pi / 2, 710.0, -745.5]
EXTREME = [LEAST, -LEAST, NORMAL, -NORMAL, LARGEST, -LARGEST]
SPECIAL = np.array([*ORDINARY, *EXTREME])


def numbers(rng: np.random.Generator, n: int) -> Array:
    """Floats of every kind: moderate, integer, huge, subnormal, special."""
    signs = rng.choice([-1.0, 1.0], n)
    kinds = (
        rng.uniform(-10, 10, n),
        rng.normal(0, 1, n) * 10.0 ** rng.integers(-6, 4, n),
        rng.integers(-20, 21, n).astype(float),
        signs * np.ldexp(rng.uniform(1, 2, n), rng.integers(-1074, 1023, n)),
        signs * rng.integers(0, 2**52, n).astype(float) * 5e-324,
        rng.choice(SPECIAL, n),
    )
    return np.choose(rng.choice(6, n, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1]), kinds)


def intervals(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Ends (lo, hi): points, narrow, wide, half-lines, the line, a few empty and NaN."""
    a, b = numbers(rng, n), numbers(rng, n)
    with np.errstate(all="ignore"):
        near = a + np.abs(a) * 10.0 ** rng.uniform(-16, 0, n)
    low, high = np.minimum(a, b), np.maximum(a, b)
    infinite, nan = np.full(n, np.inf), np.full(n, np.nan)
    choice = rng.choice(9, n, p=[0.45, 0.25, 0.1, 0.06, 0.06, 0.02, 0.02, 0.02, 0.02])
    lo = np.choose(choice, (low, a, a, -infinite, a, -infinite, nan, a, high))
    hi = np.choose(choice, (high, near, a, a, infinite, infinite, b, nan, low))
    return lo, np.where(np.isposinf(hi) & (choice == 1), LARGEST, hi)


def members(rng: np.random.Generator, lo: Array, hi: Array) -> Array:
    """One finite member each: an end, 0, or anything between; NaN where there is none."""
    low = np.where(np.isnan(lo), -10.0, np.maximum(lo, -LARGEST))
    high = np.where(np.isnan(hi), 10.0, np.minimum(hi, LARGEST))
    swapped = np.isnan(lo) | np.isnan(hi)
    low, high = np.where(swapped, -10.0, low), np.where(swapped, 10.0, high)
    share = rng.uniform(0, 1, lo.size)
    between = np.clip(low * (1 - share) + high * share, low, np.maximum(low, high))
    anywhere = np.clip(numbers(rng, lo.size), low, np.maximum(low, high))
    pick = np.choose(rng.choice(4, lo.size), (low, high, between, anywhere))
    return np.where(low <= high, pick, np.nan)
