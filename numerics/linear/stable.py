r"""Exponentials that cannot overflow: the same function, other rounding.

.. math:: \log(1 + e^z) \to \operatorname{softplus}(z), \qquad
          \frac{e^{jz}}{(1 + e^z)^n} \to \sigma(z)^j\,\sigma(-z)^{n-j}, \quad 0 \le j \le n.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit as numpy_expit
from sympy import Add, Expr, Function, Mul, Pow, S, exp, log

softplus, expit = Function("softplus"), Function("expit")

FUNCTIONS: Mapping[str, Any] = {
    "softplus": lambda z: np.logaddexp(0.0, z),
    "expit": numpy_expit,
}


def stable(expr: Expr) -> Expr:
    """The expression with softplus and expit in place of quotients of exponentials.

    >>> from sympy import Symbol
    >>> m = Symbol("m")
    >>> stable(exp(m) / (exp(m) + 1) ** 2)
    expit(-m)*expit(m)
    """
    if expr.is_Atom:
        return expr
    parts = [stable(a) for a in expr.args]
    if isinstance(expr, log) and (z := _one_plus_exp(expr.args[0])) is not None:
        return softplus(stable(z))
    if isinstance(expr, Mul):
        return _product(list(expr.args))
    if isinstance(expr, Pow) and _logistic_power(expr) is not None:
        return _product([expr])
    return expr.func(*parts)


def _one_plus_exp(expr: Expr) -> Expr | None:
    """z when the expression is 1 + exp(z)."""
    if isinstance(expr, Add) and len(expr.args) == 2 and expr.args[0] == 1:
        other = expr.args[1]
        return other.args[0] if isinstance(other, exp) else None
    return None


def _logistic_power(expr: Expr) -> tuple[Expr, int] | None:
    """(z, n) when the expression is (1 + exp(z))^(-n), n a positive integer."""
    base, power = expr.as_base_exp()
    z = _one_plus_exp(base)
    return (z, -int(power)) if z is not None and power.is_Integer and power < 0 else None


def _product(parts: list[Expr]) -> Expr:
    """Pair each (1 + e^z)^(-n) with the factors e^(jz) beside it."""
    found = [pair for p in parts if (pair := _logistic_power(p)) is not None]
    rest = [p for p in parts if _logistic_power(p) is None]
    result: Expr = S.One
    for z, n in found:
        used = 0
        for p in list(rest):
            ratio = (p.args[0] / z).cancel() if isinstance(p, exp) and z != 0 else S.Zero
            if ratio.is_Integer and 0 < ratio <= n - used:
                used += int(ratio)
                rest.remove(p)
        result *= expit(stable(z)) ** used * expit(-stable(z)) ** (n - used)
    return result * Mul(*(stable(p) for p in rest))
