"""One case of a box certificate: a dimension, a sign pattern, and the statement written out there.

.. math:: (d, \\sigma) \\mapsto \\text{inputs } \\theta_1, \\dots, \\theta_d, \\dots
          \\text{ and the hypotheses as conditions on them.}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain

from numerics.certificates.decimals.conditions import condition
from numerics.certificates.decimals.convexity import Convexity
from numerics.certificates.decimals.domain import Bounds, Propagation
from numerics.certificates.decimals.language import Language
from numerics.certificates.decimals.rotation import last_coordinate
from numerics.certificates.decimals.statement import Statement
from numerics.certificates.decimals.symbols import Variable
from numerics.certificates.decimals.tape import Tape

Pattern = Mapping[str, tuple[int, ...]]  # one sign for a label, d for a vector of signs
_NOT_BELOW_ZERO = (("positive", True), ("nonnegative", True), ("negative", False), ("zero", True))
_NOT_ABOVE_ZERO = (("negative", True), ("nonpositive", True), ("positive", False), ("zero", True))
ZERO = Fraction(0)


class Layout:
    """The inputs of a case: free coordinates, and pinned ones that only derivatives move."""

    def __init__(self, statement: Statement, d: int, rotated: bool) -> None:
        self.statement, self.d, self.rotated = statement, d, rotated
        scalars = [v.name for v in statement.named("scalar")]
        vectors = (self.components(v) for v in statement.named("vector"))
        self.names = [*scalars, *chain.from_iterable(vectors)]
        self.moving = self._moving_names()
        self.pinned = [n for n in self.moving if n not in self.names]

    def components(self, v: Variable) -> list[str]:
        """The coordinates of a vector that are free."""
        most = last_coordinate(self.statement, v.name) if self.rotated else self.d
        return [f"{v.name}[{i + 1}]" for i in range(min(most, self.d))]

    def _moving_names(self) -> list[str]:
        """The coordinates of wrt, those that a rotation fixes at 0 included."""
        wrt = self.statement.wrt
        if wrt is None or self.statement.kind == "Maximizes":
            return []
        whole = [f"{wrt.name}[{i + 1}]" for i in range(self.d)]
        return whole if wrt.kind == "vector" else [wrt.name]


class Case:
    """The hypotheses of a statement in one dimension and one sign pattern."""

    def __init__(self, layout: Layout, names: Sequence[str], pattern: Pattern) -> None:
        self.layout, self.statement, self.pattern = layout, layout.statement, pattern
        self.names = [*names, *layout.pinned]
        self.place = {name: k for k, name in enumerate(self.names)}
        self.given = Tape()
        language = self.language(self.given)
        self.hypotheses = [condition(language, g) for g in self.statement.given]
        mask = sum(1 << self.place[n] for n in layout.moving)
        self.convexity = Convexity(self.given, mask)

    def language(self, tape: Tape) -> Language:
        """The words of the statement on a tape of its own."""
        values = {v.name: self._registers(tape, v) for v in self.statement.variables.values()}
        return Language(tape, self.layout.d, values)

    def _registers(self, tape: Tape, v: Variable) -> int | list[int]:
        if v.kind == "scalar":
            return tape.input(self.place[v.name])
        if v.kind == "label":
            return tape.constant(self.pattern[v.name][0])
        if v.kind == "signs":
            return [tape.constant(s) for s in self.pattern[v.name]]
        names = (f"{v.name}[{i + 1}]" for i in range(self.layout.d))
        return [tape.input(self.place[n]) if n in self.place else tape.constant(0) for n in names]

    def usable(self, k: int) -> list[int]:
        """The parts of a hypothesis that hold on whole segments of wrt."""
        return self.convexity.conjuncts(self.hypotheses[k])

    def implied(self) -> list[Bounds]:
        """Bounds on every variable that follow from the assumptions and the hypotheses."""
        start = [self._assumed(name) for name in self.names]
        usable = [part for k in range(len(self.hypotheses)) for part in self.usable(k)]
        return Propagation(self.given, start).run(usable)

    def _assumed(self, name: str) -> Bounds:
        if name in self.layout.pinned:
            return ZERO, ZERO
        v = self.statement.variables.get(name)
        if v is not None:
            facts = v.facts
            low = ZERO if any(f in facts for f in _NOT_BELOW_ZERO) else None
            high = ZERO if any(f in facts for f in _NOT_ABOVE_ZERO) else None
            return low, high
        return (ZERO if self._is_diagonal(name) else None), None

    def _is_diagonal(self, name: str) -> bool:
        """Whether a rotation makes the coordinate nonnegative: the last free one of its vector."""
        vectors = self.statement.named("vector")
        return self.layout.rotated and any(self.layout.components(v)[-1] == name for v in vectors)
