"""Does the box contain every point that the hypotheses admit?  Derived, never believed.

.. math:: \\|v\\|_p \\le R \\Rightarrow |v_i| \\le \\sup R, \\qquad
          |t| \\le R,\\; t^2 \\le R^2,\\; t \\le R,\\; R \\le t.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from numerics.certificates.arb.case import Layout
from numerics.certificates.arb.convexity import usable
from numerics.certificates.arb.outcome import Rejected, shown
from numerics.certificates.arb.program import Program
from numerics.certificates.arb.rationals import Rationals
from numerics.certificates.arb.statement import sign_of_assumptions
from numerics.certificates.arb.syntax import Node, constant
from numerics.certificates.arb.tape import ZERO, Tape

ROUNDS = 10

_ORDER = {
    "LessThan": (0, 1),
    "StrictLessThan": (0, 1),
    "GreaterThan": (1, 0),
    "StrictGreaterThan": (1, 0),
}


class Bounds:
    """The bounds that the hypotheses imply; None for none."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.low: dict[str, fmpq | None] = dict.fromkeys(layout.order)
        self.high: dict[str, fmpq | None] = dict.fromkeys(layout.order)
        self.arithmetic = Rationals()
        self.changed = False

    def derive(self) -> None:
        """Assumptions first, then the hypotheses until nothing changes."""
        self._from_assumptions()
        pairs = [_Inequality(self, small, large) for small, large in self._inequalities()]
        for _ in range(ROUNDS):
            self.changed = False
            for pair in pairs:
                pair.use()
            if not self.changed:
                return

    def _from_assumptions(self) -> None:
        for name in self.layout.statement.named("symbol"):
            lower, upper = sign_of_assumptions(self.layout.statement.variables[name])
            if lower:
                self._raise(name, ZERO)
            if upper:
                self._lower(name, ZERO)
        for name in self.layout.nonnegative():
            self._raise(name, ZERO)

    def _inequalities(self) -> list[tuple[Node, Node]]:
        """Every small <= large among the hypotheses that may be used."""
        found = []
        for k in range(len(self.layout.statement.given)):
            for condition in usable(self.layout.statement, k):
                if condition.op in _ORDER:
                    small, large = _ORDER[condition.op]
                    found.append((condition.args[small], condition.args[large]))
                elif condition.op == "Equality":
                    a, b = condition.args
                    found += [(a, b), (b, a)]
        return found

    def inputs(self) -> list[Any]:
        """The ranges known so far, in the order of the tape."""
        ranges: list[Any] = [(self.low[n], self.high[n]) for n in self.layout.order]
        return ranges + [(ZERO, ZERO)] * len(self.layout.fixed)

    def _lower(self, name: str, bound: fmpq) -> None:
        known = self.high.get(name, bound)
        if name in self.high and (known is None or bound < known):
            self.high[name], self.changed = bound, True

    def _raise(self, name: str, bound: fmpq) -> None:
        known = self.low.get(name, bound)
        if name in self.low and (known is None or bound > known):
            self.low[name], self.changed = bound, True

    def at_most(self, node: Node, bound: fmpq | None) -> None:
        """What node <= bound says about single variables."""
        if bound is None:
            return
        if node.op == "symbol":
            self._lower(node.data[0], bound)
        elif (multiple := _multiple(node)) is not None:
            c, inner = multiple
            (self.at_most if c > 0 else self.at_least)(inner, bound / c)
        elif node.op == "Abs" or node.op == "Norm":
            self._within(node, bound)
        elif node.op == "Pow" and constant(node.args[1]) == 2:
            root = self.arithmetic.power(fmpq(1, 2), ((max(bound, ZERO),) * 2,))
            if root is not None and root[1] is not None:
                self.at_most(node.args[0], root[1])
                self.at_least(node.args[0], -root[1])

    def at_least(self, node: Node, bound: fmpq | None) -> None:
        """What node >= bound says about single variables."""
        if bound is None:
            return
        if node.op == "symbol":
            self._raise(node.data[0], bound)
        elif (multiple := _multiple(node)) is not None:
            c, inner = multiple
            (self.at_least if c > 0 else self.at_most)(inner, bound / c)

    def _within(self, node: Node, bound: fmpq) -> None:
        """|t| <= bound or ||c v||_p <= bound."""
        if node.op == "Abs":
            self.at_most(node.args[0], bound)
            self.at_least(node.args[0], -bound)
            return
        for name, c in _vector_of(node.args[0]):
            for coordinate in self.layout.coordinates(name):
                self._lower(coordinate, bound / c)
                self._raise(coordinate, -bound / c)


class _Inequality:
    """small <= large, each side compiled once on a tape of its own."""

    def __init__(self, bounds: Bounds, small: Node, large: Node) -> None:
        tape = Tape()
        compiler = bounds.layout.compiler(tape)
        self.bounds, self.small, self.large = bounds, small, large
        self.left, self.right = compiler.scalar(small), compiler.scalar(large)
        self.program = Program(tape, bounds.arithmetic, (self.left, self.right))

    def use(self) -> None:
        """Bound what stands alone on either side."""
        values = self.program.run(self.bounds.inputs())
        if (upper := values[self.right]) is not None:
            self.bounds.at_most(self.small, upper[1])
        if (lower := values[self.left]) is not None:
            self.bounds.at_least(self.large, lower[0])


def _multiple(node: Node) -> tuple[fmpq, Node] | None:
    """(c, e) for a product c e with a number c that is not 0."""
    if node.op != "Mul" or len(node.args) != 2:
        return None
    c = constant(node.args[0])
    return (c, node.args[1]) if c is not None and c != 0 else None


def _vector_of(node: Node) -> list[tuple[str, fmpq]]:
    """(name, |c|) for c times a vector variable."""
    if node.op == "vector":
        return [(node.data[0], fmpq(1))]
    if node.op == "VectorSum" and len(node.args) == 1:
        c = constant(node.args[0].args[0])
        if c is not None and c != 0 and node.args[0].args[1].op == "vector":
            return [(node.args[0].args[1].data[0], abs(c))]
    return []


def check_domain(layout: Layout) -> None:
    """Refuse a box that leaves out a point of the hypotheses."""
    bounds = Bounds(layout)
    bounds.derive()
    for name, (low, high) in layout.case.domain.items():
        below, above = bounds.low[name], bounds.high[name]
        if below is None or below < low:
            raise Rejected(f"the hypotheses do not imply the lower bound of {shown(name)}")
        if above is None or above > high:
            raise Rejected(f"the hypotheses do not imply the upper bound of {shown(name)}")
