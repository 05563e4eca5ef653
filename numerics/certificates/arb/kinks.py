"""Kinks: a point of the open domain and a direction with two different one-sided derivatives.

.. math:: f'_-(\\theta; h) = -f'(\\theta; -h) \\ne f'(\\theta; h) = f'_+(\\theta; h)
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.one_sided import OneSided
from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.points import Formula, Point, finite, rising, values_at
from numerics.certificates.arb.statement import Statement
from numerics.certificates.arb.syntax import Node, conjuncts, nodes
from numerics.certificates.arb.tape import slots_of

_JUMPING = frozenset(
    ("sign", "Piecewise", "Sign", "Peak", "PeakSlope", "AbsPower", "ZeroComponent", "TiedPeak")
)


class Kink:
    """The two one-sided derivatives of f at a point along h."""

    def __init__(self, statement: Statement, d: int, point: Point, h: list[fmpq]) -> None:
        check_interior(statement, d, point)
        self.formula = Formula(statement.variables, d)
        (self.f,) = self.formula.entries(statement.parts["f"])
        self.point, self.h = point, h
        self.moving = self.formula.order[statement.wrt or ""]
        self.plain = self.formula.program([self.f])
        self.arithmetic = OneSided(self.formula.arithmetic)
        self.program = self.formula.program([self.f], self.arithmetic)

    def sides(self) -> list[tuple[Interval, Interval]] | None:
        """(left, right), when they certainly differ."""
        base = self.formula.arithmetic
        if values_at(self.plain, self.formula.inputs(self.point)) is None:
            return None
        right, back = self._slope(fmpq(1)), self._slope(fmpq(-1))
        if right is None or back is None:
            return None
        left = base.mul(None, (base.const(fmpq(-1)), back))
        gap = base.minus(right, left)
        return [(left, right)] if base.positive(gap) or base.negative(gap) else None

    def _slope(self, sign: fmpq) -> Interval | None:
        slopes = {k: sign * c for k, c in zip(self.moving, self.h, strict=True)}
        inputs = {
            k: self.arithmetic.along(v, slopes.get(k, fmpq(0)))
            for k, v in self.formula.inputs(self.point).items()
        }
        values = values_at(self.program, inputs)
        if values is None or values[self.f] is None:
            return None
        slope = self.arithmetic.slope(values[self.f])
        return slope if finite(slope) else None


def check_interior(statement: Statement, d: int, point: Point) -> None:
    """Refuse a point of the boundary: there one side may lie outside the domain."""
    wrt = statement.wrt or ""
    variable = statement.variables[wrt]
    if variable.op == "symbol" and point[wrt][0] == 0 and _has_sign(variable):
        raise Rejected("the point lies on the boundary of the domain")
    for index, node in enumerate(statement.given):
        for part in conjuncts(node):
            if wrt in part.names and not _holds_nearby(statement, d, part, point):
                raise Rejected(f"hypothesis {index} is not certainly true near the point")


def _has_sign(variable: Node) -> bool:
    return any(fact in ("nonnegative", "nonpositive") for fact, _ in variable.data[2])


def _holds_nearby(statement: Statement, d: int, part: Node, point: Point) -> bool:
    """Strictly true at the point, with sides that are continuous there."""
    if any(n.op in _JUMPING for n in nodes(part)):
        return False
    formula = Formula(statement.variables, d)
    condition = formula.compiler.condition(part)
    program = formula.program(slots_of(condition))

    def test() -> bool | None:
        values = values_at(program, formula.inputs(point))
        if values is None or not _roots_inside(formula, values):
            return None
        return formula.arithmetic.truth(condition, values, strict=True)

    return rising(test) is True


def _roots_inside(formula: Formula, values: list[Any]) -> bool:
    """A root of something that vanishes is defined on one side only."""
    for op, args, extra in formula.tape.steps:
        if op == "power" and extra.q != 1:
            inner = formula.tape.steps[args[0]][0]
            value = values[args[0]]
            if inner not in ("abs", "norm") and not (value and formula.arithmetic.positive(value)):
                return False
    return True
