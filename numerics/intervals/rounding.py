"""Outward rounding of float64 results, and the error assumed of the libraries.

.. math:: \\text{down}(x) < x\\text{'s exact value} < \\text{up}(x).

IEEE operations (+ - * / sqrt) are correctly rounded: one ``nextafter`` suffices.  The functions of
numpy and scipy are not: their results are taken to be within ``ULPS`` units in the last place, or
within ``TINY`` of the exact value where that is smaller.  Nothing rests on this assumption alone:
every box that the search closes is confirmed with balls before it is written.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

ULPS = 8  # assumed of numpy's exp, log, sin, ... and of scipy's erf
TINY = float(np.finfo(np.float64).tiny)  # results may lose their bits below the normal range
LARGEST = float(np.finfo(np.float64).max)
_SHARE = (ULPS + 1) * 2.0**-52  # an ulp of x is at most |x|/2^52; one more for the rounding here


def down(x: Array) -> Array:
    """The float below a correctly rounded result."""
    return np.nextafter(x, -np.inf)


def up(x: Array) -> Array:
    """The float above a correctly rounded result."""
    return np.nextafter(x, np.inf)


def well_below(x: Array) -> Array:
    """A float below the exact value of a library function whose result was x."""
    finite = np.minimum(x, LARGEST)  # an overflow to +inf says only: about the largest float
    return np.where(finite == -np.inf, finite, finite - np.abs(finite) * _SHARE - TINY)


def well_above(x: Array) -> Array:
    """A float above the exact value of a library function whose result was x."""
    return -well_below(-x)
