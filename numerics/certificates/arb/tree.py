"""The walk through a split tree, without recursion.

.. math:: \\text{"0 n 1 c h2"}: \\text{split variable 0; lower half: } n;
          \\text{ upper half: split variable 1 into } c \\text{ and } h_2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from flint import fmpq

from numerics.certificates.arb.balls import Balls
from numerics.certificates.arb.case import Layout
from numerics.certificates.arb.convexity import usable
from numerics.certificates.arb.goals import Boxes, Goal
from numerics.certificates.arb.language import Compiler
from numerics.certificates.arb.outcome import Rejected, shown
from numerics.certificates.arb.program import Program
from numerics.certificates.arb.tape import Condition, Tape, slots_of

MAX_TOKENS, MAX_DEPTH, MAX_WORK = 2_000_000, 2000, 2 * 10**8
_TOKEN = re.compile(r"n|c|h?(?:0|[1-9][0-9]{0,5})")


class Tree:
    """The tokens of a tree and what its leaves may appeal to."""

    def __init__(self, layout: Layout, goal: Goal) -> None:
        self.layout, self.goal, self.balls = layout, goal, Balls()
        self.leaves: Counter[str] = Counter()
        self._work = 0
        self._hypotheses: dict[int, Callable[[Boxes], bool]] = {}
        self._fixed = [self.balls.zero] * len(layout.fixed)

    def check(self) -> None:
        """Every leaf holds and every token is used, or Rejected."""
        text = self.layout.case.tree
        if text.count(" ") >= MAX_TOKENS:
            raise Rejected(f"a tree has more than {MAX_TOKENS} tokens")
        tokens = text.split(" ")
        ranges = tuple(self.layout.case.domain.values())
        waiting: list[Any] = [(ranges, tuple(self.balls.between(*r) for r in ranges), 0)]
        for token in tokens:
            if not waiting:
                raise Rejected("a tree has tokens after its last leaf")
            ranges, boxes, depth = waiting.pop()
            if not _TOKEN.fullmatch(token):
                raise Rejected(f"a tree has the token {shown(token)}")
            if token.isdecimal():
                waiting += self._halves(int(token), ranges, boxes, depth)
            elif not self._leaf(token, ranges, [*boxes, *self._fixed]):
                raise Rejected(f"a leaf does not hold: {self._described(token, ranges)}")
        if waiting:
            raise Rejected("a tree ends before its last leaf")

    def _halves(self, k: int, ranges: Any, boxes: Any, depth: int) -> list[Any]:
        """Upper half first: the stack hands out the lower one next."""
        if k >= len(ranges):
            raise Rejected(f"a tree splits variable {k}, which the domain does not have")
        if depth >= MAX_DEPTH:
            raise Rejected(f"a tree is deeper than {MAX_DEPTH}")
        (low, high), (left, right) = ranges[k], boxes[k]
        middle = (low + high) / 2
        ball = self.balls.const(middle)[0]
        parts = [((middle, high), (ball, right)), ((low, middle), (left, ball))]
        return [
            (
                (*ranges[:k], part, *ranges[k + 1 :]),
                (*boxes[:k], box, *boxes[k + 1 :]),
                depth + 1,
            )
            for part, box in parts
        ]

    def _leaf(self, token: str, ranges: tuple[tuple[fmpq, fmpq], ...], boxes: Boxes) -> bool:
        self._work += self.goal.cost * (1 if token == "n" else 1 + len(ranges))
        if self._work > MAX_WORK:
            raise Rejected("a tree takes more work than this program is willing to do")
        self.leaves[token[0]] += 1
        if token == "n":
            return self.goal.natural(boxes)
        if token == "c":
            return self.goal.centred(boxes, ranges)
        index = int(token[1:])
        if index >= len(self.layout.statement.given):
            raise Rejected(f"a leaf appeals to hypothesis {index}, which is not there")
        if index not in self._hypotheses:
            self._hypotheses[index] = _excluded(self.layout, self.balls, index)
        return self._hypotheses[index](boxes)

    def _described(self, token: str, ranges: tuple[tuple[fmpq, fmpq], ...]) -> str:
        names = list(self.layout.case.domain)
        sides = (
            f"{n} in [{_decimal(low)}, {_decimal(high)}]"
            for n, (low, high) in zip(names[:4], ranges, strict=False)
        )
        return f"{token} on {', '.join(sides) or 'the one point'}"


def _decimal(q: fmpq) -> str:
    """About six digits, for a sentence."""
    if abs(q) < fmpq(10) ** 12:
        return f"{int((q * 10**6).floor()) / 10**6:g}"
    return "a number of absurd size"


def _excluded(layout: Layout, balls: Balls, index: int) -> Callable[[Boxes], bool]:
    """Whether a hypothesis is certainly false on a box."""
    tape = Tape()
    compiler: Compiler = layout.compiler(tape)
    conditions: list[Condition] = [compiler.condition(c) for c in usable(layout.statement, index)]
    if not conditions:
        raise Rejected(f"hypothesis {index} mentions wrt and is not known to be convex in it")
    program = Program(tape, balls, [s for c in conditions for s in slots_of(c)])

    def false_on(boxes: Boxes) -> bool:
        values = program.run(boxes)
        return program.defined(values) and any(balls.truth(c, values) is False for c in conditions)

    return false_on
