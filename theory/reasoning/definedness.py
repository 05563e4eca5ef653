"""Where an expression has a value: denominators, directions, logarithms, roots.

A point where a side of a relation is undefined is no counterexample to it.  The strategies for
relations show more, that both sides are defined at every point, since they multiply out and
substitute; so they refuse 1/a >= 1/a - 1 for real a.  Two show what holds where both sides are
defined, and so prove it: ``one_variable_relation``, whose engine is exact on every piece, and
equations whose sides are defined at the same points.  Neither way proves what fails at a point
where both sides are defined.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Eq, Ne, Piecewise, Pow, S, log
from sympy.logic.boolalg import Boolean

from theory.reasoning.entailment import Entailment, entailed
from theory.scalars import norm
from theory.vectors import AbsPower, Unit


def conditions(obj: Any) -> list[Boolean]:
    """What must hold at a point for the object to be defined there."""
    found: list[Boolean] = [S.false] if _is_complex(obj) else []
    for node in _nodes(obj):
        found += _condition(node)
    return [c for c in dict.fromkeys(found) if c is not S.true]


def _nodes(obj: Any) -> list[Basic]:
    if isinstance(obj, Basic):
        return list(obj.atoms(Pow, log, Unit, AbsPower))
    return []


def _is_complex(obj: Any) -> bool:
    """Whether i occurs: every rule is about real numbers, and exp(i t) is not even positive."""
    return isinstance(obj, Basic) and obj.has(S.ImaginaryUnit)


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


def necessary(obj: Any) -> list[Boolean]:
    """Those of the conditions that hold wherever the object is defined: facts, for its values.

    A branch that is not taken, or a power with a symbol above, may leave the others unmet.

    >>> from sympy import symbols
    >>> a, n = symbols("a n", real=True)
    >>> necessary(1 / a + a**n)
    [Ne(a, 0)]
    """
    optional = {n for branch in obj.atoms(Piecewise) for n in _nodes(branch)}
    found = (c for n in _nodes(obj) if n not in optional and _is_needed(n) for c in _condition(n))
    return [c for c in dict.fromkeys(found) if c is not S.true]


def _is_needed(node: Any) -> bool:
    return isinstance(node, Unit | log) or (isinstance(node, Pow) and node.exp.is_number)


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
    if not isinstance(goal, Eq) or _is_complex(goal):
        return None
    same = set(conditions(goal.lhs)) == set(conditions(goal.rhs))
    note = "both sides are defined at the same points; equal there:"
    return Entailment((note,)) if same else None
