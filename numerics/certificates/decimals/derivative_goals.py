"""What one leaf must show for Lipschitz, Smooth and Convex: a bound on derivatives there.

.. math:: \\|J f\\|_2 \\le L - \\text{slack}, \\qquad \\|\\nabla^2 f\\|_2 \\le L - \\text{slack},
          \\qquad \\nabla^2 f \\succeq \\text{slack}\\, I.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.case import Case
from numerics.certificates.decimals.definite import Matrix, norm_at_most, positive_definite, shifted
from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.evaluate import Program
from numerics.certificates.decimals.intervals import Interval, Intervals, Undefined
from numerics.certificates.decimals.language import Language
from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.second_order import SecondOrder
from numerics.certificates.decimals.tape import Tape

Box = Sequence[Interval]
VECTORS = {"VectorSum", "Ones", "Unit", "Sign", "Peak", "AbsPower", "Hadamard"}


def functions_of(language: Language, tree: Any, vectors: bool) -> list[int]:
    """The registers of a function: one, or its components where vectors are allowed."""
    node = tree if isinstance(tree, dict) else {}
    if vectors and ("vector" in node or "signs" in node or node.get("op") in VECTORS):
        return language.vector(tree)
    return [language.scalar(tree)]


class Derivatives:
    """The parts that the three kinds share: a tape with f and L, and which inputs move."""

    rules = frozenset("n")
    second = True

    def __init__(self, case: Case, r: Intervals, slack: Fraction) -> None:
        self.r, self.tape = r, Tape()
        self.slack = r.constant(slack)
        self.size = len(case.layout.moving)
        self.kind = SecondOrder(r, self.size) if self.second else FirstOrder(r, self.size)
        language, holds = case.language(self.tape), case.statement.holds
        self.f = functions_of(language, holds["f"], vectors=not self.second)
        self.bound = self._constant(language, holds.get("constant", "0"))
        moving = [case.place[n] for n in case.layout.moving]
        self.direction = {k: j for j, k in enumerate(moving)}
        self._program = Program(self.tape, self.kind)
        self.work = len(self.tape.operations) * (1 + self.size) ** (1 + self.second)

    def _constant(self, language: Language, tree: Any) -> int:
        if tree is None:
            raise Rejected("a box certificate needs a constant, here it is null")
        return language.scalar(tree)

    def shows(self, rule: str, box: Box) -> bool:
        """Whether the bound holds everywhere on the box."""
        starts = [self.kind.start(x, self.direction.get(k)) for k, x in enumerate(box)]
        values = self._program(starts)
        functions, bound = [values[f] for f in self.f], values[self.bound]
        if bound is None or None in functions:
            return False
        try:
            return self._within(functions, self.r.sub(bound[0], self.slack))
        except (Undefined, ArithmeticError):
            return False

    def _within(self, functions: Sequence[Any], bound: Interval) -> bool:
        raise NotImplementedError

    def _filled(self, row: Sequence[Interval | None]) -> list[Interval]:
        zero = self.r.constant(Fraction(0))
        return [zero if e is None else e for e in row]

    def _square(self, triangle: Sequence[Interval | None]) -> Matrix:
        """The symmetric matrix of a lower triangle."""
        entries = self._filled(triangle)
        at = [[max(i, j) * (max(i, j) + 1) // 2 + min(i, j) for j in range(self.size)]
              for i in range(self.size)]  # fmt: skip
        return [[entries[k] for k in row] for row in at]


class LipschitzGoal(Derivatives):
    """The Jacobian of a scalar or a vector."""

    second = False

    def _within(self, functions: Sequence[Any], bound: Interval) -> bool:
        rows = [self._filled(f[1]) for f in functions]
        if self.size == 1:  # one column has the norm of a row
            rows = [[row[0] for row in rows]]
        return norm_at_most(self.r, rows, bound)


class SmoothGoal(Derivatives):
    """The Hessian between -L and L."""

    def _within(self, functions: Sequence[Any], bound: Interval) -> bool:
        hessian = self._square(functions[0][2])
        if norm_at_most(self.r, hessian, bound):
            return True
        low = (bound[0], bound[0])
        sides = (shifted(self.r, hessian, low, sign) for sign in (1, -1))
        return bound[0] > self.r.zero and all(positive_definite(self.r, m) for m in sides)


class ConvexGoal(Derivatives):
    """The Hessian above the slack; what does not bend at all is left out."""

    def _constant(self, language: Language, tree: Any) -> int:
        return self.tape.constant(0)

    def _within(self, functions: Sequence[Any], bound: Interval) -> bool:
        hessian = shifted(self.r, self._square(functions[0][2]), bound, 1)
        flat = self.r.constant(Fraction(0))
        kept = [i for i, row in enumerate(hessian) if any(e != flat for e in row)]
        if len(kept) <= 1:
            return all(hessian[i][i][0] >= self.r.zero for i in kept)
        return positive_definite(self.r, [[hessian[i][j] for j in kept] for i in kept])


GOALS: dict[str, type[Derivatives]] = {
    "Lipschitz": LipschitzGoal,
    "Smooth": SmoothGoal,
    "Convex": ConvexGoal,
}
