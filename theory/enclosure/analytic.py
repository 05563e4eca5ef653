"""``AnalyticEvaluator``: Taylor series with complex ball coefficients, on whole discs.

A series about the ball X has as k-th coefficient an enclosure of f^(k)(z)/k! for every z of X.
Where a value comes out, f is analytic on X: a fold (Abs, Max, a branch of Piecewise) whose side
the real parts do not decide, and a branch cut that X may meet, raise ``Undefined``.

    >>> from sympy import Symbol, log, exp
    >>> z = Symbol("z")
    >>> series = analytic_series(log(1 + exp(-z)), z, acb(0), 3)
    >>> bool(series[1].real.contains(-0.5)), analytic_series(log(z), z, acb(0), 3)
    (True, None)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sympy as sp
from flint import acb, acb_series, arb, ctx

from theory.enclosure.balls import SIGNS, BallEvaluator
from theory.enclosure.evaluate import Evaluator, Undefined, Unsupported
from theory.enclosure.growth import exponent
from theory.enclosure.integer_power import integer_power

ENTIRE = frozenset({"exp", "sin", "cos", "erf", "erfc"})


class AnalyticEvaluator(Evaluator):
    """Evaluate one expression of one symbol on a complex ball, to a series of given length."""

    def __init__(self, symbol: sp.Symbol, at: acb, length: int):
        self.symbol, self.length = symbol, length
        super().__init__({})
        self.values[symbol] = acb_series([at, acb(1)], length)

    def coerce(self, value: Any) -> acb_series:
        if isinstance(value, acb_series):
            return value
        return acb_series([acb(BallEvaluator({}).coerce(value))], self.length)

    def constant(self, expr: sp.Expr) -> acb_series:
        return self.coerce(BallEvaluator({}).constant(expr))

    def checked(self, value: acb_series) -> acb_series:
        """What is not finite stays so through every operation, and decides no side: see the end."""
        return value

    def add(self, a: acb_series, b: acb_series) -> acb_series:
        return a + b

    def mul(self, a: acb_series, b: acb_series) -> acb_series:
        return a * b

    def _function(self, expr: sp.Expr) -> acb_series:
        if isinstance(expr, sp.log) and (found := self._dominated(expr.args[0])):
            largest, others = found
            return largest + self.apply("log", others)
        return super()._function(expr)

    def _power(self, base: sp.Expr, power: sp.Expr) -> acb_series:
        if power.is_Integer and power < 0 and (found := self._dominated(base)):
            largest, others = found
            return (largest * int(power)).exp() * self.power(others, int(power))
        return super()._power(base, power)

    def _dominated(self, base: sp.Expr) -> tuple[acb_series, acb_series] | None:
        """(z, s) with base = exp(z) s for a sum of exponentials, of which exp(z) is the largest.

        The sum 1 + exp(5 + iy) winds around 0 with y, but 1 + exp(-5 - iy) stays close to 1.
        """
        if not base.is_Add:
            return None
        exponents = [exponent(term, self.symbol) for term in base.args]
        if any(z is None for z in exponents):
            return None
        series = [self(z) for z in exponents if z is not None]
        largest = max(series, key=lambda z: float(z[0].real.mid()))
        others = [self.coerce(1) if z is largest else (z - largest).exp() for z in series]
        return largest, sum(others[1:], others[0])

    def maximum(self, a: acb_series, b: acb_series) -> acb_series:
        return a if self._side(a - b) > 0 else b

    def minimum(self, a: acb_series, b: acb_series) -> acb_series:
        return b if self._side(a - b) > 0 else a

    def union(self, a: acb_series, b: acb_series) -> acb_series:
        raise Undefined("a branch that is not decided on the ball")

    def _side(self, a: acb_series) -> int:
        """The sign of the real part, which on the real line is the sign of the function."""
        real = a[0].real
        if real > 0:
            return 1
        if real < 0:
            return -1
        raise Undefined("a fold on the ball")

    def power(self, a: acb_series, n: int) -> acb_series:
        return integer_power(self.coerce(1), a, n)

    def root_power(self, a: acb_series, p: int, q: int, nonnegative: bool) -> acb_series:
        return (self.apply("log", a) * self.coerce(sp.Rational(p, q))).exp()

    def general_power(self, a: acb_series, e: acb_series, nonnegative: bool) -> acb_series:
        return (self.apply("log", a) * e).exp()

    def apply(self, name: str, a: acb_series) -> acb_series:
        if name == "Abs":
            return a if self._side(a) > 0 else -a
        if name == "sign":
            return self.coerce(self._side(a))
        if name in ENTIRE:
            return getattr(a, name)()
        if name in ("log", "tan", "atan"):
            self._off_the_cuts(name, a[0])
            return getattr(a, name)()
        if name in ("sinh", "cosh", "tanh", "coth", "sech", "csch"):
            return self._hyperbolic(name, a)
        raise Unsupported(f"enclosure: no complex power series for {name}")

    def _off_the_cuts(self, name: str, z: acb) -> None:
        real, imaginary = z.real, z.imag
        if name == "log" and not (real > 0 or imaginary > 0 or imaginary < 0):
            raise Undefined("a logarithm on a ball that meets its cut")
        if name == "atan" and not (abs(imaginary) < 1 or real > 0 or real < 0):
            raise Undefined("an arctangent on a ball that meets its cuts")

    def _hyperbolic(self, name: str, a: acb_series) -> acb_series:
        if name in ("coth", "sech", "csch"):
            return self.power(self._hyperbolic({"c": "sinh", "s": "cosh"}[_kind(name)], a), -1) * (
                self._hyperbolic("cosh", a) if name == "coth" else self.coerce(1)
            )
        if name != "tanh":
            grow, decay = a.exp(), (-a).exp()
            return (grow - decay if name == "sinh" else grow + decay) / 2
        # The exponential of minus twice the modulus stays bounded, whatever the size of the input.
        flip = bool(a[0].real < 0)
        e = ((a if flip else -a) * 2).exp()
        value = (1 - e) * self.power(1 + e, -1)
        return -value if flip else value

    def heaviside(self, a: acb_series, at_zero: acb_series) -> acb_series:
        return self.coerce(1 if self._side(a) > 0 else 0)

    def compare(self, a: acb_series, b: acb_series) -> frozenset[int]:
        difference = (a - b)[0].real
        if difference > 0:
            return frozenset({1})
        return frozenset({-1}) if difference < 0 else SIGNS


def _kind(name: str) -> str:
    """'c' for what divides by sinh, 's' for what divides by cosh."""
    return "s" if name == "sech" else "c"


@contextmanager
def series_length(length: int) -> Iterator[None]:
    """Let flint keep as many terms of a series; it cuts all of them at one global length."""
    before = ctx.cap
    ctx.cap = max(before, length)
    try:
        yield
    finally:
        ctx.cap = before


def analytic_series(expr: sp.Expr, symbol: sp.Symbol, at: acb, length: int) -> acb_series | None:
    """The series about ``at`` at the precision of flint's context; ``None``: not provably analytic.

    Source: Johansson, *Arb*, IEEE Trans. Computers 66 (2017), for the arithmetic.
    """
    with series_length(length):
        try:
            series = AnalyticEvaluator(symbol, at, length)(expr)
        except (Undefined, ZeroDivisionError):
            return None
    return series if all(series[k].is_finite() for k in range(length)) else None


def disc(centre: arb, radius: arb) -> acb:
    """A square of the complex plane that contains the disc."""
    around = arb(0, radius.upper())
    return acb(centre + around, around)
