r"""Differences as vectors of their own: an invertible linear change of the variables.

.. math:: \|g_1-g_2\| \le L\|t_1-t_2\|,\ \dots \quad\longrightarrow\quad \|a\| \le L\|b\|,\ \dots
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Matrix, Rational

from theory.hypotheses import InOrthant
from theory.scalars import Norm, variables
from theory.vectors import Signs, Vector, VectorExpr, combine

Rows = list[list[Any]]


def change_of_basis(given: Iterable[Any], goal: Any) -> dict[Any, VectorExpr] | None:
    """Every vector as a combination of new ones, such that fewer norms are of sums; or None.

    >>> from theory.scalars import norm
    >>> u, v, w = Vector("u"), Vector("v"), Vector("w")
    >>> change_of_basis([norm(u - v) <= 1, norm(v - w) <= 1], norm(u - w) <= 2)[u]
    step_1 + step_2 + w
    """
    given = list(given)
    vectors = [v for v in variables(goal, *given) if isinstance(v, Vector)]
    if any(isinstance(v, Signs) for v in vectors) or any(isinstance(g, InOrthant) for g in given):
        return None
    told = _sums([n for g in given for n in g.atoms(Norm)], vectors)
    asked = _sums(goal.atoms(Norm), vectors)
    basis = _independent(told, len(vectors))
    if len({tuple(r) for r in (*told, *asked)}) < 2 or not basis:
        return None
    names = _fresh(len(basis), {str(v) for v in variables(goal, *given)})
    rows, columns = _completed(basis, names, vectors)
    inverse = Matrix(rows).inv()
    rules = {
        v: combine((inverse[i, j], c) for j, c in enumerate(columns)) for i, v in enumerate(vectors)
    }
    fewer = {n.xreplace(rules) for f in (*given, goal) for n in f.atoms(Norm)}
    before = len(told) + len(asked)
    after = sum(len(m.vector.terms()) > 1 for n in fewer for m in n.atoms(Norm))
    return rules if after < before else None


def _sums(norms: Iterable[Any], vectors: list[Any]) -> Rows:
    """The sums of two or more variables with rational coefficients, each once."""
    found: Rows = []
    for n in sorted(norms, key=str):
        coefficients = dict((b, c) for c, b in n.vector.terms())
        rational = all(isinstance(c, Rational) for c in coefficients.values())
        if len(coefficients) > 1 and rational and set(coefficients) <= set(vectors):
            row = [coefficients.get(v, 0) for v in vectors]
            if row not in found:
                found.append(row)
    return found


def _independent(rows: Rows, width: int) -> Rows:
    kept: Rows = []
    for row in rows:
        if Matrix([*kept, row]).rank() > len(kept):
            kept.append(row)
    return kept


def _completed(basis: Rows, names: list[Vector], vectors: list[Any]) -> tuple[Rows, list[Any]]:
    """The new vectors, and as many of the old ones as they leave free: the later ones."""
    rows, columns = list(basis), list(names)
    for k in reversed(range(len(vectors))):
        unit_row = [int(j == k) for j in range(len(vectors))]
        if Matrix([*rows, unit_row]).rank() > len(rows):
            rows.append(unit_row)
            columns.append(vectors[k])
    return rows, columns


def _fresh(count: int, used: set[str]) -> list[Vector]:
    names = (f"step_{k}" for k in range(1, count + len(used) + 1))
    return [Vector(n) for n in names if n not in used][:count]
