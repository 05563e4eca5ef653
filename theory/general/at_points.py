"""A claim about unknown functions and maps, as a plain claim about vectors.

.. math:: \\text{for every } l \\text{ with the hypotheses} \\quad\\longleftarrow\\quad
          \\text{for all vectors that satisfy the facts at the points}

What the hypotheses say at the points that occur is necessary; a statement that follows from it
holds for every function.  The other direction is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import S, Symbol
from sympy.logic.boolalg import Boolean

from theory.general.assumptions import Assumption
from theory.general.atoms import Naming, canonical
from theory.general.candidates import candidates
from theory.general.densities import density_facts
from theory.general.facts import Fact, Points, at_maximisers, instances
from theory.general.functions import Value
from theory.general.goals import Goals, goals
from theory.general.images import (
    equation_facts,
    inverse_facts,
    norm_facts,
    order_facts,
    symmetric_facts,
)
from theory.loewner_order import LoewnerLe
from theory.reasoning.invariants import primed
from theory.scalars import variables
from theory.statements import Equal, Statement
from theory.vectors import Vector

ROUNDS = 3  # of asking the hypotheses at vectors that earlier answers brought in


@dataclass(frozen=True)
class PlainClaim:
    """The same question about vectors, what its names stand for, and what it takes from outside."""

    given: tuple[Any, ...]
    relations: tuple[Any, ...]
    steps: tuple[str, ...]
    assumptions: tuple[Assumption, ...]  # of the reduction to points itself
    candidates: tuple[Any, ...]  # lemmas to try first
    because: dict[Any, str]  # where each fact comes from
    grounds: dict[Any, tuple[Assumption, ...]]  # what each fact takes from outside


class Unsuitable(ValueError):
    """The statement is of a kind that is not shown at points."""


def at_points(claim: Any, thorough: bool = False) -> PlainClaim:
    """The plain claim; ``thorough`` asks at more vectors, and adds Cauchy-Schwarz."""
    return _named(claim, *known_at_points(claim, thorough))


def known_at_points(claim: Any, thorough: bool = False) -> tuple[Goals, list[Any], list[Fact]]:
    """What is to be shown, the hypotheses at the points as stated, and the facts there."""
    wanted = goals(claim.holds)
    if wanted is None:
        raise Unsuitable(f"no argument at points for {type(claim.holds).__name__}")
    relations = [g for g in claim.given if isinstance(g, Boolean)]
    _check_domain(wanted, relations)
    if wanted.pair is not None:
        there = {wanted.pair: primed(wanted.pair)}
        relations = list(dict.fromkeys([*relations, *(r.xreplace(there) for r in relations)]))
    statements = [g for g in claim.given if isinstance(g, Statement)]
    facts = _saturated([*wanted.relations, *relations], statements, relations, thorough)
    return wanted, relations, list(facts)


def _check_domain(wanted: Goals, relations: list[Any]) -> None:
    t = wanted.whole_space
    if t is not None and any(t in variables(r) for r in relations):
        raise Unsuitable(f"expected no hypothesis about {t}: the argument needs all of R^d")


def _saturated(
    seeds: list[Any], statements: list[Any], relations: list[Any], thorough: bool
) -> Iterator[Fact]:
    """Facts at the points that occur, and at those that the facts bring in."""
    seeds = [canonical(s) for s in seeds]
    with_values = any(s.atoms(Value) for s in seeds)
    known: dict[Any, Fact] = {}
    for _ in range(ROUNDS):
        seen = [*seeds, *known]
        fresh = _round(seeds, seen, statements, relations, with_values, thorough)
        size = len(known)
        for fact in fresh:
            relation = canonical(fact.relation)
            if relation in (S.true, True) or (relation.atoms(Value) and not with_values):
                continue
            known.setdefault(relation, replace(fact, relation=relation))
        if len(known) == size:
            break
    yield from known.values()


def _round(
    seeds: list[Any],
    seen: list[Any],
    statements: list[Any],
    relations: list[Any],
    with_values: bool,
    thorough: bool,
) -> Iterator[Fact]:
    yield from at_maximisers(seen, with_values)
    points = Points(seen)
    for h in statements:
        yield from instances(h, points)
    yield from density_facts(seen, statements, relations)
    yield from symmetric_facts(seen)
    yield from inverse_facts(seen, seeds, thorough)
    yield from norm_facts(seen)
    for h in statements:
        if isinstance(h, LoewnerLe):
            yield from order_facts(h, seeds, seen, thorough)
        elif isinstance(h, Equal):
            yield from equation_facts(h, seeds)


def _named(claim: Any, wanted: Goals, relations: list[Any], facts: list[Fact]) -> PlainClaim:
    everything = [*claim.given, claim.holds]
    names = {str(v) for v in _symbols(everything)}
    naming = Naming(names)
    relevant = [canonical(r) for r in relations] + [f.relation for f in facts]
    given = [_plainly(naming, r) for r in relevant]
    shown = [_plainly(naming, canonical(r)) for r in wanted.relations]
    statements = [g for g in claim.given if isinstance(g, Statement)]
    lemmas = candidates([*wanted.relations, *relations], statements)
    tried = [_plainly(naming, canonical(r)) for r in lemmas]
    plain = dict(zip(given[len(relations) :], facts, strict=True))
    return PlainClaim(
        tuple(g for g in dict.fromkeys(given) if g is not S.true),
        tuple(shown),
        (*wanted.steps, *naming.legend()),
        wanted.assumptions,
        tuple(r for r in dict.fromkeys(tried) if r not in shown),
        {g: f"{g}: {f.because}" for g, f in plain.items()},
        {g: f.assumptions for g, f in plain.items()},
    )


def _plainly(naming: Naming, relation: Any) -> Any:
    result = naming.plain(relation)
    odd = [v for v in variables(result) if any(mark in str(v) for mark in "'[]")]
    return result.xreplace({v: naming.rename(v) for v in odd})


def _symbols(objects: Iterable[Any]) -> set[Any]:
    from theory.statements import parts

    found: set[Any] = set()
    for obj in objects:
        for part in parts(obj):
            found |= part.atoms(Symbol, Vector) if hasattr(part, "atoms") else set()
    return found
