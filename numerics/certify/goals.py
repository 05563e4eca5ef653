"""What has to hold on a box, as float bounds for the search and as Arb facts for the leaves.

Codes of a box: 0 open, 1 ``n`` (natural form), 2 ``c`` (centred form), 3 + K ``hK`` (hypothesis K
is certainly false on it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from flint import arb

from numerics.certify.arb_arithmetic import ArbArithmetic
from numerics.certify.cases import Case
from numerics.certify.evaluation import evaluate
from numerics.certify.float_arithmetic import FloatArithmetic
from numerics.certify.formulas import strictly, truth
from numerics.certify.lowering import Lowering
from numerics.certify.program import Program, Unsupported
from numerics.intervals import Interval, interval
from theory.claims import Claim

Array = np.ndarray[Any, Any]
Box = Sequence[tuple[Fraction, Fraction]]
OPEN, NATURAL, CENTRED, HYPOTHESIS = 0, 1, 2, 3
FLOAT, EXACT = FloatArithmetic(), ArbArithmetic()


@dataclass
class Bounds:
    """Over n boxes: lower bounds of the goal (n,), the natural form's and the better one's;
    codes (n,); slopes times widths (k, n)."""

    natural: Array
    score: Array
    code: Array
    smear: Array | None = None


class Goal(Protocol):
    """A statement in one case."""

    case: Case
    setting: Setting
    strict: bool  # equality would not do
    slackless: bool  # no slack can be stated

    def search(self, lo: Array, hi: Array, tight: bool = False) -> Bounds:
        """Float bounds over boxes (k, n); ``tight``: both forms even where one would do."""

    def at_points(self, points: Array) -> tuple[Array, Array]:
        """Float values of the goal at points (k, n), and where the hypotheses may hold."""

    def margin(self, box: Box, code: int, slack: Fraction) -> arb | None:
        """An Arb lower bound of the goal on an exact box where it holds there, else None."""

    def value(self, point: Sequence[Fraction]) -> arb | None:
        """For suprema, an Arb lower bound of minus the goal at an admissible exact point."""


class Setting:
    """The program of a case: its boxes, its hypotheses, what must be defined."""

    def __init__(self, claim: Claim, case: Case, seeds: Sequence[str] = ()) -> None:
        self.claim, self.case = claim, case
        # Coordinates that a rotation fixes at 0 vary all the same where a derivative needs them.
        self.still = [name for name in seeds if name not in case.variables]
        fixed = {k: v for k, v in case.fixed.items() if k not in self.still}
        self.program = Program([*case.variables, *self.still])
        self.lowering = Lowering(self.program, case.dimension, fixed)
        self.hypotheses: dict[int, Any] = {}

    def lower_hypotheses(self, usable: Sequence[bool]) -> None:
        """Hypotheses without an interval form exclude nothing, which is sound."""
        with self.program.optional():
            for k, g in enumerate(self.claim.given):
                if usable[k]:
                    try:
                        self.hypotheses[k] = self.lowering.condition(g)
                    except Unsupported:
                        continue
        nodes = [n for f in self.hypotheses.values() for n in f.nodes()]
        self._hypothesis_order = self.program.needed(nodes)

    def demand(self, outputs: Sequence[int]) -> None:
        """Fix the goal's nodes, and what else has to be defined."""
        self.order = self.program.needed([*outputs, *self.program.required])
        self.used = self.program.needed(outputs)
        self.extra = sorted(self.program.required - set(self.used))
        self.extra_order = self.program.needed(self.extra)

    def float_box(self, lo: Array, hi: Array) -> list[Interval]:
        rows = [interval(a, b) for a, b in zip(lo, hi, strict=True)]
        return [*rows, *(interval(0.0) for _ in self.still)]

    def exact_box(self, box: Box) -> list[Any]:
        rows = [EXACT.between(a, b) for a, b in box]
        return [*rows, *(EXACT.constant(Fraction(0)) for _ in self.still)]

    def excluded(self, box: list[Interval], n: int) -> Array:
        """The codes of the boxes that a hypothesis excludes."""
        code = np.zeros(n, dtype=int)
        values = evaluate(self.program, self._hypothesis_order, box, FLOAT)
        for k, f in self.hypotheses.items():
            false = np.broadcast_to(truth(f, values, FLOAT)[1], n)
            code[(code == 0) & false] = HYPOTHESIS + k
        return code

    def is_excluded(self, box: list[Any], k: int) -> bool:
        """Whether hypothesis k is certainly false on an exact box."""
        f = self.hypotheses[k]
        values = evaluate(self.program, self.program.needed(f.nodes()), box, EXACT)
        return truth(f, values, EXACT)[1]

    def admits(self, point: list[Any], inside: bool) -> bool:
        """Whether every hypothesis is certainly true at an exact point, and strictly if asked."""
        if len(self.hypotheses) < len(self.claim.given):
            return False
        values = evaluate(self.program, self._hypothesis_order, point, EXACT)
        formulas = self.hypotheses.values()
        return all(truth(strictly(f) if inside else f, values, EXACT)[0] for f in formulas)

    def defined(self, values: dict[int, Any]) -> Any:
        """Whether what cancelled in the goal is defined as well (floats: a mask)."""
        mask: Any = True
        for k in self.extra:
            mask = mask & values[k].sure
        return mask


def is_defined(values: dict[int, Any], nodes: Sequence[int]) -> bool:
    """Whether the exact values exist."""
    return all(values[k] is not None for k in nodes)
