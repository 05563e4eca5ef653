"""What has to hold on a leaf: gaps of relations, or a matrix of derivatives.

.. math:: b - a \\ge \\text{slack}; \\qquad
          (L - \\text{slack})^2 I - J^\\top J \\succ 0, \\quad J = \\partial f / \\partial\\theta;
          \\qquad \\nabla^2 f - \\text{slack}\\, I \\succeq 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flint import arb, fmpq

from numerics.certificates.arb.balls import Balls
from numerics.certificates.arb.case import Layout
from numerics.certificates.arb.derivatives import Derivatives
from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.jets import Jet
from numerics.certificates.arb.language import Compiler
from numerics.certificates.arb.matrices import Matrix, definite, semidefinite
from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.program import Program
from numerics.certificates.arb.syntax import RELATIONS, Node
from numerics.certificates.arb.tape import Tape

Ranges = Sequence[tuple[fmpq, fmpq]]
Boxes = list[Interval]
_OPPOSITE = {"le": "gt", "lt": "ge", "ge": "lt", "gt": "le", "eq": "ne", "ne": "eq"}


class Goal(Protocol):
    """``cost`` is the work of one leaf; a leaf either certainly holds or it does not."""

    cost: int

    def natural(self, boxes: Boxes) -> bool: ...

    def centred(self, boxes: Boxes, ranges: Ranges) -> bool: ...


class RelationGoal:
    """A Boolean combination of relations."""

    def __init__(self, condition: Node, layout: Layout, slack: fmpq) -> None:
        self.balls, self.slack = Balls(), arb(slack)
        self.tape = Tape()
        self.formula = _formula(condition, layout.compiler(self.tape), slack, False)
        gaps = _gaps(self.formula)
        self.program = Program(self.tape, self.balls, gaps)
        self.jets = Derivatives(self.balls, 1, clarke=True)
        self.slopes = Program(self.tape, self.jets, gaps)
        self.cost = len(self.program)

    def natural(self, boxes: Boxes) -> bool:
        """By the natural interval extension."""
        values = self.program.run(boxes)
        return self.program.defined(values) and self._holds(self.formula, values)

    def centred(self, boxes: Boxes, ranges: Ranges) -> bool:
        """By g(m) + sum of g_i'(B) (B_i - m_i)."""
        middles = [self.balls.const((low + high) / 2) for low, high in ranges]
        at_middle = self.program.run(middles)
        jets = self.slopes.run([self.jets.seed(b, k) for k, b in enumerate(boxes)])
        if not (self.slopes.defined(jets) and self.program.defined(at_middle)):
            return False
        steps = [self.balls.minus(b, m) for b, m in zip(boxes, middles, strict=True)]
        values = {s: self._around(at_middle[s], jets[s], steps) for s in _gaps(self.formula)}
        return self._holds(self.formula, values)

    def _around(self, middle: Interval | None, jet: Jet | None, steps: Boxes) -> Interval | None:
        if middle is None or jet is None:
            return None
        terms = [self.balls.times(slope, steps[k]) for k, slope in jet.gradient.items()]
        low, high = self.balls.sum([middle, *terms])
        return low.max(jet.value[0]), high.min(jet.value[1])  # both forms contain the range

    def _holds(self, formula: Any, values: Any) -> bool:
        kind, data = formula
        if kind == "truth":
            return bool(data)
        if kind == "and":
            return all(self._holds(part, values) for part in data)
        if kind == "or":
            return any(self._holds(part, values) for part in data)
        gap = values[data]
        if gap is None:
            return False
        if kind == "ne":
            return self.balls.positive(gap) or self.balls.negative(gap)
        strict = kind == "gt" and self.slack == 0
        return bool(gap[0] > self.slack) if strict else bool(gap[0] >= self.slack)


def _formula(node: Node, compiler: Compiler, slack: fmpq, flipped: bool) -> Any:
    """The goal with "not" pushed to the relations, each as the sign of one gap."""
    if node.op == "truth":
        return ("truth", node.data != flipped)
    if node.op == "Not":
        return _formula(node.args[0], compiler, slack, not flipped)
    if node.op in ("And", "Or"):
        parts = tuple(_formula(a, compiler, slack, flipped) for a in node.args)
        return ("and" if (node.op == "And") != flipped else "or", parts)
    if node.op == "InOrthant" and not flipped:
        return _orthant(node, compiler)
    if node.op not in RELATIONS:
        raise Rejected(f"a box certificate cannot show {node.op}")
    kind = _OPPOSITE[RELATIONS[node.op]] if flipped else RELATIONS[node.op]
    if kind == "eq":
        raise Rejected("a box certificate cannot show an equation")
    if kind == "ne" and slack != 0:
        raise Rejected("a box certificate of an inequation has slack 0")
    a, b = (compiler.scalar(side) for side in node.args)
    gap = compiler.tape.minus(a, b) if kind in ("ge", "gt") else compiler.tape.minus(b, a)
    return ({"le": "ge", "lt": "gt"}.get(kind, kind), gap)


def _orthant(node: Node, compiler: Compiler) -> Any:
    v, s = (compiler.vector(a) for a in node.args)
    return ("and", tuple(("gt", compiler.tape.product(pair)) for pair in zip(v, s, strict=True)))


def _gaps(formula: Any) -> list[int]:
    kind, data = formula
    if kind in ("and", "or"):
        return [s for part in data for s in _gaps(part)]
    return [] if kind == "truth" else [data]


class DerivativeGoal:
    """Lipschitz, Smooth or Convex by the first or second derivatives in ``wrt``."""

    def __init__(self, layout: Layout, slack: fmpq) -> None:
        statement = layout.statement
        self.kind, self.slack, self.balls = statement.kind, slack, Balls()
        order = 1 if self.kind == "Lipschitz" else 2
        self.jets = Derivatives(self.balls, order, clarke=True)
        tape = Tape()
        compiler = layout.compiler(tape)
        f = statement.parts["f"]
        self.f = compiler.vector(f) if f.sort == "vector" else [compiler.scalar(f)]
        self.constant = _constant(statement.parts, compiler)
        roots = [*self.f, *([] if self.constant is None else [self.constant])]
        self.program = Program(tape, self.jets, roots)
        self.seeds = layout.seeds()
        self.size = len(self.seeds)
        self.cost = len(self.program) * (1 + self.size) ** order

    def natural(self, boxes: Boxes) -> bool:
        """The matrix test with derivatives over the whole box."""
        inputs = [self.jets.seed(b, self.seeds.get(k)) for k, b in enumerate(boxes)]
        values = self.program.run(inputs)
        if not self.program.defined(values) or any(values[s] is None for s in self.f):
            return False
        if self.kind == "Convex":
            return semidefinite(self.balls, self._shifted(self._hessian(values), -self.slack))
        bound = self._bound(values)
        if bound is None:
            return False
        if self.kind == "Smooth":
            return self._bounded_hessian(self._hessian(values), bound)
        return self._bounded_slopes([values[s] for s in self.f], bound)

    def centred(self, boxes: Boxes, ranges: Ranges) -> bool:
        """Only relations have a centred form here."""
        return False

    def _bound(self, values: Sequence[Jet | None]) -> Interval | None:
        """L - slack at its smallest on the box; None unless it is certainly positive."""
        jet = None if self.constant is None else values[self.constant]
        if jet is None:
            return None
        low = jet.value[0] - arb(self.slack)
        return (low, low) if low > 0 else None

    def _bounded_slopes(self, rows: list[Any], bound: Interval) -> bool:
        zero, size = self.balls.zero, self.size
        gradients = [[row.gradient.get(i, zero) for i in range(size)] for row in rows]
        if len(gradients) == 1:
            length = self.balls.norm(fmpq(2), gradients[0])
            return length is not None and bool(bound[0] - length[1] >= 0)
        if size == 1:
            length = self.balls.norm(fmpq(2), [row[0] for row in gradients])
            return length is not None and bool(bound[0] - length[1] >= 0)
        gram = [[self._dot(gradients, i, j) for j in range(size)] for i in range(size)]
        return definite(self.balls, self._below(gram, self.balls.times(bound, bound)))

    def _dot(self, rows: list[list[Interval]], i: int, j: int) -> Interval:
        if i == j:
            squares = [self.balls.power(fmpq(2), (row[i],)) for row in rows]
            return self.balls.sum([s for s in squares if s is not None])
        return self.balls.sum([self.balls.times(row[i], row[j]) for row in rows])

    def _hessian(self, values: Sequence[Jet | None]) -> Matrix:
        jet = values[self.f[0]]
        assert jet is not None
        get, zero = jet.hessian.get, self.balls.zero
        return [
            [get((min(i, j), max(i, j)), zero) for j in range(self.size)] for i in range(self.size)
        ]

    def _bounded_hessian(self, hessian: Matrix, bound: Interval) -> bool:
        """Every eigenvalue lies in [-L, L]: for one variable directly, else by two matrices."""
        if self.size == 1:
            (((low, high),),) = hessian
            return bool(bound[0] - high >= 0) and bool(bound[0] + low >= 0)
        negative = [[self.balls.scaled(fmpq(-1), e) for e in row] for row in hessian]
        return all(definite(self.balls, self._below(h, bound)) for h in (hessian, negative))

    def _below(self, matrix: Matrix, level: Interval) -> Matrix:
        """level I - matrix."""
        zero = self.balls.zero
        return [
            [self.balls.minus(level if i == j else zero, e) for j, e in enumerate(row)]
            for i, row in enumerate(matrix)
        ]

    def _shifted(self, matrix: Matrix, shift: fmpq) -> Matrix:
        level = self.balls.const(shift)
        return [
            [self.balls.plus(e, level) if i == j else e for j, e in enumerate(row)]
            for i, row in enumerate(matrix)
        ]


def _constant(parts: dict[str, Any], compiler: Compiler) -> int | None:
    if "constant" not in parts:
        return None
    if parts["constant"] is None:
        raise Rejected("a box certificate needs a stated constant")
    return compiler.scalar(parts["constant"])


def goal_of(layout: Layout, slack: fmpq) -> Goal:
    """The goal of a statement, once it is of a kind that a box can show."""
    statement = layout.statement
    if statement.kind == "condition":
        return RelationGoal(statement.parts["condition"], layout, slack)
    if statement.kind in ("Lipschitz", "Smooth", "Convex"):
        return DerivativeGoal(layout, slack)
    raise Rejected(f"a box certificate cannot show a statement of the kind {statement.kind}")
