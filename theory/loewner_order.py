r"""The Loewner order of symmetric matrices.

.. math:: A \preceq B \iff \langle h, A h\rangle \le \langle h, B h\rangle \text{ for every } h
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Basic
from sympy.core.symbol import Str

from theory.matrices import MatrixSum
from theory.scalars import dot
from theory.statements import Statement
from theory.vectors import Vector

# The direction h of the order: claims may not use names with primes.
DIRECTION = Basic.__new__(Vector, Str("h''"))


@dataclass(frozen=True)
class LoewnerLe(Statement):
    """left <= right in the Loewner order, at every point.

    >>> from theory.linear_maps import linear_map
    >>> from theory.matrices import identity
    >>> print(LoewnerLe(linear_map("H", "symmetric"), identity()))
    (1)*H <= (1)*identity() in the Loewner order
    """

    left: Any
    right: Any

    def __post_init__(self) -> None:
        for side in (self.left, self.right):
            if not isinstance(side, MatrixSum):
                raise TypeError(f"LoewnerLe: expected two matrices, got {side!r}")
            if side != side.T:
                raise ValueError(f"LoewnerLe: expected symmetric matrices, got {side}")

    def at(self, h: Any) -> Any:
        """<h, left h> <= <h, right h>."""
        return dot(h, self.left @ h) <= dot(h, self.right @ h)

    def restated(self) -> Any:
        """The same as a relation for every direction."""
        return self.at(DIRECTION)

    def __str__(self) -> str:
        return f"{self.left} <= {self.right} in the Loewner order"
