"""Hypotheses that are equations, used as rewriting rules.

.. math:: y\\langle\\theta,x\\rangle - \\epsilon\\|\\theta\\| = 0
          \\ \\to\\ \\langle\\theta,x\\rangle = y\\,\\epsilon\\|\\theta\\|.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Dummy, Eq, Expr, expand

from theory.scalars import Dot, Norm, VectorScalar
from theory.vectors import Label


def equation_rules(given: Iterable[Any]) -> dict[Any, Any]:
    """An inner product, or else a norm, in terms of the rest, for each equation that has one."""
    rules: dict[Any, Any] = {}
    for g in given:
        if not isinstance(g, Eq):
            continue
        line = expand((g.lhs - g.rhs).xreplace(rules))
        found = _solved(line, sorted(line.atoms(Dot), key=str))
        if found is None:
            found = _solved(line, sorted(line.atoms(Norm), key=str))
        if found is not None:
            atom, value = found
            rules = {a: v.xreplace({atom: value}) for a, v in rules.items()}
            rules[atom] = value
    return rules


def _solved(line: Expr, atoms: list[Any]) -> tuple[Any, Expr] | None:
    for atom in atoms:
        mark = Dummy("a")
        marked = line.xreplace({atom: mark})
        slope = marked.coeff(mark, 1)
        rest = expand(marked - slope * mark)
        is_unit = slope.is_number or _is_label(slope)
        if slope != 0 and is_unit and not rest.has(mark) and not _nested(rest, atom):
            return atom, expand(-rest / slope)
    return None


def _is_label(slope: Expr) -> bool:
    return slope.free_symbols != set() and all(isinstance(s, Label) for s in slope.free_symbols)


def _nested(rest: Expr, atom: Any) -> bool:
    return any(atom in a.atoms(VectorScalar) for a in rest.atoms(VectorScalar))
