"""p-norms of lists of intervals.

.. math:: \\|X\\|_p = (\\textstyle\\sum_i |X_i|^p)^{1/p}, \\qquad \\|X\\|_\\infty = \\max_i |X_i|.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from numerics.intervals.elementary import absolute, integer_power, maximum, power, sqrt
from numerics.intervals.interval import Interval, interval


def norm(components: Sequence[Interval], p: float = 2.0) -> Interval:
    """The p-norm for a float p in [1, inf].

    >>> bool(norm([interval(3.0), interval(4.0)]).contains(5.0))
    True
    """
    if not p >= 1:
        raise ValueError(f"norm: expected p >= 1, got p = {p!r}")
    if p == np.inf:
        return reduce(maximum, (absolute(c) for c in components))
    if p == 1:
        return reduce(Interval.__add__, (absolute(c) for c in components))
    if p == 2:
        return sqrt(reduce(Interval.__add__, (integer_power(c, 2) for c in components)))
    exponent = interval(p)
    total = reduce(Interval.__add__, (power(absolute(c), exponent) for c in components))
    return power(total, interval(1.0) / exponent)
