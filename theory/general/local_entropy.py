r"""The local entropy of EntropySGD, for any f.

.. math:: E(\theta) = -\log\int e^{-f(t)-\frac\gamma2\|\theta-t\|^2}\,dt, \qquad
          \nabla E = \gamma(\theta-\langle t\rangle), \qquad
          \nabla^2 E = \gamma I-\gamma^2\operatorname{Cov}(t)

with mean and covariance under the density proportional to exp(-f(t) - gamma/2 ||theta - t||^2).
Source: Chaudhari et al. 2017; Kanai et al. 2021.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr

from theory.general.functions import Function
from theory.linear_maps import LinearMap, as_matrix
from theory.matrices import MatrixSum
from theory.scalars import VectorScalar
from theory.vectors import VectorExpr, scalar, vector


class _OfDensity:
    """What value, mean and covariance share: args are the function, gamma and theta."""

    args: Any

    @property
    def function(self) -> Function:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def gamma(self) -> Expr:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def point(self) -> VectorExpr:
        return self.args[2]  # type: ignore[no-any-return]


class EntropyValue(_OfDensity, VectorScalar):
    """E(theta)."""

    def slopes(self, theta: Any) -> list[tuple[VectorExpr, VectorExpr]]:
        """grad E = gamma (theta - mean): the derivative under the integral sign."""
        return [(self.point, self.gamma * (self.point - Basic.__new__(Mean, *self.args)))]

    def _sympystr(self, printer: Any) -> str:
        return "entropy({})".format(", ".join(printer._print(a) for a in self.args))


class Mean(_OfDensity, VectorExpr):
    """The mean of t."""

    def chain_rule(self, theta: Any, jacobian: Any) -> MatrixSum:
        """D mean = gamma Cov: theta tilts the density by exp(gamma <theta, t>)."""
        return self.gamma * covariance(self) @ jacobian(self.point)

    def _sympystr(self, printer: Any) -> str:
        return f"mean({printer._print(self.point)})"


class Covariance(_OfDensity, LinearMap):
    """The covariance of t."""

    @property
    def symmetric(self) -> bool:
        return True

    def _sympystr(self, printer: Any) -> str:
        return f"Cov({printer._print(self.point)})"


def covariance(mean: Mean) -> MatrixSum:
    """The covariance under the same density."""
    return as_matrix(Basic.__new__(Covariance, *mean.args))


class LocalEntropy:
    """The local entropy of a Function of one argument.

    >>> from sympy import symbols
    >>> from theory.vectors import Vector
    >>> gamma = symbols("gamma", positive=True)
    >>> E = LocalEntropy(Function("f", "t"), gamma)
    >>> E.gradient(Vector("theta"))
    -gamma*mean(theta) + gamma*theta
    >>> E.hessian(Vector("theta"))
    (-gamma**2)*Cov(theta) + (gamma)*identity()
    """

    def __init__(self, function: Function, gamma: Any) -> None:
        if not isinstance(function, Function) or len(function.slots) != 1:
            raise TypeError(f"LocalEntropy: expected a Function of one vector, got {function!r}")
        self.function, self.gamma = function, scalar(gamma, "LocalEntropy: gamma")
        if not self.gamma.is_positive:
            raise ValueError(f"LocalEntropy: expected gamma > 0, got {self.gamma}")

    def value(self, theta: Any) -> Any:
        """E(theta)."""
        point = vector(theta, "LocalEntropy")
        return Basic.__new__(EntropyValue, self.function, self.gamma, point)

    def gradient(self, theta: Any) -> VectorExpr:
        """gamma (theta - mean)."""
        from theory.calculus import gradient

        return gradient(self.value(theta), theta)

    def hessian(self, theta: Any) -> MatrixSum:
        """gamma I - gamma^2 Cov."""
        from theory.calculus import hessian

        return hessian(self.value(theta), theta)
