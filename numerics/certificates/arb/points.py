"""Exact rational points of a statement: read, checked against the hypotheses, evaluated.

.. math:: x \\in \\mathbb{Q}^n: \\quad \\text{given}(x) \\text{ certainly true}, \\qquad
          \\text{holds}(x) \\text{ certainly false}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flint import ctx, fmpq

from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.language import Compiler
from numerics.certificates.arb.outcome import Malformed, Rejected, shown
from numerics.certificates.arb.program import Program
from numerics.certificates.arb.rationals import Rationals
from numerics.certificates.arb.reader import rational
from numerics.certificates.arb.statement import Statement, admits
from numerics.certificates.arb.syntax import Node
from numerics.certificates.arb.tape import Tape, slots_of

PRECISIONS = (128, 512, 2048, 4096)
Point = dict[str, list[fmpq]]
T = TypeVar("T")


def rising(test: Callable[[], T | None]) -> T | None:
    """The first answer of a test at rising precision."""
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            answer = test()
        if answer is not None:
            return answer
    return None


def read_values(
    statement: Statement, d: int, values: Any, bound: Mapping[str, Node], optional: bool
) -> Point:
    """A number or d numbers for every free variable, and for the names in ``bound``."""
    if not isinstance(values, dict):
        raise Malformed("values: expected an object")
    wanted = {**statement.variables, **bound}
    known = set(statement.variables) if optional else set(wanted)
    if missing := known - set(values):
        raise Rejected(f"the witness gives no value of {shown(min(missing))}")
    if extra := set(values) - set(wanted):
        raise Rejected(f"the witness gives a value of {shown(min(extra))}, which is no variable")
    return {n: _numbers(wanted[n], d, entry, f"values: {shown(n)}") for n, entry in values.items()}


def _numbers(variable: Node, d: int, entry: Any, where: str) -> list[fmpq]:
    if variable.op in ("vector", "signs"):
        if not isinstance(entry, list) or len(entry) != d:
            raise Rejected(f"{where}: expected {d} numbers")
        numbers = [rational(e, where) for e in entry]
    else:
        numbers = [rational(entry, where)]
    if variable.op in ("label", "signs") and any(abs(q) != 1 for q in numbers):
        raise Rejected(f"{where}: expected 1 or -1")
    if variable.op == "symbol" and not admits(variable, numbers[0]):
        raise Rejected(f"{where}: the value is against the assumptions")
    return numbers


class Formula:
    """Nodes compiled in one dimension, ready to be evaluated at points.

    With ``at`` the point is written into the tape: exact arithmetic then happens while compiling,
    and equal irrational numbers such as log(1 + 1) and log(2) become one slot and cancel.
    """

    def __init__(self, variables: Mapping[str, Node], d: int, at: Point | None = None) -> None:
        self.variables, self.arithmetic = variables, Rationals()
        self.tape, self.order = Tape(), dict[str, list[int]]()
        atoms: dict[str, int | Sequence[int]] = {}
        count = 0
        for name, node in variables.items():
            size = d if node.op in ("vector", "signs") else 1
            self.order[name] = list(range(count, count + size))
            slots = [self.tape.variable(k) for k in self.order[name]]
            if at is not None:
                slots = [self.tape.const(v) for v in at[name]]
            atoms[name] = slots if node.op in ("vector", "signs") else slots[0]
            count += size
        self.compiler = Compiler(self.tape, d, atoms)

    def entries(self, node: Node) -> list[int]:
        """The slots of a scalar, a vector or a matrix."""
        if node.sort == "scalar":
            return [self.compiler.scalar(node)]
        read = self.compiler.vector if node.sort == "vector" else self.compiler.matrix
        return read(node)

    def inputs(self, point: Mapping[str, Sequence[Any]]) -> dict[int, Any]:
        """The intervals of a point whose entries are numbers or already intervals."""
        return {
            k: v if isinstance(v, tuple) else (v, v)
            for name, slots in self.order.items()
            for k, v in zip(slots, point[name], strict=True)
        }

    def program(self, roots: Sequence[int], arithmetic: Any = None) -> Program:
        """The tape, bound to exact arithmetic or to another one."""
        return Program(self.tape, arithmetic or self.arithmetic, roots)


def values_at(program: Program, inputs: Mapping[int, Any]) -> list[Any] | None:
    """The values at a point, or None where something is undefined or infinite there."""
    values = program.run(inputs)
    for slot in program.demanded:
        if values[slot] is None or not finite(values[slot]):
            return None
    return values


def finite(value: Any) -> bool:
    """Whether an interval, or the value of a jet, has two ends."""
    interval: Interval = getattr(value, "value", value)
    return interval[0] is not None and interval[1] is not None


def check_hypotheses(statement: Statement, d: int, *points: Point) -> None:
    """Refuse a point at which a hypothesis is not certainly true."""
    for index, node in enumerate(statement.given):
        for point in points:
            if not _holds_at(statement, d, node, point):
                raise Rejected(f"hypothesis {index} is not certainly true at the witness")


def _holds_at(statement: Statement, d: int, node: Node, point: Point) -> bool:
    formula = Formula(statement.variables, d, point)
    condition = formula.compiler.condition(node)
    program = formula.program(slots_of(condition))

    def test() -> bool | None:
        values = values_at(program, {})
        return None if values is None else formula.arithmetic.truth(condition, values)

    return rising(test) is True
