"""A statement about one-sided derivatives, kinks included.

.. math:: f'(\\theta; h) = \\lim_{t\\downarrow 0} \\frac{f(\\theta + t h) - f(\\theta)}{t}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Eq

from theory.statements import Statement, _scalar_of, _wrt
from theory.vectors import Vector, VectorExpr, scalar, vector


@dataclass(frozen=True)
class Directional(Statement):
    """The one-sided derivative of f at ``wrt`` in the direction ``along`` is ``value``.

    >>> from theory.scalars import norm
    >>> t, h = Vector("theta"), Vector("h")
    >>> Directional(norm(t), t, h, norm(h)).restated()
    Eq(Piecewise((dot(h, unit(theta)), norm(theta) > 0), (norm(h), True)), norm(h))
    """

    f: Any
    wrt: Any
    along: Any
    value: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "f", _scalar_of(self.f, "Directional: f"))
        if not isinstance(_wrt(self.wrt, "Directional"), Vector):
            raise TypeError(f"Directional: expected wrt to be a Vector, got {self.wrt!r}")
        along: VectorExpr = vector(self.along, "Directional: along")
        object.__setattr__(self, "along", along)
        object.__setattr__(self, "value", scalar(self.value, "Directional: value"))

    def restated(self) -> Any:
        """The same as an equation, with the derivative derived."""
        from theory.directional import directional_derivative

        derived = directional_derivative(self.f, self.wrt, self.along)
        return Eq(derived, self.value, evaluate=derived == self.value)

    def __str__(self) -> str:
        return f"the derivative of {self.f} at {self.wrt} along {self.along} is {self.value}"
