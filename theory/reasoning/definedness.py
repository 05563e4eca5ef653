"""Where an expression has a value: denominators, directions, logarithms, roots.

A proof that ignores 0/0 proves nothing; each statement first shows that what it speaks of exists.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Eq, Ne, Pow, S, log
from sympy.logic.boolalg import Boolean

from theory.reasoning.entailment import Entailment, entailed
from theory.scalars import norm
from theory.vectors import AbsPower, Unit


def conditions(obj: Any) -> list[Boolean]:
    """What must hold at a point for the object to be defined there."""
    found: list[Boolean] = []
    for node in _nodes(obj):
        found += _condition(node)
    return [c for c in dict.fromkeys(found) if c is not S.true]


def _nodes(obj: Any) -> list[Basic]:
    if isinstance(obj, Basic):
        return list(obj.atoms(Pow, log, Unit, AbsPower))
    return []


def _condition(node: Any) -> list[Boolean]:
    if isinstance(node, Unit):
        return [norm(node.inner) > 0]
    if isinstance(node, log):
        return [node.args[0] > 0]
    if isinstance(node, AbsPower):
        return [S.false] if node.exponent.is_negative else []
    if node.exp.is_negative:
        return [Ne(node.base, 0)] if node.exp.is_Integer else [node.base > 0]
    if node.exp.is_Integer or (node.exp.is_number and node.exp.is_nonnegative):
        return [] if node.exp.is_Integer else [node.base >= 0]
    return [node.base > 0]


def defined(obj: Any, given: Any, deadline: float | None = None) -> Entailment | None:
    """A proof that the object is defined at every point of ``given``."""
    steps: list[str] = []
    for condition in conditions(obj):
        argument = entailed(list(given), condition, deadline)
        if argument is None:
            return None
        steps.append(f"defined as {condition}")
    return Entailment(tuple(steps) or ("defined everywhere",))


def same_domain(goal: Any) -> Entailment | None:
    """For an equation whose sides are defined at the same points: it is about those points."""
    if isinstance(goal, Eq) and set(conditions(goal.lhs)) == set(conditions(goal.rhs)):
        return Entailment(("both sides are defined at the same points; equal there:",))
    return None
