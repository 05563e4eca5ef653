"""What both interval arithmetics share: three-valued truth and the functions with jumps.

.. math:: x \\in [l, u] \\;\\Rightarrow\\; f(x) \\in F([l, u]); \\qquad
          \\text{None where f may be undefined on } [l, u].

An arithmetic gives ``const``, ``lin``, ``mul`` ... and four certain comparisons with zero;
every operation takes its fixed data first and the list of its arguments second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from numerics.certificates.arb.tape import Condition, slots_of

Interval = tuple[Any, Any]
Value = Interval | None


class Intervals:
    """The base of ``Balls`` and ``Rationals``."""

    one: Interval
    zero: Interval

    # Certain comparisons with zero: False means "not certain".
    def positive(self, a: Interval) -> bool:
        raise NotImplementedError

    def negative(self, a: Interval) -> bool:
        raise NotImplementedError

    def nonnegative(self, a: Interval) -> bool:
        raise NotImplementedError

    def nonpositive(self, a: Interval) -> bool:
        raise NotImplementedError

    def is_zero(self, a: Interval) -> bool:
        """Whether a is exactly [0, 0]."""
        raise NotImplementedError

    def hull(self, a: Interval, b: Interval) -> Interval:
        """The smallest interval around both."""
        raise NotImplementedError

    def const(self, value: fmpq) -> Interval:
        raise NotImplementedError

    def lin(self, extra: Any, args: Sequence[Interval]) -> Interval:
        raise NotImplementedError

    def mul(self, extra: Any, args: Sequence[Interval]) -> Interval:
        raise NotImplementedError

    def power(self, r: fmpq, args: Sequence[Interval]) -> Value:
        raise NotImplementedError

    def abs(self, extra: Any, args: Sequence[Interval]) -> Interval:
        raise NotImplementedError

    def maximum(self, extra: Any, args: Sequence[Interval]) -> Interval:
        raise NotImplementedError

    def prepare(self, op: str, extra: Any) -> Any:
        """The fixed data of an operation in the form that the operation wants."""
        return extra

    def plus(self, a: Interval, b: Interval) -> Interval:
        raise NotImplementedError

    def minus(self, a: Interval, b: Interval) -> Interval:
        raise NotImplementedError

    def sum(self, terms: Sequence[Interval]) -> Interval:
        """The sum of one interval or more."""
        result = terms[0]
        for term in terms[1:]:
            result = self.plus(result, term)
        return result

    def times(self, a: Interval, b: Interval) -> Interval:
        """a b."""
        return self.mul(None, (a, b))

    def scaled(self, c: fmpq, a: Interval) -> Interval:
        """c a."""
        return self.mul(None, (self.const(c), a))

    def sign(self, _: Any, args: Sequence[Interval]) -> Interval:
        (a,) = args
        if self.positive(a):
            return self.one
        if self.negative(a):
            return self.const(fmpq(-1))
        if self.is_zero(a):
            return self.zero
        low = self.zero if self.nonnegative(a) else self.const(fmpq(-1))
        return self.hull(low, self.zero if self.nonpositive(a) else self.one)

    def nonzero(self, _: Any, args: Sequence[Interval]) -> Interval:
        """|a|^0: 1 off zero, 0 at zero."""
        (a,) = args
        if self.positive(a) or self.negative(a):
            return self.one
        return self.zero if self.is_zero(a) else self.hull(self.zero, self.one)

    def norm(self, p: fmpq, args: Sequence[Interval]) -> Value:
        """(sum |a_i|^p)^(1/p)."""
        powers = [self.power(p, (self.abs(None, (a,)),)) for a in args]
        return self.power(1 / p, (self.sum([v for v in powers if v is not None]),))

    def peak(self, i: int, args: Sequence[Interval]) -> Interval:
        """sign(a_i)/ties where |a_i| is largest, else 0."""
        sizes = [self.abs(None, (a,)) for a in args]
        gaps = [self.minus(sizes[i], s) for j, s in enumerate(sizes) if j != i]
        if any(self.negative(g) for g in gaps):
            return self.zero
        certain = 1 + sum(self.is_zero(g) for g in gaps)
        possible = 1 + sum(not self.positive(g) for g in gaps)
        share = self.hull(self.const(fmpq(1, possible)), self.const(fmpq(1, certain)))
        value = self.times(self.sign(None, (args[i],)), share)
        top = all(self.nonnegative(g) for g in gaps)
        return value if top else self.hull(self.zero, value)

    def tip(self, _: Any, args: Sequence[Interval]) -> Interval:
        """max of sign(v_i) h_i over the largest |v_i|; the arguments are v, then h."""
        half = len(args) // 2
        sizes = [self.abs(None, (a,)) for a in args[:half]]
        top = self.maximum(None, sizes)
        gaps = [self.minus(s, top) for s in sizes]
        slopes = [
            self.times(self.sign(None, (args[i],)), args[half + i])
            for i in range(half)
            if not self.negative(gaps[i])
        ]
        if all(self.negative(g) or self.is_zero(g) for g in gaps):
            return self.maximum(None, slopes)
        result = slopes[0]
        for s in slopes[1:]:
            result = self.hull(result, s)
        return result

    def piece(self, pieces: Any, values: Sequence[Value]) -> Value:
        """Piecewise: the hull of the pieces that the conditions leave possible."""
        result: Value = None
        for condition, slot in pieces:
            if any(values[s] is None for s in slots_of(condition)):
                return None
            known = self.truth(condition, values)
            if known is False:
                continue
            value = values[slot]
            if value is None:
                return None
            result = value if result is None else self.hull(result, value)
            if known:
                return result
        return None

    def truth(
        self, condition: Condition, values: Sequence[Value], strict: bool = False
    ) -> bool | None:
        """True, False, or None for "not certain"; ``strict`` wants it certain nearby as well."""
        kind, data = condition
        if kind == "truth":
            return bool(data)
        if kind == "not":
            inner = self.truth(data[0], values, strict)
            return None if inner is None else not inner
        if kind in ("and", "or"):
            truths = [self.truth(part, values, strict) for part in data]
            decisive = kind == "or"
            if decisive in truths:
                return decisive
            return None if None in truths else not decisive
        value = values[data]
        return None if value is None else self._compared(kind, value, strict)

    def _compared(self, kind: str, a: Interval, strict: bool) -> bool | None:
        positive, negative = self.positive(a), self.negative(a)
        if positive or negative:
            return {"ge": positive, "gt": positive, "eq": False, "ne": True}[kind]
        if strict:
            return None
        if self.is_zero(a):
            return kind in ("ge", "eq")
        if kind == "ge" and self.nonnegative(a):
            return True
        return False if kind == "gt" and self.nonpositive(a) else None
