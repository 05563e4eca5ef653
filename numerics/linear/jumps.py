r"""The jump of a gradient across a kink, measured.

.. math:: \lim_{h\to 0^+} \|g(\theta + h v) - g(\theta - h v)\|
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Gradient = Callable[[np.ndarray], np.ndarray]


def gradient_jump(
    gradient: Gradient, theta: np.ndarray, direction: np.ndarray, h: float = 1e-6
) -> np.ndarray:
    """g(theta + h v) - g(theta - h v) as h -> 0, two steps of Richardson's extrapolation.

    The smooth part of the difference is c1 h + c3 h^3 + ...; halving h twice removes c1 and c3,
    and 1e-6 leaves rounding of about 1e-15.

    >>> g = lambda t: np.sign(t) + t
    >>> gradient_jump(g, np.zeros(1), np.ones(1)).round(9).tolist()
    [2.0]
    """
    wide, middle, narrow = (
        gradient(theta + k * h * direction) - gradient(theta - k * h * direction) for k in (4, 2, 1)
    )
    first, second = 2 * middle - wide, 2 * narrow - middle
    return (8 * second - first) / 7
