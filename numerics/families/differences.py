r"""Central differences extrapolated until they settle, with an estimate of their error.

.. math:: T_{k,0} = \frac{f(h_k) - f(-h_k)}{2 h_k}, \qquad
          T_{k,j} = \frac{4^j T_{k,j-1} - T_{k-1,j-1}}{4^j - 1}, \qquad h_k = h/2^k

Source: Ridders 1982.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array


@dataclass(frozen=True)
class Difference:
    """The derivative of an array and the disagreement of the last extrapolations, its largest."""

    value: Array
    error: float


def derivative(f: Callable[[float], Array], step: float, halvings: int = 6) -> Difference:
    """f'(0); trust it where ``error`` is small.

    >>> found = derivative(lambda t: np.array([np.exp(t)]), 0.5)
    >>> bool(abs(found.value[0] - 1) < 1e-11), found.error < 1e-10
    (True, True)
    """
    rows: list[list[Array]] = []
    best = Difference(np.asarray(np.nan), np.inf)
    for k in range(halvings + 1):
        h = step / 2**k
        row = [(f(h) - f(-h)) / (2 * h)]
        for j in range(1, k + 1):
            row.append((4**j * row[j - 1] - rows[k - 1][j - 1]) / (4**j - 1))
            apart = np.maximum(abs(row[j] - row[j - 1]), abs(row[j] - rows[k - 1][j - 1]))
            if float(apart.max()) < best.error:
                best = Difference(row[j], float(apart.max()))
        rows.append(row)
    return best
