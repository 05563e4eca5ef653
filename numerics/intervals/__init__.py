"""Vectorised float64 intervals with outward rounding: fast proposals, never the last word.

.. math:: x \\in X,\\ y \\in Y \\ \\Rightarrow\\ x \\circ y \\in X \\circ Y.

Sums, products, quotients and square roots are rounded outwards by ``nextafter``; elementary
functions come from numpy and scipy and are widened by the error in ``rounding``, which is an
assumption about those libraries.  What counts is therefore confirmed in ball arithmetic.
"""

from numerics.intervals.elementary import (
    absolute,
    apply,
    erf,
    exp,
    integer_power,
    log,
    maximum,
    minimum,
    power,
    sign,
    sqrt,
)
from numerics.intervals.interval import Interval, interval
from numerics.intervals.norms import norm

__all__ = [
    "Interval",
    "absolute",
    "apply",
    "erf",
    "exp",
    "integer_power",
    "interval",
    "log",
    "maximum",
    "minimum",
    "norm",
    "power",
    "sign",
    "sqrt",
]
