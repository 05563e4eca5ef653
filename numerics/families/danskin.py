r"""Directional derivatives of a maximum, from the gradients at all maximisers.

.. math:: l_\epsilon'(\theta; h) = \max_{\delta^* \in \arg\max} \langle \nabla_\theta l(x +
          \delta^*, \theta), h\rangle, \qquad
          \text{jump} = \max_{k, j}\|g_k - g_j\|

There is a kink exactly where two maximisers have different gradients.
Shapes: gradients (k, p), h (p,).  Source: Danskin 1966.
"""

from __future__ import annotations

import numpy as np

from numerics.families.derivatives import Array


def directional_derivative(gradients: Array, direction: Array) -> float:
    """The right derivative along ``direction``.

    >>> directional_derivative(np.array([[1.0], [-1.0]]), np.array([-3.0]))
    3.0
    """
    return float(np.max(np.asarray(gradients) @ direction))


def jump(gradients: Array) -> float:
    """The diameter of the gradients: 0 where the maximum is differentiable.

    >>> jump(np.array([[1.0], [-1.0]]))
    2.0
    """
    rows = np.asarray(gradients)
    return float(np.linalg.norm(rows[:, None] - rows[None, :], axis=-1).max())
