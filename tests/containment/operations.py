"""The operations under test: over intervals, and at one exact point in ball arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from numerics import intervals as iv

SMALL = 64  # larger arguments of exp do not fit a float anyway, and take balls long


@dataclass(frozen=True)
class Operation:
    """``ball`` returns None where the operation is undefined."""

    name: str
    inputs: int
    interval: Callable[..., Any]
    ball: Callable[..., Any]


def _quotient(a: Any, b: Any) -> Any:
    return None if b == 0 else a / b


def _log(a: Any) -> Any:
    return a.log() if a > 0 else None


def _sqrt(a: Any) -> Any:
    return a.sqrt() if a >= 0 else None


def _sign(a: Any) -> Any:
    return arb(int(a > 0) - int(a < 0))


def _integer_power(n: int) -> Callable[[Any], Any]:
    def at(a: Any) -> Any:
        return None if n < 0 and a == 0 else arb(a) ** n

    return at


def _real_power(e: float) -> Callable[[Any], Any]:
    exact = Fraction(e)

    def at(a: Any) -> Any:
        if a > 0:
            return (a.log() * fmpq(exact.numerator, exact.denominator)).exp()
        return arb(0) if a == 0 and e > 0 else None

    return at


def _power(a: Any, b: Any) -> Any:
    if a > 0:
        return (a.log() * b).exp()
    return arb(0) if a == 0 and b > 0 else None


def _norm(p: float) -> Callable[[Any, Any], Any]:
    def at(a: Any, b: Any) -> Any:
        a, b = abs(a), abs(b)
        if p == float("inf"):
            return a.max(b)
        if p == 3:
            return _real_power_of_sum(a**3 + b**3)
        return a + b if p == 1 else (a * a + b * b).sqrt()

    return at


def _real_power_of_sum(s: Any) -> Any:
    return arb(0) if s == 0 else s.root(3)


def _named(name: str) -> Callable[[Any], Any]:
    return lambda a: getattr(a, name)()


BINARY = [
    Operation("add", 2, lambda x, y: x + y, lambda a, b: a + b),
    Operation("sub", 2, lambda x, y: x - y, lambda a, b: a - b),
    Operation("mul", 2, lambda x, y: x * y, lambda a, b: a * b),
    Operation("div", 2, lambda x, y: x / y, _quotient),
    Operation("max", 2, iv.maximum, lambda a, b: a.max(b)),
    Operation("min", 2, iv.minimum, lambda a, b: a.min(b)),
    Operation("power", 2, iv.power, _power),
    *(
        Operation(f"norm {p}", 2, lambda x, y, p=p: iv.norm([x, y], p), _norm(p))
        for p in (1.0, 2.0, 3.0, float("inf"))
    ),
]
UNARY = [
    Operation("neg", 1, lambda x: -x, lambda a: -a),
    Operation("Abs", 1, iv.absolute, abs),
    Operation("sign", 1, iv.sign, _sign),
    Operation("log", 1, iv.log, _log),
    Operation("sqrt", 1, iv.sqrt, _sqrt),
    *(
        Operation(f"^{n}", 1, lambda x, n=n: iv.integer_power(x, n), _integer_power(n))
        for n in (-3, -2, -1, 0, 1, 2, 3, 4, 7)
    ),
    *(
        Operation(f"^{e}", 1, lambda x, e=e: iv.power(x, iv.interval(e)), _real_power(e))
        for e in (0.5, 1.5, -0.5, 1 / 3)
    ),
    *(
        Operation(name, 1, lambda x, name=name: iv.apply(name, x), _named(name))
        for name in ("exp", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf")
    ),
]
OPERATIONS = [*BINARY, *UNARY]
