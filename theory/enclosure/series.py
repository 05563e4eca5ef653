"""Enclosures of derivatives by power series with ball coefficients."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, arb_series, ctx

from theory.enclosure.balls import SIGNS, BallEvaluator, to_ball
from theory.enclosure.evaluate import Undefined, Unsupported
from theory.enclosure.integer_power import integer_power


class SeriesEvaluator(BallEvaluator):
    """Power series with ball coefficients: smooth expressions only, kinks raise ``Undefined``."""

    def __init__(self, symbol: sp.Symbol, at: arb, length: int):
        self.length = length
        super().__init__({})
        self.values[symbol] = arb_series([at, 1], length)

    def coerce(self, value: Any) -> arb_series:
        return arb_series([to_ball(value)], self.length)

    def constant(self, expr: sp.Expr) -> arb_series:
        return arb_series([super().constant(expr)], self.length)

    def checked(self, value: arb_series) -> arb_series:
        if not all(value[k].is_finite() for k in range(self.length)):
            raise Undefined("a Taylor coefficient is not finite")
        return value

    def maximum(self, a: arb_series, b: arb_series) -> arb_series:
        return a if self._side(a - b) > 0 else b

    def minimum(self, a: arb_series, b: arb_series) -> arb_series:
        return b if self._side(a - b) > 0 else a

    def _side(self, a: arb_series) -> int:
        if a[0] > 0:
            return 1
        if a[0] < 0:
            return -1
        raise Undefined("a kink inside the cell")

    def union(self, a: arb_series, b: arb_series) -> arb_series:
        raise Undefined("a kink inside the cell")

    def power(self, a: arb_series, n: int) -> arb_series:
        return integer_power(self.coerce(1), a, n)

    def root_power(self, a: arb_series, p: int, q: int, nonnegative: bool) -> arb_series:
        if not a[0] > 0:
            raise Undefined("a fractional power of a ball with nonpositive members")
        return (a.log() * self.coerce(sp.Rational(p, q))).exp()

    def general_power(self, a: arb_series, e: arb_series, nonnegative: bool) -> arb_series:
        if not a[0] > 0:
            raise Undefined("a power whose base is not provably positive")
        return (a.log() * e).exp()

    def apply(self, name: str, a: arb_series) -> arb_series:
        if name == "Abs":
            return a if self._side(a) > 0 else -a
        if name == "sign":
            return self.coerce(self._side(a))
        if name == "log" and not a[0] > 0:
            raise Undefined("the logarithm of a ball with nonpositive members")
        if name in ("sinh", "cosh", "tanh"):
            return self._hyperbolic(name, a)
        if name in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "erf", "erfc"):
            return getattr(a, name)()
        raise Unsupported(f"enclosure: no power series for {name}")

    def _hyperbolic(self, name: str, a: arb_series) -> arb_series:
        if name == "tanh":
            # exp of minus twice the modulus stays bounded, whatever the size of the input.
            flip = bool(a[0] < 0)
            e = ((a if flip else -a) * 2).exp()
            value = (1 - e) / (1 + e)
            return -value if flip else value
        grow, decay = a.exp(), (-a).exp()
        return (grow - decay if name == "sinh" else grow + decay) / 2

    def heaviside(self, a: arb_series, at_zero: arb_series) -> arb_series:
        return self.coerce(1 if self._side(a) > 0 else 0)

    def compare(self, a: arb_series, b: arb_series) -> frozenset[int]:
        d = (a - b)[0]
        if d > 0:
            return frozenset({1})
        return frozenset({-1}) if d < 0 else SIGNS


def derivatives(
    expr: sp.Expr, z: sp.Symbol, at: Any, order: int, bits: int = 128
) -> list[arb] | None:
    """Balls for f(at), f'(at), ..., f^(order)(at) at a ball; ``None``: not provably defined."""
    if order >= ctx.cap:
        raise Unsupported(f"enclosure: derivatives up to order {ctx.cap - 1}, not {order}")
    with ctx.workprec(bits):
        try:
            series = SeriesEvaluator(z, to_ball(at), order + 1)(sp.sympify(expr))
        except (Undefined, ZeroDivisionError):
            return None
        factorials = [arb(int(sp.factorial(k))) for k in range(order + 1)]
        return [series[k] * factorials[k] for k in range(order + 1)]
