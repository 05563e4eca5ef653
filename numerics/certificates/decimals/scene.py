"""A statement at an exact rational point: evaluated exactly, or at rising precision.

.. math:: \\text{decided} \\iff \\text{some precision among } 60, 150, 400, 1000
          \\text{ digits separates the two sides.}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from numerics.certificates.decimals.case import Case
from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval, Undefined
from numerics.certificates.decimals.outcome import Malformed, Rejected, shown
from numerics.certificates.decimals.statement import Statement
from numerics.certificates.decimals.symbols import Variable
from numerics.certificates.decimals.tape import Tape

DIGITS = (60, 150, 400, 1000)
_STATED = re.compile(r"-?[0-9]{1,400}(\.[0-9]{0,400})?([eE][+-]?[0-9]{1,4})?")
# The texts are rounded for people: 12 digits, of numbers that may be zero.
RELATIVE, TINY = Fraction(1, 10**9), Fraction(1, 10**30)
Answer = TypeVar("Answer")
Value = tuple[Fraction, ...]


@dataclass(frozen=True)
class Scene:
    """``values`` are the components of every variable, ``stated`` the texts of the witness."""

    statement: Statement
    case: Case
    values: Mapping[str, Value]
    stated: Mapping[str, Any]

    @property
    def wrt(self) -> Variable:
        if self.statement.wrt is None:
            raise Rejected("the statement has no variable to move")
        return self.statement.wrt

    def inputs(self, moved: Value | None = None) -> list[Fraction]:
        """The inputs of the tapes, with another value of wrt if one is given."""
        values = dict(self.values)
        if moved is not None:
            values[self.wrt.name] = moved
        flat = {}
        for v in self.statement.named("scalar", "vector"):
            for i, x in enumerate(values[v.name]):
                flat[f"{v.name}[{i + 1}]" if v.has_components else v.name] = x
        return [flat[name] for name in self.case.names]

    def check_hypotheses(self, inputs: Sequence[Fraction]) -> None:
        """Every hypothesis certainly holds."""

        def holds(r: Exact) -> bool | None:
            values = at(self.case.given, r, inputs)
            truths = [values[h] for h in self.case.hypotheses]
            if False in truths:
                return False
            return all(t is True for t in truths) or None

        if not decide(holds, "whether the hypotheses hold at the witness"):
            raise Rejected("a hypothesis fails at the witness")

    def check_sides(self, sides: Sequence[tuple[Interval, Interval]]) -> None:
        """The stated lhs and rhs are those of one of the violated relations."""
        stated = [self.number(key) for key in ("lhs", "rhs")]
        if stated == [None, None]:
            return
        if not any(all(near(s, x) for s, x in zip(stated, pair, strict=True)) for pair in sides):
            raise Rejected("the stated lhs and rhs are not what the statement gives there")

    def number(self, key: str) -> Fraction | None:
        """A stated decimal number, or None."""
        value = self.stated.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or _STATED.fullmatch(value) is None:
            raise Malformed(f"{key}: expected a decimal number in quotes, got {shown(value)}")
        return Fraction(Decimal(value))


def near(stated: Fraction | None, computed: Interval) -> bool:
    """Whether a rounded number is that of a thin interval."""
    if stated is None:
        return False
    return all(abs(stated - end) <= RELATIVE * abs(end) + TINY for end in computed)


def at(tape: Tape, r: Exact, inputs: Sequence[Fraction]) -> list[Any]:
    """The value of every register at a point."""
    return Program(tape, Natural(r))([(x, x) for x in inputs])


def decide(question: Callable[[Exact], Answer | None], what: str) -> Answer:
    """The answer at the first precision that gives one."""
    for digits in DIGITS:
        try:
            answer = question(Exact(digits))
        except (Undefined, ArithmeticError):
            continue
        if answer is not None:
            return answer
    raise Rejected(f"{what} cannot be decided with {DIGITS[-1]} digits")


def less(a: Interval, b: Interval) -> bool | None:
    """Whether a < b, a >= b, or nobody knows yet."""
    if a[1] < b[0]:
        return True
    return False if a[0] >= b[1] else None
