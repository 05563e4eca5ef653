"""A formula along a path, for all small t > 0: kinks resolved, fractional powers pulled out.

.. math:: |{-2s + s^2}| \\to 2s - s^2, \\qquad \\sqrt{4s^2 + s^4} \\to s\\sqrt{4 + s^2}
          \\qquad (s \\to 0^+).

The sign of each argument is that of its first Taylor coefficient that is not zero, and a
coefficient is nonzero when a ball excludes 0, zero only by exact algebra.  What is left is
analytic in s at 0, so Taylor coefficients enclosed by ball arithmetic prove limits; the logarithm
of a vanishing or growing argument is a multiple of ``LOG`` plus an analytic one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import arb, ctx
from sympy.core.relational import Relational

from theory.enclosure import Unsupported as NotEnclosed
from theory.enclosure import derivatives, enclose, is_exactly_zero

S = sp.Dummy("s", positive=True)
LOG = sp.Dummy("log_s", negative=True)  # log S, with limit -oo
ORDER = 4
ANALYTIC = frozenset({"exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "erf", "erfc"})


class Unresolved(ValueError):
    """The behaviour near t = 0 could not be settled."""


def along(f: Any, path: Mapping[sp.Symbol, Any]) -> Any:
    """f on a path whose coordinates are expressions in ``S``, resolved near S = 0+."""
    return _Resolver().resolve(f.xreplace(dict(path)))


def whole_powers(germs: Sequence[Any]) -> tuple[list[Any], int]:
    """The germs with S = s**m for the least m that makes all their powers of s whole, and m."""
    powers = {p.exp for g in germs for p in g.atoms(sp.Pow) if p.base == S and p.exp.is_Rational}
    m = math.lcm(1, *(int(k.q) for k in powers))
    return [g.subs(S, S**m) if m > 1 else g for g in germs], m


def holds_along(condition: Any, path: Mapping[sp.Symbol, Any]) -> bool:
    """Whether a Boolean certainly holds at every small S > 0 of the path."""
    try:
        return _Resolver().truth(condition.xreplace(dict(path))) is True
    except Unresolved:
        return False


class _Resolver:
    """Resolves each subexpression once."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def resolve(self, f: Any) -> Any:
        """f without |.|, sign, Max, pieces and vanishing radicands."""
        if not f.has(S):
            return f
        if f not in self._known:
            self._known[f] = self._resolve(f)
        return self._known[f]

    def _resolve(self, f: Any) -> Any:
        if f == S:
            return f
        if isinstance(f, sp.Piecewise):
            return self._piece(f)
        if f.is_Pow and f.base is not sp.E:
            return self._power(self.resolve(f.base), self.resolve(f.exp))
        args = [self.resolve(a) for a in f.args]
        if isinstance(f, sp.Abs):
            return args[0] * leading_sign(args[0])
        if isinstance(f, sp.sign):
            return sp.Integer(leading_sign(args[0]))
        if isinstance(f, sp.Heaviside):
            side = leading_sign(args[0])
            return args[1] if side == 0 else sp.Integer(int(side > 0))
        if isinstance(f, sp.Max | sp.Min):
            return self._extreme(args, 1 if isinstance(f, sp.Max) else -1)
        if f.is_Add or f.is_Mul:
            return _collected(f.func(*args))
        if isinstance(f, sp.log) and len(args) == 1:
            return self._log(args[0])
        if isinstance(f, sp.asin | sp.acos):
            return _arc(f, args[0])
        if type(f).__name__ in ANALYTIC:
            return f.func(*args)
        raise Unresolved(f"no germ of {type(f).__name__}")

    def _extreme(self, args: list[Any], side: int) -> Any:
        best = args[0]
        for a in args[1:]:
            if side * leading_sign(a - best) > 0:
                best = a
        return best

    def _piece(self, f: sp.Piecewise) -> Any:
        for value, condition in f.args:
            if self.truth(condition):
                return self.resolve(value)
        raise Unresolved("no piece applies")

    def _power(self, base: Any, exponent: Any) -> Any:
        if exponent.has(S):
            raise Unresolved("a variable exponent")
        if exponent.is_Integer and exponent > 0:
            return base**exponent
        power, rest = leading_power(base)
        if not exponent.is_Integer and leading_sign(rest) <= 0:
            raise Unresolved("a root of something not positive")
        return S ** (power * exponent) * rest**exponent

    def _log(self, arg: Any) -> Any:
        power, rest = leading_power(arg)
        if leading_sign(rest) <= 0:
            raise Unresolved("a logarithm of something not positive")
        return power * LOG + sp.log(rest)

    def truth(self, condition: Any) -> bool:
        """The truth of a Boolean at all small S > 0."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.Not):
            return not self.truth(condition.args[0])
        if isinstance(condition, sp.And | sp.Or):
            truths = [self.truth(a) for a in condition.args]
            return all(truths) if isinstance(condition, sp.And) else any(truths)
        if not isinstance(condition, Relational):
            raise Unresolved(f"no truth of {condition}")
        side = leading_sign(self.resolve(condition.lhs) - self.resolve(condition.rhs))
        table = {"<": side < 0, "<=": side <= 0, ">": side > 0, ">=": side >= 0,
                 "==": side == 0, "!=": side != 0}  # fmt: skip
        return table[condition.rel_op]


def _arc(f: Any, arg: Any) -> Any:
    """asin z = +-(pi/2 - 2 asin sqrt((1 -+ z)/2)), analytic in a root next to z = 1 and -1."""
    at_zero = None if _is_singular(arg) else arg.subs(S, 0)
    for side in (1, -1):
        if at_zero is not None and _is_zero(at_zero - side):
            power, rest = leading_power(sp.expand((1 - side * arg) / 2))
            if leading_sign(rest) <= 0:
                raise Unresolved("an arc of something beyond 1")
            value = side * (sp.pi / 2 - 2 * sp.asin(S ** (power / 2) * sp.sqrt(rest)))
            return value if isinstance(f, sp.asin) else sp.pi / 2 - value
    return f.func(arg)


def _collected(f: Any) -> Any:
    """Cancel what is plainly equal: differences of polynomials in S."""
    return sp.expand(f) if f.is_polynomial(S) else f


def leading_power(f: Any) -> tuple[sp.Rational, Any]:
    """(k, g) with f = S**k g and g(0) certainly not zero; unresolved otherwise."""
    if not f.has(S):
        return sp.S.Zero, f
    if f.has(LOG):
        raise Unresolved("a power of a logarithm")
    powers: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(f, deep=False, power_base=False)):
        c, k = term.as_coeff_exponent(S)
        powers[k] = powers.get(k, sp.S.Zero) + c
    lowest = min(powers, key=lambda k: k)
    rest = sp.Add(*(c * S ** (k - lowest) for k, c in powers.items()))
    while True:
        at_zero = rest.subs(S, 0) if not _is_singular(rest) else None
        if at_zero is None:
            raise Unresolved("a singular factor")
        if not _is_zero(at_zero):
            return lowest, rest
        rest, step = _divided(rest)
        lowest += step


def _is_singular(f: Any) -> bool:
    return f.has(LOG) or any(p.base == S and p.exp.is_negative for p in f.atoms(sp.Pow))


def _divided(f: Any) -> tuple[Any, sp.Rational]:
    """(f / S**k, k) for a polynomial f in S that vanishes at 0."""
    if not f.is_polynomial(S):
        raise Unresolved("a vanishing factor that is no polynomial")
    poly = sp.Poly(f, S)
    terms = [(k, c) for (k,), c in poly.terms() if not _is_zero(c)]
    if not terms:
        raise Unresolved("division by zero")
    step = min(k for k, _ in terms)
    return sp.Add(*(c * S ** (k - step) for k, c in terms)), sp.Integer(step)


def _is_zero(number: Any) -> bool:
    """Certain either way, or Unresolved."""
    try:
        verdict = is_exactly_zero(sp.sympify(number))
    except NotEnclosed as reason:
        raise Unresolved(str(reason)) from None
    if verdict is None:
        raise Unresolved("a number that may be zero")
    return verdict


def leading_sign(f: Any) -> int:
    """The sign of a resolved f for all small S > 0: -1, 0 or 1."""
    f = sp.sympify(f)
    if f == 0:
        return 0
    if f.has(LOG):
        raise Unresolved("the sign of a logarithm")
    if not f.has(S):
        return _sign_of_number(f)
    (f,), _ = whole_powers([f])
    coefficients = taylor(f, ORDER)
    if coefficients is not None:
        for k, ball in enumerate(coefficients):
            if not ball.contains(0):
                return 1 if ball > 0 else -1
            if not _is_zero(sp.diff(f, S, k).subs(S, 0)):
                raise Unresolved("a coefficient that no ball separates from 0")
    if sp.simplify(f) == 0:
        return 0
    _, rest = leading_power(f)
    return _sign_of_number(rest.subs(S, 0))


def _sign_of_number(c: Any) -> int:
    if _is_zero(c):
        return 0
    for bits in (64, 256, 1024, 4096):
        ball = enclose(c, {}, bits)
        if ball.is_finite() and not ball.contains(0):
            return 1 if ball > 0 else -1
    raise Unresolved("a number of unknown sign")


def taylor(f: Any, order: int) -> list[arb] | None:
    """Balls of the Taylor coefficients of a resolved f at S = 0; None where it is not analytic."""
    try:
        values = derivatives(sp.sympify(f), S, 0, order, 256)
    except NotEnclosed:
        return None
    if values is None or not all(v.is_finite() for v in values):
        return None
    with ctx.workprec(256):
        return [v / int(sp.factorial(k)) for k, v in enumerate(values)]
