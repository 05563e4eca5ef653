r"""Models whose maximisers tie, so that the adversarial loss has kinks away from the origin.

.. math:: -(x^2 - 1)^2 + \theta x \ (\theta = 0), \qquad
          \phi(y\,a^\top W x) \ (W^\top a = 0), \qquad
          f(x + \delta) = f(x - \delta) \ \text{as functions of}\ \delta

Even under L2, and even with strong concavity near each maximiser.  Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from numerics.families.activations import TANH, Activation
from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure, Points
from numerics.families.networks import Network
from numerics.intervals import Interval, integer_power, interval


@dataclass(frozen=True)
class DoubleWell:
    """l(x, theta) = -(x^2 - 1)^2 + theta x on |x| <= 2.

    >>> DoubleWell().maximisers(0.0).tolist(), DoubleWell().maximisers(0.1).round(4).tolist()
    ([-1.0, 1.0], [1.0123])
    """

    bound: float = 2.0

    def maximisers(self, theta: float) -> Array:
        """All global maximisers: both wells for theta = 0, else the root of theta's sign."""
        if theta == 0:
            return np.array([-1.0, 1.0])
        x = np.sign(theta)
        for _ in range(60):  # the slope is concave beyond the well: Newton's method is monotone
            x -= (-4 * x**3 + 4 * x + theta) / (-12 * x**2 + 4)
        return np.array([np.clip(x, -self.bound, self.bound)])

    def value(self, theta: float) -> float:
        """l_eps(theta)."""
        x = self.maximisers(theta)[0]
        return float(-((x**2 - 1) ** 2) + theta * x)

    def gradients(self, theta: float) -> Array:
        """d l/d theta = x at every maximiser, (k, 1)."""
        return self.maximisers(theta)[:, None]

    def at_parameters(self, theta: float) -> WellLandscape:
        """The loss against x, for the attack solver."""
        return WellLandscape(theta)


@dataclass(frozen=True)
class WellLandscape:
    """x -> -(x^2 - 1)^2 + theta x."""

    theta: float
    inputs: int = 1

    def at(self, points: Array) -> Points:
        """Floats at points (N, 1)."""
        x = points[:, 0]
        slope = -4 * x * (x**2 - 1) + self.theta
        value = -((x**2 - 1) ** 2) + self.theta * x
        return Points(value, slope[:, None], (4 - 12 * x**2)[:, None, None])

    def on(self, boxes: list[Interval]) -> Enclosure:
        """Enclosures over intervals."""
        (x,), theta = boxes, interval(self.theta)
        rise = integer_power(x, 2) - interval(1.0)
        value = theta * x - integer_power(rise, 2)
        slope = theta - interval(4.0) * x * rise
        bend = interval(4.0) - interval(12.0) * integer_power(x, 2)
        return Enclosure(value, [slope], [[bend]])


@dataclass(frozen=True)
class TwoLayerLinear:
    r"""The logistic loss of the margin y a'W x under ||delta|| <= epsilon, in closed form.

    .. math:: u = y\,a^\top W x - \epsilon\|W^\top a\|

    Parameters are (a, W): a (m,), W (m, n).  The kink set is {W'a = 0}.
    """

    x: Array
    epsilon: float
    label: float = 1.0

    def value(self, a: Array, W: Array) -> float:
        """l_eps(a, W)."""
        v = W.T @ a
        return float(np.logaddexp(0.0, self.epsilon * np.linalg.norm(v) - self.label * v @ self.x))

    def is_kink(self, a: Array, W: Array) -> bool:
        """W'a = 0, exactly."""
        return not (W.T @ a).any()

    def gradients(self, a: Array, W: Array, attacks: Array) -> Array:
        """Gradients in (a, W) at attacks (k, n) of a kink, (k, m + m n); all of them tie."""
        points = self.x + attacks
        slope = -self.label * expit(-self.label * points @ W.T @ a)
        by_W = np.einsum("m,kn->kmn", a, points).reshape(len(points), -1)
        return np.asarray(slope[:, None] * np.hstack([points @ W.T, by_W]))

    def derivative_at_kink(self, a: Array, W: Array, da: Array, dW: Array) -> float:
        """-(y v.x - eps |v|)/2 with v = W'da + dW'a, the change of W'a."""
        v = W.T @ da + dW.T @ a
        return float(-(self.label * v @ self.x - self.epsilon * np.linalg.norm(v)) / 2)


def even_network(
    w: Array, bias: float, outer: float, activation: Activation = TANH
) -> tuple[Network, Array]:
    """A network that is even in its input: a (f(w.x + b) + f(-w.x + b)), no outer bias.

    At x = 0 attacks come in pairs +-delta*, and theta breaks the tie: a kink.
    """
    theta = np.concatenate([w, -w, [bias, bias], [outer, outer], [0.0]])
    return Network((len(w), 2), activation), theta
