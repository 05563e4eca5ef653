"""Violations at two points: a slope above the constant, a chord below the graph.

.. math:: \\|f(\\theta)-f(\\theta')\\|_2 > L\\,\\|\\theta-\\theta'\\|_2; \\qquad
          f\\bigl(\\tfrac{\\theta+\\theta'}2\\bigr) > \\tfrac12 (f(\\theta)+f(\\theta')).
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from numerics.certificates.arb.balls import Balls
from numerics.certificates.arb.convexity import usable
from numerics.certificates.arb.derivatives import Derivatives
from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.jets import Jet
from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.points import Formula, Point, check_hypotheses, values_at
from numerics.certificates.arb.program import Program
from numerics.certificates.arb.statement import Statement
from numerics.certificates.arb.syntax import Node, conjuncts
from numerics.certificates.arb.tape import slots_of

Sides = tuple[Interval, Interval]
DEEPEST = 12


class SlopeViolation:
    """Lipschitz, or Smooth with the gradient in place of f."""

    def __init__(self, statement: Statement, d: int, first: Point, second: Point) -> None:
        if statement.parts["constant"] is None:
            raise Rejected("two points cannot break 'some finite constant'")
        self.formula = Formula(statement.variables, d)
        self.f = self.formula.entries(statement.parts["f"])
        self.points, self.wrt = (first, second), statement.wrt or ""
        self.jets: Derivatives | None = None
        if statement.kind == "Smooth":
            self.jets = Derivatives(self.formula.arithmetic, 1, clarke=False)
        self.program = self.formula.program(self.f, self.jets)
        constant = Formula(statement.variables, d)
        slot = constant.compiler.scalar(statement.parts["constant"])
        self.constant = (constant, constant.program([slot]), slot)

    def sides(self) -> list[Sides] | None:
        """Both sides, when the left one is certainly larger."""
        base = self.formula.arithmetic
        ends = [self._values(p) for p in self.points]
        formula, program, slot = self.constant
        known = values_at(program, formula.inputs(self.points[0]))
        if ends[0] is None or ends[1] is None or known is None:
            return None
        gaps = [base.minus(a, b) for a, b in zip(ends[0], ends[1], strict=True)]
        steps = [
            base.const(a - b) for a, b in zip(*(p[self.wrt] for p in self.points), strict=True)
        ]
        left, length = base.norm(fmpq(2), gaps), base.norm(fmpq(2), steps)
        if left is None or length is None:
            return None
        right = base.times(known[slot], length)
        return [(left, right)] if base.positive(base.minus(left, right)) else None

    def _values(self, point: Point) -> list[Interval] | None:
        """The components of f at a point, or of its gradient."""
        inputs: dict[int, Any] = self.formula.inputs(point)
        if self.jets is None:
            values = values_at(self.program, inputs)
            return None if values is None else [values[s] for s in self.f]
        seeds = {k: i for i, k in enumerate(self.formula.order[self.wrt])}
        jets = {k: self.jets.seed(v, seeds.get(k)) for k, v in inputs.items()}
        values = values_at(self.program, jets)
        if values is None or values[self.f[0]] is None:
            return None
        jet: Jet = values[self.f[0]]
        return [jet.gradient.get(i, self.formula.arithmetic.zero) for i in seeds.values()]


class ChordViolation:
    """Convex: the middle of a chord."""

    def __init__(self, statement: Statement, d: int, first: Point, second: Point) -> None:
        wrt = statement.wrt or ""
        middle = [(a + b) / 2 for a, b in zip(first[wrt], second[wrt], strict=True)]
        self.points = ({**first, wrt: middle}, first, second)
        check_hypotheses(statement, d, self.points[0])
        check_segment(statement, d, first, second)
        self.formula = Formula(statement.variables, d)
        (self.f,) = self.formula.entries(statement.parts["f"])
        self.program = self.formula.program([self.f])

    def sides(self) -> list[Sides] | None:
        """f at the middle and the mean of the ends, when the first is certainly larger."""
        base, found = self.formula.arithmetic, []
        for point in self.points:
            values = values_at(self.program, self.formula.inputs(point))
            if values is None:
                return None
            found.append(values[self.f])
        mean = base.mul(None, (base.const(fmpq(1, 2)), base.plus(found[1], found[2])))
        violated = base.positive(base.minus(found[0], mean))
        return [(found[0], mean)] if violated else None


def check_segment(statement: Statement, d: int, first: Point, second: Point) -> None:
    """Refuse two points unless the whole segment between them lies in the domain."""
    wrt = statement.wrt or ""
    variable = statement.variables[wrt]
    punctured = variable.op == "symbol" and ("nonzero", True) in variable.data[2]
    if punctured and first[wrt][0] * second[wrt][0] < 0:
        raise Rejected("the segment leaves the domain")
    for index, node in enumerate(statement.given):
        convex = usable(statement, index)
        for part in conjuncts(node):
            if part not in convex and not _holds_between(statement, d, part, first, second):
                raise Rejected(f"cannot check that hypothesis {index} holds on the whole segment")


def _holds_between(statement: Statement, d: int, part: Node, first: Point, second: Point) -> bool:
    """Whether a condition certainly holds on every piece of a subdivided segment."""
    formula, balls = Formula(statement.variables, d), Balls()
    condition = formula.compiler.condition(part)
    program = formula.program(slots_of(condition), balls)
    waiting = [(fmpq(0), fmpq(1), 0)]
    while waiting:
        low, high, depth = waiting.pop()
        inputs = _piece_of_segment(formula, statement.wrt or "", first, second, (low, high))
        if _true_on(program, balls, condition, inputs):
            continue
        if depth == DEEPEST:
            return False
        middle = (low + high) / 2
        waiting += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return True


def _true_on(program: Program, balls: Balls, condition: Any, inputs: dict[int, Any]) -> bool:
    values = program.run(inputs)
    return program.defined(values) and balls.truth(condition, values) is True


def _piece_of_segment(
    formula: Formula, wrt: str, first: Point, second: Point, part: tuple[fmpq, fmpq]
) -> dict[int, Any]:
    inputs = {k: (arb(a), arb(b)) for k, (a, b) in formula.inputs(first).items()}
    for k, a, b in zip(formula.order[wrt], first[wrt], second[wrt], strict=True):
        ends = sorted(a + t * (b - a) for t in part)
        inputs[k] = (arb(ends[0]), arb(ends[1]))
    return inputs
