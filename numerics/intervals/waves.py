"""sin and cos of intervals.

.. math:: \\cos X \\ni 1 \\iff 2 k \\pi \\in X, \\qquad \\cos X \\ni -1 \\iff (2k+1)\\pi \\in X.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.intervals.interval import Interval, result
from numerics.intervals.rounding import Array, well_above, well_below

LARGE = 1e8  # beyond it turns are not counted: [-1, 1]


def cos(x: Interval) -> Interval:
    """cos, within [-1, 1]."""
    return _wave(np.cos, x, 0.0)


def sin(x: Interval) -> Interval:
    """sin, within [-1, 1]."""
    return _wave(np.sin, x, 0.25)


def _wave(f: Callable[[Array], Array], x: Interval, peak: float) -> Interval:
    """A wave whose maxima are at ``peak`` turns plus integers, its minima half a turn on."""
    with np.errstate(all="ignore"):
        ends = f(x.lo), f(x.hi)
        lo = np.maximum(well_below(np.minimum(*ends)), -1.0)
        hi = np.minimum(well_above(np.maximum(*ends)), 1.0)
        wild = ~((x.lo > -LARGE) & (x.hi < LARGE))
        lo = np.where(wild | _passes(x, peak + 0.5), -1.0, lo)
        hi = np.where(wild | _passes(x, peak), 1.0, hi)
    return result(lo, hi, x)


def _passes(x: Interval, at: float) -> Array:
    """May x contain (at + k) turns? Counted with room for the rounding of the quotients."""
    first, last = x.lo / (2 * np.pi) - at, x.hi / (2 * np.pi) - at
    room = 1e-14 * (1 + np.maximum(np.abs(first), np.abs(last)))
    return np.asarray(np.ceil(first - room) <= last + room)
