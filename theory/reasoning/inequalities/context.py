"""What is known at one node of a refutation: an append-only list of polynomial formulas.

Literals hold elements of one ring Q[x_1, ..., x_n]; every variable ranges over the reals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sympy.polys.rings import PolyElement, PolyRing

from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    EQUAL,
    FALSE,
    TRUE,
    Every,
    Formula,
    Literal,
    Some,
    transform,
)


@dataclass
class Context:
    """Formulas that hold, the indices of those that come from the negated goal first in line."""

    ring: PolyRing
    known: list[Formula] = field(default_factory=list)
    goals: list[int] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # known, but implied by better formulas

    def add(self, formula: Formula, goal: bool = False) -> list[int]:
        """Append the conjuncts that are new; returns their indices."""
        parts = formula.parts if isinstance(formula, Every) else (formula,)
        added = []
        for part in parts:
            if part != TRUE and part not in self.known:
                added.append(len(self.known))
                self.known.append(part)
        if goal:
            self.goals.extend(added)
        return added

    def branch(self, formula: Formula, goal: bool = False) -> Context:
        """A copy that knows one more formula."""
        copy = Context(self.ring, list(self.known), list(self.goals), set(self.hidden))
        copy.add(formula, goal)
        return copy

    def literals(self, *ops: str) -> Iterator[tuple[int, Literal]]:
        """Indexed literals, the goal's first, restricted to the given relations if any."""
        for i, formula in self.visible():
            if isinstance(formula, Literal) and (not ops or formula.op in ops):
                yield i, formula

    def visible(self) -> Iterator[tuple[int, Formula]]:
        """Indexed formulas worth using, the goal's first."""
        first = dict.fromkeys(self.goals)
        for i in (*first, *(i for i in range(len(self.known)) if i not in first)):
            if i not in self.hidden:
                yield i, self.known[i]

    def hide(self, index: int) -> None:
        """Keep a formula out of the search; it stays known."""
        self.hidden.add(index)

    def clauses(self) -> Iterator[tuple[int, Some]]:
        """Indexed disjunctions."""
        for i, formula in self.visible():
            if isinstance(formula, Some):
                yield i, formula


def normalised(formula: Formula) -> Formula:
    """Primitive polynomials, and constants decided."""
    return transform(formula, _normal_literal)


def _normal_literal(literal: Literal) -> Formula:
    p: PolyElement = literal.value
    if p.is_ground:
        return TRUE if constant_truth(p, literal.op) else FALSE
    content, primitive = p.primitive()
    primitive = -primitive if content < 0 else primitive
    if literal.op not in (AT_LEAST, ABOVE) and primitive.LC < 0:
        primitive = -primitive
    return Literal(primitive, literal.op)


def constant_truth(p: PolyElement, op: str) -> bool:
    """Truth of a literal without variables."""
    c = p.coeff(1)
    if op == EQUAL:
        return bool(c == 0)
    return bool(c > 0 or (op == AT_LEAST and c == 0) or (op == "!=" and c != 0))


def product(ring: PolyRing, factors: Iterable[PolyElement]) -> PolyElement:
    """The product of ring elements; 1 when there are none."""
    result = ring.one
    for factor in factors:
        result = result * factor
    return result
