"""What one leaf must show: a relation by values or by the centred form.

.. math:: g(B) \\subseteq g(m) + \\sum_i \\partial_i g(B)\\,(B_i - m_i), \\qquad
          \\text{wanted: } g \\ge \\text{slack}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.case import Case
from numerics.certificates.decimals.conditions import condition
from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.intervals import Interval, Intervals, Undefined
from numerics.certificates.decimals.tape import Tape

Box = Sequence[Interval]
Enclosure = Callable[[int], Interval | None]


class Relations:
    """A Boolean combination of relations, goal of a box certificate."""

    rules = frozenset("nc")

    def __init__(self, case: Case, r: Intervals, slack: Fraction) -> None:
        self.r, self.tape = r, Tape()
        self.slack, self.strict = r.constant(slack)[1], slack == 0
        self.top = condition(case.language(self.tape), case.statement.holds)
        self._first = FirstOrder(r, len(case.names))
        self._natural = Program(self.tape, Natural(r))
        self._dual = Program(self.tape, self._first)
        self.work = len(self.tape.operations) * (2 + len(case.names))

    def shows(self, rule: str, box: Box) -> bool:
        """Whether the goal holds everywhere on the box."""
        enclosure = self._by_values(box) if rule == "n" else self._by_centre(box)
        return self._holds(self.top, True, enclosure)

    def _by_values(self, box: Box) -> Enclosure:
        return self._natural(box).__getitem__

    def _by_centre(self, box: Box) -> Enclosure:
        """Centred forms, met with the values themselves."""
        centre = [self._middle(x) for x in box]
        at_centre = self._natural([(m, m) for m in centre])
        duals = self._dual([self._first.start(x, k) for k, x in enumerate(box)])
        around = [self.r.sub(x, (m, m)) for x, m in zip(box, centre, strict=True)]

        def enclosure(register: int) -> Interval | None:
            value, dual = at_centre[register], duals[register]
            if value is None or dual is None:
                return None
            return self._centred(value, dual, around)

        return enclosure

    def _middle(self, x: Interval) -> Any:
        """A number near the middle, inside."""
        half = self.r.constant(Fraction(1, 2))[0]
        middle = self.r.mul_down(self.r.add_down(*x), half)
        return max(x[0], min(x[1], middle))

    def _centred(self, value: Interval, dual: Any, around: Box) -> Interval | None:
        try:
            for slope, move in zip(dual[1], around, strict=True):
                if slope is not None:
                    value = self.r.add(value, self.r.mul(slope, move))
        except (Undefined, ArithmeticError):
            return dual[0]
        return self.r.meet(value, dual[0])

    def _holds(self, register: int, wanted: bool, enclosure: Enclosure) -> bool:
        """Whether the condition is ``wanted``, true or false, everywhere on the box."""
        name, args, extra = self.tape.operations[register]
        if name == "truth":
            return extra is wanted
        if name == "not":
            return self._holds(args[0], not wanted, enclosure)
        if name in ("and", "or"):
            parts = (self._holds(a, wanted, enclosure) for a in args)
            return all(parts) if (name == "and") is wanted else any(parts)
        return self._relation(name, args, wanted, enclosure)

    def _relation(self, name: str, args: Sequence[int], wanted: bool, enclosure: Enclosure) -> bool:
        """b - a >= 0, > 0 or = 0, or the contrary; both sides must be defined."""
        difference, *sides = (enclosure(a) for a in args)
        if difference is None or None in sides:
            return False
        low, high = difference if wanted else self.r.neg(difference)
        if name == "zero":
            apart = low > self.r.zero or high < self.r.zero
            return not wanted and self.strict and apart
        open_end = (name == "pos") is wanted
        return bool(low > self.r.zero if open_end and self.strict else low >= self.slack)
