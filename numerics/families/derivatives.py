r"""All derivatives of a loss l(x, theta) up to the second order, at one point.

.. math:: H = \nabla^2_{xx} l, \qquad C_{ij} = \frac{\partial^2 l}{\partial x_i\,\partial\theta_j}

Shapes: x (n,), theta (p,), H (n, n), C (n, p), l_theta,theta (p, p).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Derivatives:
    """Value, gradients and blocks of the Hessian; ``xt`` is C, with a row for each input."""

    value: float
    x: Array
    theta: Array
    xx: Array
    xt: Array
    tt: Array


class Model(Protocol):
    """A loss of inputs and parameters."""

    @property
    def inputs(self) -> int:
        """n."""

    @property
    def parameters(self) -> int:
        """p."""

    def derivatives(self, x: Array, theta: Array) -> Derivatives:
        """Everything at one point."""


def from_joint(value: float, gradient: Array, hessian: Array, inputs: int) -> Derivatives:
    """The blocks of a gradient and a Hessian in (x, theta), x first.

    >>> d = from_joint(0.0, np.arange(3.0), np.arange(9.0).reshape(3, 3), 1)
    >>> d.xt.tolist(), d.tt.shape
    ([[1.0, 2.0]], (2, 2))
    """
    n = inputs
    return Derivatives(
        value,
        x=gradient[:n],
        theta=gradient[n:],
        xx=hessian[:n, :n],
        xt=hessian[:n, n:],
        tt=hessian[n:, n:],
    )
