"""First derivatives along with values, by forward differentiation of a tape with intervals.

.. math:: (u, \\nabla u) \\mapsto (f(u), f'(u) \\nabla u).

At a kink of Abs, Max or a norm the gradient is the interval hull of Clarke's, which the mean
value theorem for Lipschitz functions needs; with ``strict`` a kink is refused instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.evaluate import MAYBE, Natural
from numerics.certificates.decimals.intervals import Interval, Intervals, Undefined

Gradient = tuple[Interval | None, ...]  # None is exactly zero
Dual = tuple[Interval, Gradient]


def slopes(r: Intervals, name: str, u: Interval) -> list[Interval]:
    """f, f' and f'' of a smooth function of one number."""
    if name == "exp":
        return [r.exp(u)] * 3
    if name == "log":
        inverse = r.powi(u, -1)
        return [r.log(u), inverse, r.neg(r.powi(inverse, 2))]
    if name in ("sin", "cos", "sinh", "cosh"):
        return _oscillating(r, name, u)
    one, two = r.constant(Fraction(1)), r.constant(Fraction(2))
    if name == "tanh":
        t = r.tanh(u)
        first = r.sub(one, r.powi(t, 2))
        return [t, r.meet(first, (r.zero, r.one)), r.neg(r.mul(two, r.mul(t, first)))]
    if name == "atan":
        first = r.powi(r.add(one, r.powi(u, 2)), -1)
        return [r.atan(u), first, r.neg(r.mul(two, r.mul(u, r.powi(first, 2))))]
    if name == "erf":
        front = r.div(two, r.sqrt(r.pi()))
        first = r.mul(front, r.exp(r.neg(r.powi(u, 2))))
        return [r.erf(u), first, r.neg(r.mul(two, r.mul(u, first)))]
    raise Undefined(f"no derivative of {name}")


def _oscillating(r: Intervals, name: str, u: Interval) -> list[Interval]:
    if name in ("sin", "cos"):
        s, c = r.sin(u), r.cos(u)
        return [s, c, r.neg(s)] if name == "sin" else [c, r.neg(s), r.neg(c)]
    s, c = r.sinh(u), r.cosh(u)
    return [s, c, s] if name == "sinh" else [c, s, c]


def power_slopes(r: Intervals, u: Interval, q: Fraction, order: int) -> list[Interval]:
    """u^q, q u^(q-1) and for order 2 also q (q-1) u^(q-2)."""
    factors, result = [Fraction(1), q, q * (q - 1)], []
    for k, factor in enumerate(factors[: order + 1]):
        # 0 times a negative power is 0: the derivatives of u^1 are 1 and 0, at 0 too.
        power = r.rational_power(u, q - k) if factor else r.constant(Fraction(0))
        result.append(power if factor == 1 else r.mul(r.constant(factor), power))
    return result


class FirstOrder(Natural):
    """Values are (interval, gradient) in ``size`` directions."""

    order = 1

    def __init__(self, arithmetic: Intervals, size: int, strict: bool = False) -> None:
        super().__init__(arithmetic)
        self.size, self.strict = size, strict
        self.flat: Gradient = (None,) * size

    def start(self, value: Interval, direction: int | None) -> Dual:
        """An input, moving in one direction or in none."""
        one = self.r.constant(Fraction(1))
        return value, tuple(one if j == direction else None for j in range(self.size))

    def value(self, v: Any) -> Interval:
        return v[0]

    def prepare(self, name: str, extra: Any) -> Any:
        prepared = super().prepare(name, extra)
        return (prepared, self.flat) if name == "constant" else prepared

    def on_pi(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.pi(), self.flat

    def combined(self, weights: Sequence[Interval], gradients: Sequence[Gradient]) -> Gradient:
        """sum of w_k grad_k, leaving out exact zeros."""
        result: list[Interval | None] = list(self.flat)
        for w, gradient in zip(weights, gradients, strict=True):
            for j, g in enumerate(gradient):
                if g is not None:
                    part, old = self.r.mul(w, g), result[j]
                    result[j] = part if old is None else self.r.add(old, part)
        return tuple(result)

    def on_linear(self, v: Sequence[Any], extra: Any) -> Any:
        value = self.r.linear([x[0] for x in v], *extra)
        return value, self.combined(extra[0], [x[1] for x in v])

    def on_mul(self, v: Sequence[Any], extra: None) -> Any:
        (a, da), (b, db) = v
        return self.r.mul(a, b), self.combined([b, a], [da, db])

    def chain(self, v: Any, f: Sequence[Interval]) -> Any:
        """f(u) with the gradient f'(u) grad u; a constant needs no derivative."""
        return f[0], self.combined([f[1]], [v[1]])

    def _is_constant(self, v: Any) -> bool:
        return all(g is None for g in v[1])

    def on_powi(self, v: Sequence[Any], n: int) -> Any:
        if self._is_constant(v[0]):
            return self.constant_like(v[0], self.r.powi(v[0][0], n))
        return self.chain(v[0], power_slopes(self.r, v[0][0], Fraction(n), self.order))

    def on_powq(self, v: Sequence[Any], q: Fraction) -> Any:
        if self._is_constant(v[0]):
            return self.constant_like(v[0], self.r.powq(v[0][0], q))
        if self.strict and v[0][0][0] <= self.r.zero:
            raise Undefined("a power with a kink at 0")
        return self.chain(v[0], power_slopes(self.r, v[0][0], q, self.order))

    def constant_like(self, v: Any, value: Interval) -> Any:
        """A value that moves in no direction."""
        return (value, *v[1:])

    def on_power(self, v: Sequence[Any], extra: None) -> Any:
        """a^b = exp(b log a)."""
        product = self.on_mul([v[1], self.on_unary("log", v[0])], None)
        return self.on_unary("exp", product)

    def on_unary(self, name: str, v: Any) -> Any:
        if name in ("abs", "sign"):
            return self.absolute(v) if name == "abs" else self.signum(v)
        if self._is_constant(v):
            return self.constant_like(v, super().on_unary(name, v[0]))
        return self.chain(v, slopes(self.r, name, v[0]))

    def absolute(self, v: Any) -> Any:
        value, (low, high), zero = self.r.abs(v[0]), v[0], self.r.zero
        if self._is_constant(v):
            return self.constant_like(v, value)
        if self.strict and low <= zero <= high:
            raise Undefined("a kink of the absolute value")
        one, minus = self.r.one, self.r.flip(self.r.one)
        slope = (minus if low < zero else one, one if high > zero else minus)
        # At exactly 0 the slope is any number of [-1, 1].
        return self.chain(v, [value, (minus, one) if low <= zero <= high else slope])

    def signum(self, v: Any) -> Any:
        if self._is_constant(v):
            return self.constant_like(v, self.r.sign(v[0]))
        if v[0][0] > self.r.zero or v[0][1] < self.r.zero:
            return self.still(self.r.sign(v[0]))
        raise Undefined("a jump of the sign")

    def still(self, value: Interval) -> Any:
        """A value that is constant on the whole box."""
        return value, self.flat

    def on_max(self, v: Sequence[Any], extra: None) -> Any:
        bar = max(x[0][0] for x in v)
        return self._one_of(self.r.max(*(x[0] for x in v)), [x for x in v if x[0][1] >= bar])

    def on_min(self, v: Sequence[Any], extra: None) -> Any:
        bar = min(x[0][1] for x in v)
        return self._one_of(self.r.min(*(x[0] for x in v)), [x for x in v if x[0][0] <= bar])

    def _one_of(self, value: Interval, active: Sequence[Any]) -> Any:
        """The hull of the gradients of every argument that may be attained."""
        if len(active) == 1:
            return active[0]
        if all(self._is_constant(x) for x in active):
            return self.constant_like(active[0], value)
        if self.strict:
            raise Undefined("a kink of a maximum")
        zero = self.r.constant(Fraction(0))
        rows = [[zero if g is None else g for g in x[1]] for x in active]
        return value, tuple(self.r.hull(*column) for column in zip(*rows, strict=True))

    def on_norm(self, v: Sequence[Any], p: Fraction) -> Any:
        """The gradient sign(v_i) (|v_i| / ||v||)^(p-1), within [-1, 1] whatever v is."""
        parts = [x[0] for x in v]
        length = self.r.norm(parts, p)
        if all(self._is_constant(x) for x in v):
            return self.constant_like(v[0], length)
        if self.strict and length[0] <= self.r.zero:
            raise Undefined("a kink of a norm")
        weights = [self._weight(part, length, p) for part in parts]
        return length, self.combined(weights, [x[1] for x in v])

    def _weight(self, part: Interval, length: Interval, p: Fraction) -> Interval:
        r = self.r
        within = (r.flip(r.one), r.one)
        if length[0] <= r.zero:
            return within
        ratio = r.meet(r.div(part, length), within)
        return r.meet(r.signed_power(ratio, p - 1), within)

    def on_piecewise(self, v: Sequence[Any], extra: None) -> Any:
        """The one piece that applies on the whole box."""
        for k in range(0, len(v), 2):
            if v[k] is True and v[k + 1] is not None:
                return v[k + 1]
            if v[k] is not False:
                break
        raise Undefined("no piece applies for certain")

    def on_best(self, v: Sequence[Any], extra: None) -> Any:
        raise Undefined("the slope of a peak is not differentiated")

    def _decided(self, v: Sequence[Any], closed: Any) -> Any:
        """With ``strict`` a condition must be decided on a neighbourhood of the box, too."""
        low, high = v[0][0]
        if not self.strict or self._is_constant(v[0]):
            return closed
        return closed if low > self.r.zero or high < self.r.zero else MAYBE

    def on_nonneg(self, v: Sequence[Any], extra: None) -> Any:
        return self._decided(v, super().on_nonneg(v, extra))

    def on_pos(self, v: Sequence[Any], extra: None) -> Any:
        return self._decided(v, super().on_pos(v, extra))

    def on_zero(self, v: Sequence[Any], extra: None) -> Any:
        return self._decided(v, super().on_zero(v, extra))
