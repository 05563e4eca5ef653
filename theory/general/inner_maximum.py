r"""The worst case of a loss over a convex set of one argument, and where it is attained.

.. math:: v(\theta) = \max_{\delta\in K} l(\delta,\theta), \qquad
          \delta^*(\theta) \in \arg\max_{\delta\in K} l(\delta,\theta)

``point`` is any selection of maximisers; ``gradient`` is the partial gradient there, which is the
gradient of v wherever v has one (Danskin 1967).
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Eq, Expr, Tuple
from sympy.core.symbol import Str

from theory.attack_sets import AttackSet
from theory.attack_sets.support_function import PROBE
from theory.general.functions import Function, Value, partial
from theory.linear_maps import LinearMap, as_matrix
from theory.matrices import MatrixSum, identity, outer
from theory.scalars import Norm, VectorScalar, norm
from theory.statements import Equal
from theory.vectors import Vector, VectorExpr, _checked_name, vector, zero


class Support(VectorScalar):
    """h_K(t) of an unknown compact convex set K."""

    def _sympystr(self, printer: Any) -> str:
        return "h_{}({})".format(*(printer._print(a) for a in self.args))


class ConvexSet(AttackSet):
    """Any compact convex set, known by its name alone.

    >>> ConvexSet("K").support(Vector("t"))
    h_K(t)
    """

    def __init__(self, name: str) -> None:
        self.name = _checked_name(name, "ConvexSet")
        self._form = Basic.__new__(Support, Str(self.name), PROBE)

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__


class Maximiser(VectorExpr):
    """A point of the set that maximises the function over one slot: args are the function, the
    slot, the support function of the set and the other points."""

    @property
    def function(self) -> Function:
        return self.args[0]  # type: ignore[return-value]

    @property
    def slot(self) -> str:
        return str(self.args[1])

    @property
    def support(self) -> Expr:
        """h_K, as a form of the probe."""
        return self.args[2]  # type: ignore[return-value]

    @property
    def others(self) -> tuple[VectorExpr, ...]:
        return tuple(self.args[3])  # type: ignore[arg-type]

    def points(self) -> tuple[VectorExpr, ...]:
        """The arguments of the function at the maximum."""
        k = self.function.index(self.slot)
        return (*self.others[:k], self, *self.others[k:])

    def attains(self, value: Any) -> bool:
        """Whether the value is the maximum that this point attains."""
        return bool(value.function == self.function and value.points == self.points())

    def ball(self) -> tuple[Expr, Expr] | None:
        """(p, radius) where the set is a ball of a norm, else None."""
        from theory.attack_sets.norm_ball import dual_exponent

        norms = self.support.atoms(Norm)
        for n in norms:
            radius = self.support / n
            if n.vector == PROBE and not radius.has(n) and not radius.has(PROBE):
                return dual_exponent(n.p), radius
        return None

    def chain_rule(self, theta: Any, jacobian: Any) -> MatrixSum:
        """D delta*(theta), an unknown map."""
        if any(o.has(theta) and o != theta for o in self.others):
            raise TypeError(f"jacobian of {self}: expected {theta} itself as its argument")
        return slope(self, theta)

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(printer._print(p) for p in self.others)
        return f"{self.slot}*({inside})"

    def _latex(self, printer: Any) -> str:
        inside = ", ".join(printer._print(p) for p in self.others)
        return rf"{self.slot}^*({inside})"


class Slope(LinearMap):
    """The Jacobian of a maximiser in a vector; args are the maximiser and the vector."""

    def _sympystr(self, printer: Any) -> str:
        return "D_{1} {0}".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any) -> str:
        return "D_{{{1}}} {0}".format(*(printer._print(a) for a in self.args))


def slope(m: Maximiser, theta: Vector) -> MatrixSum:
    """D delta*(theta), where the maximiser is differentiable."""
    return as_matrix(Basic.__new__(Slope, m, theta))


class InnerMaximum:
    """max over one argument of a Function, in a NormBall, an AttackSet or a ConvexSet.

    >>> l = Function("l", "x", "theta")
    >>> worst = InnerMaximum(l, "x", ConvexSet("K"))
    >>> worst.value(Vector("theta"))
    l(x*(theta), theta)
    """

    def __init__(self, function: Function, slot: str, over: AttackSet) -> None:
        if not isinstance(function, Function):
            raise TypeError(f"InnerMaximum: expected a Function, got {function!r}")
        if not isinstance(over, AttackSet):
            raise TypeError(f"InnerMaximum: expected an attack set, got {over!r}")
        function.index(slot)
        moving = over._form.atoms(Vector) - {PROBE}
        if moving:  # the envelope theorem is about a set that stands still
            names = ", ".join(sorted(map(str, moving)))
            raise ValueError(f"InnerMaximum: expected a set that does not move with {names}")
        self.function, self.slot, self.over = function, slot, over

    def point(self, *others: Any) -> Any:
        """A maximiser, for the other arguments."""
        given = tuple(vector(o, "InnerMaximum") for o in others)
        if len(given) != len(self.function.slots) - 1:
            raise TypeError(f"InnerMaximum: expected the arguments of {self.function} but one")
        form = self.over._form
        return Basic.__new__(Maximiser, self.function, Str(self.slot), form, Tuple(*given))

    def value(self, *others: Any) -> Any:
        """The largest value."""
        return self.function(*self.point(*others).points())

    def gradient(self, *others: Any) -> VectorExpr:
        """The partial gradient in the other argument, at the maximiser."""
        value: Value = self.value(*others)
        slots = [s for s in self.function.slots if s != self.slot]
        if len(slots) != 1:
            raise TypeError(
                f"InnerMaximum.gradient: expected a function of two vectors, got {self.function} "
                f"of {', '.join(self.function.slots)}"
            )
        return partial(value, slots[0])

    def inner_gradient(self, *others: Any) -> VectorExpr:
        """The gradient in the attacked argument, at the maximiser."""
        return partial(self.value(*others), self.slot)

    def in_the_interior(self, theta: Vector) -> list[Equal]:
        """The equation of an interior maximiser, differentiated: D(grad_x l) = 0."""
        return _differentiated([self.inner_gradient(theta)], theta)

    def on_the_sphere(self, theta: Vector, radius: Any, multiplier: Any) -> list[Any]:
        """The equations of a maximiser on the L2 sphere, differentiated.

        grad_x l = lambda delta and <delta, delta> = radius^2; the multiplier moves with theta too,
        with a gradient that the statement need not know.
        """
        from theory.calculus import jacobian

        delta, g = self.point(theta), self.inner_gradient(theta)
        turning = outer(delta, Vector(f"slope_of_{multiplier}"))
        tangent = jacobian(g, theta) - multiplier * jacobian(delta, theta) - turning
        constant = jacobian(delta, theta).T @ delta
        return [
            Equal(g, multiplier * delta),
            Equal(tangent, 0 * identity()),
            Equal(constant, zero()),
            Eq(norm(delta), radius),
        ]

    def on_a_face(self, theta: Vector, free: MatrixSum) -> list[Equal]:
        """Free coordinates: their gradient vanishes; the others stand still."""
        from theory.calculus import jacobian

        delta, g = self.point(theta), self.inner_gradient(theta)
        moves = (identity() - free) @ jacobian(delta, theta)
        return [Equal(free @ jacobian(g, theta), 0 * identity()), Equal(moves, 0 * identity())]


def _differentiated(equations: list[VectorExpr], theta: Vector) -> list[Equal]:
    from theory.calculus import jacobian

    return [Equal(jacobian(e, theta), 0 * identity()) for e in equations]
