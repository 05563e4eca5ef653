"""``enclose``: an Arb ball that contains the value of a SymPy scalar.

Inputs may be exact rationals or wide balls. Undefined, or not provably defined: ``nan``.

    >>> from sympy import Symbol, log, exp
    >>> z = Symbol("z")
    >>> enclose(log(1 + exp(-z)), {z: 0}).overlaps(arb(2).log())
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.enclosure.evaluate import Evaluator, Undefined, Unsupported

SIGNS = frozenset({-1, 0, 1})


def to_ball(value: Any) -> arb:
    """An exact number (int, Fraction, sympy.Rational) or a ball as a ball."""
    if isinstance(value, arb):
        return value
    if isinstance(value, bool):
        raise Unsupported("enclosure: a truth value is not a number")
    if isinstance(value, (int, sp.Integer)):
        return arb(int(value))
    if isinstance(value, sp.Rational):
        return arb(fmpq(int(value.p), int(value.q)))
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    if isinstance(value, fmpq):
        return arb(value)
    if isinstance(value, sp.Expr) and value.is_number:
        return BallEvaluator({})(value)
    raise Unsupported(f"enclosure: {value!r} is not an exact number or a ball")


class BallEvaluator(Evaluator):
    """Real ball arithmetic at the precision of flint's context."""

    def coerce(self, value: Any) -> arb:
        return to_ball(value)

    def constant(self, expr: sp.Expr) -> arb:
        if expr is sp.pi:
            return arb.pi()
        if expr is sp.E:
            return arb.const_e()
        if expr is sp.EulerGamma:
            return arb.const_euler()
        if expr is sp.GoldenRatio:
            return (1 + arb(5).sqrt()) / 2
        raise Undefined(f"{expr} is not a finite number that enclosures know")

    def checked(self, value: arb) -> arb:
        if not value.is_finite():
            raise Undefined("a value is not finite")
        return value

    def add(self, a: arb, b: arb) -> arb:
        return a + b

    def mul(self, a: arb, b: arb) -> arb:
        return a * b

    def maximum(self, a: arb, b: arb) -> arb:
        return a.max(b)

    def minimum(self, a: arb, b: arb) -> arb:
        return a.min(b)

    def union(self, a: arb, b: arb) -> arb:
        return a.union(b)

    def power(self, a: arb, n: int) -> arb:
        if n == 0:
            return arb(1)
        if n < 0:
            if a.contains(0):
                raise Undefined("division by a ball that contains zero")
            return 1 / self.power(a, -n)
        return a**n if a > 0 or a < 0 or n == 1 else _power_across_zero(a, n)

    def root_power(self, a: arb, p: int, q: int, nonnegative: bool) -> arb:
        if a > 0:
            return a.root(q) ** p if q <= 64 else (a.log() * p / q).exp()
        if p < 0 or not _nonnegative(a, nonnegative):
            raise Undefined("a fractional power of a ball with nonpositive members")
        if a.is_zero():
            return arb(0)
        top = a.upper()
        return arb(0).union((top.log() * p / q).exp())

    def general_power(self, a: arb, e: arb, nonnegative: bool) -> arb:
        if a > 0:
            return (a.log() * e).exp()
        if e > 0 and _nonnegative(a, nonnegative):
            return arb(0) if a.is_zero() else arb(0).union((a.upper().log() * e).exp())
        n = e.unique_fmpz() if e.is_exact() else None
        if n is not None and int(n) != 0:
            return self.power(a, int(n))
        raise Undefined("a power whose base is not provably positive")

    def apply(self, name: str, a: arb) -> arb:
        if name == "Abs":
            return abs(a)
        if name == "sign":
            return _sign(a)
        if name == "log" and not a > 0:
            raise Undefined("the logarithm of a ball with nonpositive members")
        return getattr(a, name)() if hasattr(a, name) else _named(name, a)

    def heaviside(self, a: arb, at_zero: arb) -> arb:
        if a > 0:
            return arb(1)
        if a < 0:
            return arb(0)
        return at_zero if a.is_zero() else arb(0).union(1).union(at_zero)

    def compare(self, a: arb, b: arb) -> frozenset[int]:
        d = a - b
        if d > 0:
            return frozenset({1})
        if d < 0:
            return frozenset({-1})
        return frozenset({0}) if d.is_zero() else SIGNS


def _nonnegative(a: arb, by_assumption: bool) -> bool:
    """Is the exact argument at least 0? A ball of [0, x] itself may reach slightly below 0."""
    return bool(a >= 0) or (by_assumption and not a < 0)


def _power_across_zero(a: arb, n: int) -> arb:
    if a.is_zero():
        return arb(0)
    if n % 2:
        return (a.lower() ** n).union(a.upper() ** n)
    return arb(0).union(a.abs_upper() ** n)


def _sign(a: arb) -> arb:
    if a > 0:
        return arb(1)
    if a < 0:
        return arb(-1)
    return arb(0) if a.is_zero() else arb(-1).union(1)


def _named(name: str, a: arb) -> arb:
    raise Unsupported(f"enclosure: no ball arithmetic for {name}")


def enclose(expr: sp.Expr, values: Mapping[sp.Symbol, Any], bits: int = 128) -> arb:
    """A ball that contains ``expr`` at every point of ``values``; ``nan`` where undefined."""
    with ctx.workprec(bits):
        try:
            return BallEvaluator(values)(sp.sympify(expr))
        except (Undefined, ZeroDivisionError):
            return arb.nan()


def truth(relation: Any, values: Mapping[sp.Symbol, Any], bits: int) -> bool | None:
    """Truth of a relation at ``bits`` of precision; ``None`` when the balls do not decide it."""
    with ctx.workprec(bits):
        try:
            return BallEvaluator(values).truth(relation)
        except (Undefined, ZeroDivisionError):
            return None
