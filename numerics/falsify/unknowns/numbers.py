"""Exact rationals, and Arb balls where a root or an integral is not rational.

.. math:: a \\le b \\in \\{\\text{true}, \\text{false}, \\text{undecided}\\}

Every operation keeps rationals rational; a mixed one gives a ball that contains the result.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, fmpq, fmpz

from theory.verdicts import plain

Number = Any  # fmpq | arb

BITS = 192
ZERO, ONE = fmpq(0), fmpq(1)


class Undefined(ValueError):
    """A value that does not exist there, or that is not known exactly."""


def rational(value: Any) -> fmpq:
    """The exact number of an int, a SymPy rational or text.

    >>> rational("1/3")
    1/3
    """
    number = sp.Rational(value)
    return fmpq(int(number.p), int(number.q))


def symbolic(value: fmpq) -> sp.Rational:
    """The same number for SymPy."""
    return sp.Rational(int(value.p), int(value.q))


def is_exact(*values: Number) -> bool:
    return all(isinstance(v, fmpq) for v in values)


def at_most(a: Number, b: Number) -> bool | None:
    """a <= b; None where the balls overlap.

    >>> at_most(fmpq(1), arb(2).sqrt()), at_most(arb(2).sqrt(), arb(2).sqrt())
    (True, None)
    """
    if a <= b:
        return True
    return False if a > b else None


def below(a: Number, b: Number) -> bool | None:
    """a < b; None where the balls overlap."""
    if a < b:
        return True
    return False if a >= b else None


def is_zero(a: Number) -> bool | None:
    if isinstance(a, fmpq):
        return bool(a == 0)
    return False if a > 0 or a < 0 else None


def divided(a: Number, b: Number) -> Number:
    if is_zero(b) is not False:
        raise Undefined("division by zero")
    return a / b


def root(a: Number) -> Number:
    """The square root: rational where it can be.

    >>> root(fmpq(4, 9))
    2/3
    """
    if isinstance(a, fmpq):
        if a < 0:
            raise Undefined("root of a negative number")
        p, q = fmpz(a.p).isqrt(), fmpz(a.q).isqrt()
        return fmpq(p, q) if p * p == a.p and q * q == a.q else arb(a).sqrt()
    if not a >= 0:
        raise Undefined("root of a ball that is not known to be nonnegative")
    return a.sqrt()


def power(a: Number, e: Number) -> Number:
    """a^e for an exact exponent, half-integers exactly where possible."""
    if not isinstance(e, fmpq):
        return _real_power(a, e)
    if e.q == 1:
        return _whole(a, int(e.p))
    if e.q == 2:
        return _whole(root(a), int(e.p))
    return _real_power(a, e)


def _whole(a: Number, n: int) -> Number:
    return divided(ONE, a**-n) if n < 0 else a**n


def _real_power(a: Number, e: Number) -> Number:
    if not a > 0:
        raise Undefined("power of a number that is not known to be positive")
    return (arb(a).log() * e).exp()


def largest(values: list[Number]) -> Number:
    if is_exact(*values):
        return max(values)
    result = arb(values[0])
    for v in values[1:]:
        result = result.max(arb(v))
    return result


def smallest(values: list[Number]) -> Number:
    return -largest([-v for v in values])


def slightly_above(a: Number) -> fmpq:
    """A rational just above a number, simple where the number is rational."""
    if isinstance(a, fmpq):
        return a
    if not a.is_finite():
        raise Undefined("no finite bound")
    scale = 10**6
    upper = (a * scale).upper().ceil()
    return fmpq(int(upper.unique_fmpz()), scale)


def text(a: Number, digits: int = 20) -> str:
    """Decimals of the middle of a ball, or of a rational."""
    return str(plain(arb(a).mid().str(digits, radius=False)))
