r"""The adversarial logistic loss of a linear classifier as fast functions of arrays.

.. math:: l_\epsilon(\theta) = \max_{\|\delta\|_p\le\epsilon} \phi(y\langle\theta, x+\delta\rangle)

Value, gradient and Hessian are the theory's derived formulas, lowered once for each p.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sympy import Symbol, oo

from numerics.linear.lowering import lower
from theory import AdversarialLoss, Label, NormBall, Vector, logistic
from theory.losses import MarginLoss

THETA, X, Y, EPSILON = Vector("theta"), Vector("x"), Label("y"), Symbol("epsilon", nonnegative=True)


@dataclass(frozen=True)
class LinearLoss:
    """One margin loss under one attack; theta and x are (..., d), y and epsilon broadcast.

    >>> round(float(natural_loss().value([0.0, 1.0], [1.0, 0.0], 1.0, 0.0)), 6)
    0.693147
    """

    symbolic: AdversarialLoss
    _value: Callable[..., np.ndarray]
    _margin: Callable[..., np.ndarray]
    _gradient: Callable[..., np.ndarray]

    def value(self, theta: Any, x: Any, y: Any, epsilon: Any) -> np.ndarray:
        """l_eps(theta), shape (...)."""
        return self._value(theta=theta, x=x, y=y, epsilon=epsilon)

    def margin(self, theta: Any, x: Any, y: Any, epsilon: Any) -> np.ndarray:
        """The margin at the optimal attack, shape (...)."""
        return self._margin(theta=theta, x=x, y=y, epsilon=epsilon)

    def gradient(self, theta: Any, x: Any, y: Any, epsilon: Any) -> np.ndarray:
        """The gradient in theta off the kinks, shape (..., d)."""
        return self._gradient(theta=theta, x=x, y=y, epsilon=epsilon)

    def hessian(self, theta: Any, x: Any, y: Any, epsilon: Any) -> np.ndarray:
        """The Hessian in theta off the kinks, shape (..., d, d)."""
        return _hessian(self.symbolic)(theta=theta, x=x, y=y, epsilon=epsilon)


@cache
def adversarial_loss(p: Any = 2, loss: MarginLoss = logistic) -> LinearLoss:
    """The loss under the attack ||delta||_p <= epsilon; epsilon = 0 is natural training.

    `p` is a number in [1, oo]; math.inf counts as oo.
    """
    p = oo if p == float("inf") else p
    return _lowered(AdversarialLoss(loss, NormBall(p, EPSILON)))


@cache
def natural_loss(loss: MarginLoss = logistic) -> LinearLoss:
    """The loss without an attack, smooth at the origin too; its epsilon has no effect."""
    return _lowered(AdversarialLoss(loss, NormBall(2, 0)))


def _lowered(symbolic: AdversarialLoss) -> LinearLoss:
    parts = (symbolic.value, symbolic.margin, symbolic.gradient)
    return LinearLoss(symbolic, *(lower(part(THETA, X, Y)) for part in parts))


@cache
def _hessian(symbolic: AdversarialLoss) -> Callable[..., np.ndarray]:
    """Lowered on demand: nobody else pays for its derivation."""
    return lower(symbolic.hessian(THETA, X, Y))
