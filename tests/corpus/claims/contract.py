"""What must become of a claim, stated with the claim: prove, refute, vacuous, open_.

Each function returns a `Trap`: a `Claim` that any command reads, with its contract and the
reason (`source`) why it is true or false, from a textbook or by hand.

>>> from sympy import symbols
>>> m = symbols("m", real=True)
>>> square = prove("square", m**2 >= 0, why="a square")
>>> strict = refute("square-strict", m**2 > 0, near=square, why="m = 0")
>>> strict.contract, strict.truth, strict.near.id
('refute', False, 'square')
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Rational

from theory import Claim

HAIR = Rational(1, 10**9)
BIT = Rational(1, 400)


@dataclass(frozen=True)
class Trap(Claim):
    """A claim of known truth (None: nothing meets its hypotheses), and what must become of it.

    `near` is the true claim that a false one differs from by a hair.
    """

    contract: str = "prove"
    truth: bool | None = True
    near: Any = field(default=None, compare=False, repr=False)


def prove(id: str, holds: Any, *, why: str, **parts: Any) -> Trap:
    """A true claim that must be proved."""
    return _trap(id, holds, why, parts, "prove", True)


def refute(id: str, holds: Any, *, near: Trap, why: str, **parts: Any) -> Trap:
    """A false claim that must be refuted, beside its true neighbour."""
    return _trap(id, holds, why, parts, "refute", False, near)


def vacuous(id: str, holds: Any, *, why: str, **parts: Any) -> Trap:
    """A claim whose hypotheses nothing satisfies."""
    return _trap(id, holds, why, parts, "vacuous", None)


def open_(
    id: str, holds: Any, *, truth: bool | None, why: str, near: Trap | None = None, **parts: Any
) -> Trap:
    """A hard claim: any verdict but the one that its known truth forbids."""
    return _trap(id, holds, why, parts, "open", truth, near)


def _trap(
    id: str,
    holds: Any,
    why: str,
    parts: dict[str, Any],
    contract: str,
    truth: bool | None,
    near: Trap | None = None,
) -> Trap:
    return Trap(id=id, holds=holds, source=why, contract=contract, truth=truth, near=near, **parts)
