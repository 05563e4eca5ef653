"""The box that the hypotheses imply: bounds pushed through them until nothing moves.

.. math:: \\sum_i q_i r_i + c \\ge 0 \\implies q_i r_i \\ge -c - \\sum_{j\\ne i} \\sup q_j r_j,
          \\qquad \\|v\\|_p \\le U \\implies |v_i| \\le U.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction

from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.exact import LARGEST, Exact, bits
from numerics.certificates.decimals.intervals import Interval, Undefined
from numerics.certificates.decimals.tape import Tape

ROUNDS = 10
LONGEST = 100  # terms of a sum that is taken apart
End = Fraction | None  # None is no bound
Bounds = tuple[End, End]
ZERO = Fraction(0)


class Propagation:
    """Bounds on the inputs of a tape from conditions on it."""

    def __init__(self, tape: Tape, bounds: Sequence[Bounds]) -> None:
        self.tape, self.bounds, self.r = tape, list(bounds), Exact(60)
        self._program = Program(tape, Natural(self.r))
        self._values: list[Interval | None] = []

    def run(self, conditions: Sequence[int]) -> list[Bounds]:
        """The tightest bounds after some rounds; each round only removes what cannot be."""
        for _ in range(ROUNDS):
            before = list(self.bounds)
            for condition in conditions:
                self._refresh()
                with suppress(Undefined, ArithmeticError):  # a bound that is too large to be one
                    self._use(condition)
            if self.bounds == before:
                break
        return self.bounds

    def _refresh(self) -> None:
        inputs = [None if None in b else b for b in self.bounds]
        self._values = self._program(inputs)

    def _use(self, condition: int) -> None:
        name, args, _ = self.tape.operations[condition]
        if name == "and":
            for part in args:
                self._use(part)
        elif name in ("nonneg", "pos"):
            self._push(args[0], (ZERO, None))
        elif name == "zero":
            self._push(args[0], (ZERO, ZERO))
        elif name == "not" and self.tape.operations[args[0]][0] in ("nonneg", "pos"):
            self._push(self.tape.operations[args[0]][1][0], (None, ZERO))

    def known(self, register: int) -> Bounds:
        """What the present bounds say about a register."""
        value = self._values[register]
        if value is not None:
            return value
        name, args, extra = self.tape.operations[register]
        if name == "input":
            return self.bounds[extra]
        if name == "linear":
            return self._sum([self._scaled(q, a) for q, a in zip(extra[0], args, strict=True)])
        even = name == "powi" and extra > 0 and extra % 2 == 0
        return (ZERO if even or name in ("abs", "norm", "exp") else None), None

    def _scaled(self, q: Fraction, register: int) -> Bounds:
        low, high = self.known(register)
        ends = (None if low is None else q * low, None if high is None else q * high)
        return ends if q > 0 else (ends[1], ends[0])

    def _plus(self, a: End, b: End, upper: bool) -> End:
        if a is None or b is None:
            return None
        return self.r.add((a, a), (b, b))[upper]

    def _sum(self, parts: Sequence[Bounds]) -> Bounds:
        low, high = ZERO, ZERO
        total: list[End] = [low, high]
        for part in parts:
            total = [self._plus(total[k], part[k], bool(k)) for k in (0, 1)]
        return total[0], total[1]

    def _push(self, register: int, bounds: Bounds) -> None:
        """Use that the register lies within the bounds."""
        name, args, extra = self.tape.operations[register]
        low, high = bounds
        if name == "input":
            self._tighten(extra, bounds)
        elif name == "linear":
            self._push_linear(args, extra, bounds)
        elif name in ("abs", "norm") and high is not None and high >= 0:
            for a in args:
                self._push(a, (-high, high))
        elif name == "max" and high is not None:
            for a in args:
                self._push(a, (None, high))
        elif name == "min" and low is not None:
            for a in args:
                self._push(a, (low, None))
        elif name in ("powi", "powq") and extra > 0 and high is not None and high >= 0:
            self._push_power(args[0], Fraction(extra), high)

    def _push_power(self, base: int, q: Fraction, high: Fraction) -> None:
        try:
            root = self.r.rational_power((high, high), 1 / q)[1]
        except (Undefined, ArithmeticError):
            return
        even = q.denominator == 1 and q % 2 == 0
        self._push(base, (-root if even else None, root))

    def _push_linear(
        self, args: Sequence[int], extra: tuple[tuple[Fraction, ...], Fraction], bounds: Bounds
    ) -> None:
        """Each term is what the sum leaves for it when the others are as large as they can be."""
        scale, c = extra
        if len(args) > LONGEST:
            return
        parts = [self._scaled(q, a) for q, a in zip(scale, args, strict=True)]
        for k, (q, a) in enumerate(zip(scale, args, strict=True)):
            low = self._left(bounds[0], c, [p[1] for p in parts], k, False)
            high = self._left(bounds[1], c, [p[0] for p in parts], k, True)
            ends = (None if low is None else low / q, None if high is None else high / q)
            self._push(a, ends if q > 0 else (ends[1], ends[0]))

    def _left(self, total: End, c: Fraction, others: list[End], k: int, upper: bool) -> End:
        """total - c - (the sum of the others), rounded outwards."""
        if total is None or any(o is None for j, o in enumerate(others) if j != k):
            return None
        rest: End = self._plus(total, -c, upper)
        for j, o in enumerate(others):
            if j != k and o is not None:
                rest = self._plus(rest, -o, upper)
        return rest

    def _tighten(self, k: int, bounds: Bounds) -> None:
        """Intersect; an empty result would mean that the hypotheses contradict each other."""
        low, high = self.bounds[k]
        if bounds[0] is not None and (low is None or bounds[0] > low):
            low = bounds[0]
        if bounds[1] is not None and (high is None or bounds[1] < high):
            high = bounds[1]
        small = all(end is None or bits(end) <= LARGEST for end in (low, high))
        if small and (low is None or high is None or low <= high):
            self.bounds[k] = (low, high)
