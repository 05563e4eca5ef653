"""Try instances of a claim about unknowns until one breaks it.

.. math:: \\text{instance with all hypotheses} \\ \\wedge\\ \\text{lhs} > \\text{rhs}
          \\quad\\Rightarrow\\quad \\text{refuted}
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from flint import ctx

from numerics.falsify.unknowns.draws import draw
from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.hypotheses import AT_POINTS, meets
from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.numbers import BITS, Undefined, is_exact
from numerics.falsify.unknowns.places import draw_vectors
from numerics.falsify.unknowns.rational_matrices import Row, descent_direction, directions
from numerics.falsify.unknowns.relations import Violation, ratio, violation
from numerics.falsify.unknowns.scope import Parts
from numerics.falsify.unknowns.tighten import holds, tightened
from theory import clock
from theory.general.inner_maximum import Maximiser
from theory.loewner_order import DIRECTION, LoewnerLe

PLAIN, PLACES, EXPENSIVE = 60, 6, 2  # instances before slow ones; points for each
MOST_SELECTIONS = 16
ORDER = (0, 0, 1, 0, 0, 1, 0, 2)  # which of the dimensions comes next


@dataclass(frozen=True)
class Broken:
    """An instance with all hypotheses at which a relation fails, with the direction used."""

    instance: Instance
    chosen: dict[str, list[str]]  # the maximisers, where they are rational
    violation: Violation
    direction: Row | None = None


@dataclass
class Search:
    """Instances tried so far; ``attained`` is the largest ratio seen, at ``best``."""

    parts: Parts
    rng: random.Random
    points: int = 0
    attained: float | None = None
    best: Instance | None = None
    visited: tuple[int, ...] = ()

    def run(self, deadline: float) -> Broken | None:
        """The first instance that breaks the claim; None where time ran out."""
        with ctx.workprec(BITS):
            for at in self.admissible(deadline):
                found = self._broken(at)
                if found is not None:
                    return found
        return None

    def first(self, deadline: float) -> Instance | None:
        """An instance that meets the hypotheses."""
        with ctx.workprec(BITS):
            found = next(self.admissible(deadline), None)
        return None if found is None else _undirected(found.instance)

    def admissible(self, deadline: float) -> Iterator[Evaluation]:
        """Instances with all hypotheses, and each choice among tied maximisers."""
        for count, d in enumerate(self._dimensions()):
            if clock.now() >= deadline:
                return
            plain = count < PLAIN or count % 3 != 0
            instance = draw(self.parts, d, self.rng, plain)
            if instance is not None:
                yield from self._placed(instance, PLACES if plain else EXPENSIVE, deadline)

    def _dimensions(self) -> Iterator[int]:
        dims = self.parts.dimensions
        while dims:
            yield from (dims[min(k, len(dims) - 1)] for k in ORDER)

    def _placed(self, instance: Instance, times: int, deadline: float) -> Iterator[Evaluation]:
        parts, d = self.parts, instance.dimension
        for k in range(times):
            if clock.now() >= deadline:
                return
            placed = instance.at(draw_vectors(parts.vectors, d, self.rng))
            if k == 0 or parts.relations or any(isinstance(h, AT_POINTS) for h in parts.statements):
                placed = tightened(parts, placed, self.rng)
            if not all(meets(h, Evaluation(placed)) for h in self._universal()):
                return
            yield from self._selected(placed)
            instance = placed

    def _universal(self) -> list[Any]:
        return [h for h in self.parts.statements if not isinstance(h, AT_POINTS)]

    def _selected(self, instance: Instance) -> Iterator[Evaluation]:
        """What holds at the points holds for the maximisers chosen."""
        local = [h for h in self.parts.statements if isinstance(h, AT_POINTS)]
        for at in self._selections(instance):
            if all(holds(h, at) for h in (*local, *self.parts.relations)):
                self.points += 1
                if instance.dimension not in self.visited:
                    self.visited = (*self.visited, instance.dimension)
                yield at

    def _selections(self, instance: Instance) -> Iterator[Evaluation]:
        first = self._evaluated(_towards(Evaluation(instance), directions(instance.dimension)[0]))
        ties = first.ties
        yield first
        choices = product(*(range(n) for n in ties.values()))
        for chosen in islice(choices, 1, MOST_SELECTIONS):
            yield Evaluation(first.instance, dict(zip(ties, chosen, strict=True)))

    def _evaluated(self, at: Evaluation) -> Evaluation:
        """Everything that the hypotheses and the goals compare, with every tie on the way."""
        for relation in (*self.parts.relations, *self.parts.goals):
            for side in getattr(relation, "args", ()):
                try:
                    at.scalar(side)
                except Undefined:
                    continue
        return at

    def _broken(self, at: Evaluation) -> Broken | None:
        for relation in self.parts.goals:
            for h in self._directions(relation, at):
                there = at if h is None else _towards(at, h)
                try:
                    found = violation(relation, there)
                    self._record(relation, there)
                except Undefined:
                    continue
                if found is not None:
                    return Broken(_undirected(at.instance), self._chosen(there), found, h)
        return None

    def _chosen(self, at: Evaluation) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for m in self.parts.atoms(Maximiser):
            try:
                row = at.vector(m)
            except Undefined:
                continue
            if is_exact(*row):
                found[str(m)] = [str(x) for x in row]
        return found

    def _directions(self, relation: Any, at: Evaluation) -> list[Row | None]:
        if not (hasattr(relation, "has") and relation.has(DIRECTION)):
            return [None]
        tried: list[Row | None] = [*directions(at.instance.dimension)]
        holds_ = self.parts.claim.holds
        if isinstance(holds_, LoewnerLe):
            try:
                h = descent_direction(at.matrix(holds_.right - holds_.left))
            except Undefined:
                return []
            return [h] if h is not None else tried[:1]
        return tried

    def _record(self, relation: Any, at: Evaluation) -> None:
        found = ratio(relation, at)
        if found is not None and (self.attained is None or found > self.attained):
            self.attained, self.best = found, _undirected(at.instance)


def _towards(at: Evaluation, h: Row) -> Evaluation:
    if at.instance.vectors.get(DIRECTION) == h:
        return at
    return Evaluation(at.instance.at({**at.instance.vectors, DIRECTION: h}), at.selection)


def _undirected(instance: Instance) -> Instance:
    return instance.at({v: row for v, row in instance.vectors.items() if v != DIRECTION})
