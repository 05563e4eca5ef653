"""Norms and signs of exact numbers and balls.

.. math:: \\|v\\|_p = \\Bigl(\\sum_i |v_i|^p\\Bigr)^{1/p}
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq

from numerics.falsify.unknowns.numbers import (
    ONE,
    ZERO,
    Number,
    Undefined,
    is_exact,
    largest,
    power,
    root,
)
from numerics.falsify.unknowns.rational_matrices import Row, dotted


def p_norm(v: Row, p: Any) -> Number:
    """||v||_p, rational where it can be."""
    sizes = [abs(x) for x in v]
    if p == sp.oo:
        return largest(sizes)
    if p == 1 or len(v) == 1:
        return sum(sizes, ZERO)
    if p == 2:
        return root(dotted(v, v))
    if not isinstance(p, sp.Integer):
        raise Undefined(f"norm with exponent {p}")
    total = sum((x ** int(p) for x in sizes), ZERO)
    return ZERO if is_exact(total) and total == 0 else power(total, fmpq(1, int(p)))


def sign_of(x: Number) -> fmpq:
    if x > 0:
        return ONE
    if x < 0:
        return -ONE
    if is_exact(x):
        return ZERO
    raise Undefined("sign of a ball around zero")
