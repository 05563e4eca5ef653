"""Violations at one point: a Boolean of relations that is false, two entries that differ."""

from __future__ import annotations

from typing import Any

from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.points import Formula, Point, values_at
from numerics.certificates.arb.statement import Statement
from numerics.certificates.arb.syntax import RELATIONS, nodes
from numerics.certificates.arb.tape import slots_of

Sides = tuple[Interval, Interval]


class FalseCondition:
    """A relation, or a Boolean combination of relations, at a point."""

    def __init__(self, statement: Statement, d: int, point: Point) -> None:
        self.formula = Formula(statement.variables, d, point)
        node, compiler = statement.parts["condition"], self.formula.compiler
        self.condition = compiler.condition(node)
        self.relations = [
            (compiler.condition(r), compiler.scalar(r.args[0]), compiler.scalar(r.args[1]))
            for r in nodes(node)
            if r.op in RELATIONS
        ]
        slots = [s for r in self.relations for s in (*slots_of(r[0]), r[1], r[2])]
        self.program = self.formula.program([*slots_of(self.condition), *slots])

    def sides(self) -> list[Sides] | None:
        """The sides of the relations inside, when the whole is certainly false."""
        arithmetic = self.formula.arithmetic
        values = values_at(self.program, {})
        if values is None or arithmetic.truth(self.condition, values) is not False:
            return None
        settled = [
            (values[a], values[b])
            for c, a, b in self.relations
            if arithmetic.truth(c, values) is not None
        ]
        return settled


class DifferentEntries:
    """Two vectors or matrices that differ in some entry."""

    def __init__(self, statement: Statement, d: int, point: Point) -> None:
        self.formula = Formula(statement.variables, d, point)
        left, right = (self.formula.entries(statement.parts[n]) for n in ("left", "right"))
        self.pairs = list(zip(left, right, strict=True))
        self.program = self.formula.program([s for pair in self.pairs for s in pair])

    def sides(self) -> list[Sides] | None:
        """The pairs of entries that certainly differ."""
        base = self.formula.arithmetic
        values: Any = values_at(self.program, {})
        if values is None:
            return None
        found = [(values[a], values[b]) for a, b in self.pairs]
        apart = [
            (a, b)
            for a, b in found
            if base.positive(base.minus(a, b)) or base.negative(base.minus(a, b))
        ]
        return apart or None
