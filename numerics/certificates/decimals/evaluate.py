"""Run a tape: natural interval extension, and the frame for other kinds of values.

.. math:: f(B) \\supseteq \\{f(b) : b \\in B\\}; \\qquad
          \\text{a condition is True, False or MAYBE}.

None stands for "undefined, unbounded or not known to be defined somewhere on the box".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.intervals import Interval, Intervals, Undefined
from numerics.certificates.decimals.tape import Tape

MAYBE = "maybe"
# Undefined parts that nobody asks for do no harm: these look at their arguments themselves.
_LENIENT = frozenset({"piecewise", "best", "and", "or", "not"})


class Natural:
    """Values are intervals of one arithmetic; subclasses carry derivatives along."""

    def __init__(self, arithmetic: Intervals) -> None:
        self.r = arithmetic

    def prepare(self, name: str, extra: Any) -> Any:
        """Constants in the arithmetic, once per program."""
        if name == "constant":
            return self.r.constant(extra)
        if name == "linear":
            return [self.r.constant(q) for q in extra[0]], self.r.constant(extra[1])
        return extra

    def on_constant(self, v: Sequence[Any], value: Any) -> Any:
        return value

    def on_pi(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.pi()

    def on_linear(self, v: Sequence[Any], extra: Any) -> Any:
        return self.r.linear(v, *extra)

    def on_mul(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.mul(*v)

    def on_powi(self, v: Sequence[Any], n: int) -> Any:
        return self.r.powi(v[0], n)

    def on_powq(self, v: Sequence[Any], q: Fraction) -> Any:
        return self.r.powq(v[0], q)

    def on_power(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.power(*v)

    def on_max(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.max(*v)

    def on_min(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.min(*v)

    def on_norm(self, v: Sequence[Any], p: Fraction) -> Any:
        return self.r.norm(v, p)

    def on_unary(self, name: str, v: Any) -> Any:
        return getattr(self.r, name)(v)

    def value(self, v: Any) -> Interval:
        """The interval in a value."""
        return v

    def on_piecewise(self, v: Sequence[Any], extra: None) -> Any:
        """The hull of every piece that may be the first whose condition holds."""
        possible = []
        for k in range(0, len(v), 2):
            if v[k] is False:
                continue
            if v[k] is None or v[k + 1] is None:
                raise Undefined("a piece is undefined")
            possible.append(v[k + 1])
            if v[k] is True:
                return self.r.hull(*possible)
        raise Undefined("no piece applies for certain")

    def on_best(self, v: Sequence[Any], extra: None) -> Any:
        """The greatest value among those whose condition holds; one of them does."""
        if None in v:
            raise Undefined("a part is undefined")
        pairs = [(v[k], v[k + 1]) for k in range(0, len(v), 2) if v[k] is not False]
        sure = [x[0] for c, x in pairs if c is True]
        low = max(sure) if sure else min(x[0] for _, x in pairs)
        return low, max(x[1] for _, x in pairs)

    def on_truth(self, v: Sequence[Any], value: bool) -> bool:
        return value

    def on_nonneg(self, v: Sequence[Any], extra: None) -> Any:
        low, high = self.value(v[0])
        return True if low >= self.r.zero else False if high < self.r.zero else MAYBE

    def on_pos(self, v: Sequence[Any], extra: None) -> Any:
        low, high = self.value(v[0])
        return True if low > self.r.zero else False if high <= self.r.zero else MAYBE

    def on_zero(self, v: Sequence[Any], extra: None) -> Any:
        low, high = self.value(v[0])
        if low == high == self.r.zero:
            return True
        return False if low > self.r.zero or high < self.r.zero else MAYBE

    def on_and(self, v: Sequence[Any], extra: None) -> Any:
        return all_of(v)

    def on_or(self, v: Sequence[Any], extra: None) -> Any:
        return opposite(all_of([opposite(t) for t in v]))

    def on_not(self, v: Sequence[Any], extra: None) -> Any:
        return opposite(v[0])


def all_of(truths: Sequence[Any]) -> Any:
    """False where one is, else undefined or MAYBE where one is, else True."""
    if any(t is False for t in truths):
        return False
    if any(t is None for t in truths):
        return None
    return MAYBE if MAYBE in truths else True


def opposite(truth: Any) -> Any:
    """Not."""
    return not truth if isinstance(truth, bool) else truth


class Program:
    """A tape bound to one kind of values; call it on the inputs."""

    def __init__(self, tape: Tape, kind: Natural) -> None:
        self._steps = [_step(kind, *operation) for operation in tape.operations]

    def __call__(self, inputs: Sequence[Any]) -> list[Any]:
        """The value of every register; None where it is not defined."""
        registers: list[Any] = []
        push = registers.append
        for rule, args, extra, lenient in self._steps:
            if rule is None:
                push(inputs[extra])
                continue
            values = [registers[i] for i in args]
            if None in values and not lenient:
                push(None)
                continue
            try:
                push(rule(values, extra))
            except (Undefined, ArithmeticError):
                push(None)
        return registers


def _step(kind: Natural, name: str, args: tuple[int, ...], extra: Any) -> Any:
    if name == "input":
        return None, args, extra, False
    rule = getattr(kind, f"on_{name}", None)
    if rule is None:
        return _unary(kind, name), args, extra, False
    return rule, args, kind.prepare(name, extra), name in _LENIENT


def _unary(kind: Natural, name: str) -> Any:
    return lambda values, extra: kind.on_unary(name, values[0])
