"""Which facts a goal may need: fewer facts, sooner a proof.

Leaving facts out never proves anything false.
"""

from __future__ import annotations

from typing import Any

from sympy import S
from sympy.core.relational import Ge, Le

from theory.scalars import Dot, Norm, VectorScalar
from theory.vectors import Vector, zero

Relations = tuple[Any, ...]


def without_idle_vectors(given: Relations, goal: Any) -> Relations:
    """Without the facts about vectors that could as well be 0.

    >>> from theory.scalars import norm
    >>> u, v = Vector("u"), Vector("v")
    >>> without_idle_vectors((norm(u) <= 1, norm(v) <= norm(u)), norm(u) <= 2)
    (norm(u) <= 1,)
    """
    needed = goal.atoms(Vector)
    kept = given
    for group in _tied(given, needed):
        nothing = dict.fromkeys(group, zero())
        about = [g for g in kept if g.atoms(Vector) & group]
        if all(_at(g, nothing) in (S.true, True) for g in about):
            kept = tuple(g for g in kept if g not in about)
    return kept


def _at(relation: Any, rules: dict[Any, Any]) -> Any:
    return relation.xreplace(rules)


def _tied(given: Relations, needed: set[Any]) -> list[set[Any]]:
    """The vectors that the goal does not name, grouped by the norms that they share."""
    groups: list[set[Any]] = [{v} for g in given for v in sorted(g.atoms(Vector) - needed, key=str)]
    for n in sorted({n for g in given for n in g.atoms(Norm)}, key=str):
        inside = n.atoms(Vector) - needed
        if inside:
            groups = _merged(groups, inside)
    return _merged(groups, set())


def _merged(groups: list[set[Any]], inside: set[Any]) -> list[set[Any]]:
    apart = [g for g in groups if not g & inside]
    joined = set().union(*(g for g in groups if g & inside))
    unique = [g for k, g in enumerate(apart) if g not in apart[:k]]
    return [*unique, joined] if joined else unique


def sharing_sizes(given: Relations, goal: Any) -> Relations:
    """The facts that share a norm, a product or a real value with the goal, and those that only
    compare what such facts name."""
    named = _unknowns(goal)
    close = [g for g in given if not _unknowns(g) or _unknowns(g) & named]
    named = named.union(*(_unknowns(g) for g in close))
    near = [g for g in given if g in close or _unknowns(g) <= named]
    return _without_private_sizes(tuple(g for g in near if _unknowns(g) <= named), goal)


def _without_private_sizes(given: Relations, goal: Any) -> Relations:
    """Without upper bounds of norms that nothing else mentions."""
    for g in given:
        others = _unknowns(goal).union(*(_unknowns(h) for h in given if h != g))
        small = g.lts if isinstance(g, Le | Ge) else None
        multiplied = {v for h in given for d in h.atoms(Dot) for v in d.atoms(Vector)}
        idle = isinstance(small, Norm) and not small.atoms(Vector) & multiplied
        if idle and small not in others:
            return _without_private_sizes(tuple(h for h in given if h != g), goal)
    return given


def about_sizes(given: Relations, goal: Any) -> Relations:
    """Without the facts about inner products, where the goal has none."""
    return tuple(g for g in given if goal.atoms(Dot) or not g.atoms(Dot))


def _unknowns(relation: Any) -> set[Any]:
    """Norms, products and real values; positive constants tie nothing together."""
    values = {s for s in relation.free_symbols if not s.is_nonnegative}
    return values | relation.atoms(VectorScalar)
