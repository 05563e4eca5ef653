r"""An unknown differentiable function of some vectors, by its values and derivatives at points.

.. math:: l(x,\theta), \qquad \nabla_\theta l(x,\theta), \qquad \nabla^2_{x\theta} l(x,\theta)

A claim about ``Function("l", "x", "theta")`` speaks of every continuously differentiable l (twice,
where a second derivative of it occurs) that meets the hypotheses.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Tuple
from sympy.core.symbol import Str

from theory.linear_maps import LinearMap, as_matrix
from theory.matrices import MatrixSum, identity
from theory.scalars import VectorScalar, dot
from theory.vectors import VectorExpr, _checked_name, vector, zero


class Function(Basic):
    """A real function of named vector arguments.

    >>> from theory.vectors import Vector
    >>> l = Function("l", "x", "theta")
    >>> l(Vector("x"), Vector("theta"))
    l(x, theta)
    """

    def __new__(cls, name: Any, *slots: Any) -> Function:
        text = _checked_name(name, "Function")
        names = tuple(_checked_name(s, f"Function({text!r})") for s in slots)
        if not names or len(set(names)) < len(names):
            raise ValueError(
                f"Function({text!r}): expected the names of its arguments, such as 'x', 'theta'"
            )
        return Basic.__new__(cls, Str(text), *(Str(n) for n in names))

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the arguments, in their order."""
        return tuple(str(s) for s in self.args[1:])

    def index(self, slot: str) -> int:
        """The position of an argument."""
        if slot not in self.slots:
            raise ValueError(f"{self.name}: expected one of its arguments {self.slots}, got {slot}")
        return self.slots.index(slot)

    def __call__(self, *points: Any) -> Any:
        if len(points) != len(self.slots):
            raise TypeError(f"{self.name}: expected {len(self.slots)} arguments, got {len(points)}")
        return Value(self, Tuple(*(vector(p, self.name) for p in points)))

    def _sympystr(self, printer: Any) -> str:
        return self.name

    def _latex(self, printer: Any) -> str:
        return self.name


class _AtPoint:
    """What the value and the derivatives at one point share."""

    args: Any

    @property
    def function(self) -> Function:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def points(self) -> tuple[VectorExpr, ...]:
        """The arguments."""
        return tuple(self.args[-1])

    def _shown(self, printer: Any, mark: str) -> str:
        inside = ", ".join(printer._print(p) for p in self.points)
        return f"{mark}{self.function.name}({inside})"


class Value(_AtPoint, VectorScalar):
    """l(x, theta)."""

    def slopes(self, theta: Any) -> list[tuple[VectorExpr, VectorExpr]]:
        """Each argument that moves with theta, and the gradient there.

        At its own maximiser the value moves with the other arguments alone (envelope theorem).
        """
        pairs = zip(self.function.slots, self.points, strict=True)
        return [
            (p, partial(self, slot))
            for slot, p in pairs
            if p.has(theta) and not (hasattr(p, "attains") and p.attains(self))
        ]

    def rate(self, slope: Any) -> Any:
        """d/ds, from the derivatives of the arguments by the number s."""
        pairs = zip(self.function.slots, self.points, strict=True)
        return sum(dot(partial(self, slot), slope(p)) for slot, p in pairs)

    def _sympystr(self, printer: Any) -> str:
        return self._shown(printer, "")

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = self._shown(printer, "")
        return text if exp is None else rf"{text}^{{{exp}}}"


class Partial(_AtPoint, VectorExpr):
    """The gradient in one argument: args are the function, the slot and the points."""

    @property
    def slot(self) -> str:
        return str(self.args[1])

    def chain_rule(self, theta: Any, jacobian: Any) -> MatrixSum:
        """The sum over the arguments of block times their Jacobian."""
        total: MatrixSum = identity() * 0
        for slot, p in zip(self.function.slots, self.points, strict=True):
            if p.has(theta):
                total = total + block(self, slot) @ jacobian(p)
        return total

    def rate(self, slope: Any) -> VectorExpr:
        """d/ds, from the derivatives of the arguments by the number s."""
        pairs = zip(self.function.slots, self.points, strict=True)
        return sum((block(self, slot) @ slope(p) for slot, p in pairs), zero())

    def _sympystr(self, printer: Any) -> str:
        return self._shown(printer, f"grad_{self.slot} ")

    def _latex(self, printer: Any) -> str:
        return self._shown(printer, rf"\nabla_{{{self.slot}}} ")


class Block(_AtPoint, LinearMap):
    """A block of the Hessian: the derivative in the second slot of the gradient in the first."""

    @property
    def pair(self) -> tuple[str, str]:
        return str(self.args[1]), str(self.args[2])

    @property
    def symmetric(self) -> bool:
        return self.pair[0] == self.pair[1]

    @property
    def T(self) -> LinearMap:
        """The block of the exchanged slots: second derivatives commute."""
        return Basic.__new__(Block, self.args[0], self.args[2], self.args[1], self.args[3])

    def _sympystr(self, printer: Any) -> str:
        return self._shown(printer, "hess_{}_{} ".format(*self.pair))

    def _latex(self, printer: Any) -> str:
        return self._shown(printer, r"\nabla^2_{{{} {}}} ".format(*self.pair))


def partial(value: Value, slot: str) -> VectorExpr:
    """The gradient of a value in one of its arguments."""
    value.function.index(slot)
    return Basic.__new__(Partial, value.function, Str(slot), value.args[1])


def block(part: Partial, slot: str) -> MatrixSum:
    """The derivative of a gradient in one of the arguments."""
    part.function.index(slot)
    made = Basic.__new__(Block, part.function, part.args[1], Str(slot), part.args[2])
    return as_matrix(made)
