"""What a search for a counterexample ends with: a refutation, or survival.

A refutation carries an exact witness that rigorous arithmetic confirmed; survival proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from theory.verdicts import Witness


@dataclass(frozen=True)
class Refutation:
    """A confirmed witness; ``severity`` is lhs/rhs - 1, or the relative gap; inf for a path."""

    witness: Witness
    detail: str
    severity: float
    on_kink: bool = False  # violated only where sign(0) = 0 is a convention


@dataclass(frozen=True)
class Survival:
    """``points`` met the hypotheses and broke nothing; ``attained`` is the best lhs/rhs."""

    points: int
    dimensions: tuple[int, ...]
    attained: float | None = None
    at: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
