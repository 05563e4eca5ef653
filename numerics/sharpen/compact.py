"""The best constant on a compact domain, enclosed by boxes, where that machinery is there.

.. math:: f(p) \\le \\sup_B f \\le t: \\quad \\text{every constant from } t \\text{ on is true.}
"""

from __future__ import annotations

import math
from typing import Any

from sympy import And

from numerics.sharpen.bounds import SMALLER, bounds_of
from theory import clock
from theory.claims import Claim

DIGITS = 6


def certified_constant(claim: Claim, seconds: float) -> str | None:
    """A sentence on the best number in place of the bound; None where no box says anything."""
    found = list(bounds_of(claim))
    if len(found) != 1 or isinstance(claim.holds, And) or not claim.given:
        return None
    [bound] = found
    if bound.sense != SMALLER or not bound.expr.is_number:
        return None
    supremum = _enclosed(claim, clock.now() + seconds)
    if supremum is None:
        return None
    low, high = _decimal(supremum.lower, math.floor), _decimal(supremum.upper, math.ceil)
    return f"on this compact domain the best constant lies in [{low}, {high}], by boxes"


def _enclosed(claim: Claim, deadline: float) -> Any:
    try:
        from numerics.certify import Supremum, enclose_supremum
    except ImportError:
        return None
    found = enclose_supremum(claim, deadline)
    return found if isinstance(found, Supremum) else None


def _decimal(value: Any, rounded: Any) -> str:
    """An exact number, rounded outwards."""
    return f"{rounded(value * 10**DIGITS) / 10**DIGITS:.{DIGITS}f}"
