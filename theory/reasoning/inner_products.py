r"""Inequalities that are affine in one inner product, by its two extreme values.

.. math:: a + b\,\langle u, v\rangle \ge 0 \text{ for } |\langle u, v\rangle| \le \|u\|\,\|v\|
          \iff a \pm b\,\|u\|\,\|v\| \ge 0.

Every other name stays as it is: at a given point it is a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr, Symbol, expand
from sympy.core.relational import Ge, Le

from theory.reasoning.invariants import Reduction
from theory.scalars import Dot, norm


def extreme_goals(
    goal: Any, reduction: Reduction, facts: list[Any]
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """(what was done, the two goals, the facts without the inner product)."""
    if not isinstance(goal, Le | Ge):
        return
    gap = expand(goal.gts - goal.lts)
    for atom, name in sorted(reduction.names.items(), key=lambda item: str(item[0])):
        if not isinstance(atom, Dot) or not gap.has(name) or not _is_affine(gap, name):
            continue
        u, v = atom.args
        size = reduction.scalar(norm(u)) * reduction.scalar(norm(v))
        goals = [expand(gap.xreplace({name: s * size})) >= 0 for s in (1, -1)]
        note = f"affine in {name}, which lies between -({size}) and {size}: both ends"
        yield note, goals, [f for f in facts if not f.has(name)]


def _is_affine(gap: Expr, name: Symbol) -> bool:
    slope = gap.coeff(name, 1)
    return bool(expand(gap - slope * name).has(name)) is False and not slope.has(name)
