"""Integer powers of power series, real or complex."""

from __future__ import annotations

from typing import Any

from theory.enclosure.evaluate import Undefined


def integer_power(one: Any, a: Any, n: int) -> Any:
    """a^n for series of balls; Undefined where n < 0 and the constant term may be zero."""
    if n < 0:
        if a[0].contains(0):
            raise Undefined("division by a ball that contains zero")
        return integer_power(one, a, -n).inv()
    result = one
    for _ in range(n):
        result = result * a
    return result
