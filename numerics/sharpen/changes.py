"""What an operator proposes: one stronger claim, or a family of claims with a factor.

.. math:: c \\mapsto \\text{claim}(c), \\qquad \\text{claim}(1) \\text{ is the one at hand, and }
          c < c' \\Rightarrow \\text{claim}(c) \\text{ is the stronger.}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, S

from theory.claims import Claim


@dataclass(frozen=True)
class Change:
    """A varied claim and what was changed; ``by_form``: stronger without a measurement."""

    claim: Claim
    text: str
    by_form: bool = False


@dataclass(frozen=True)
class Scale:
    """``make(k)`` puts the factor k at one place; None where that is no claim.

    ``up`` tells whether a larger k is the stronger claim; c is then 1/k.  ``place`` names what is
    scaled, ``removable`` whether c = 0 makes sense.
    """

    make: Callable[[Expr], Claim | None]
    place: str
    text: Callable[[Expr], str]
    up: bool = False
    removable: bool = True
    by_form: bool = False

    def factor(self, c: Expr) -> Expr:
        """k for c."""
        return 1 / c if self.up else c

    def at(self, c: Expr) -> Change | None:
        """The member of the family at 0 <= c <= 1."""
        if c == S.Zero and (self.up or not self.removable):
            return None
        claim = self.make(self.factor(c))
        return None if claim is None else Change(claim, self.text(self.factor(c)), self.by_form)
