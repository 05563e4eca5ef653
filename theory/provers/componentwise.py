r"""Sums over components: a relation that holds in one dimension holds in every one.

.. math:: h(a, b) \ge 0\ \forall a, b \in \mathbb R
          \ \Rightarrow\ \sum_i h(u_i, v_i) \ge 0, \qquad
          \|u\|_p^p = \sum_i |u_i|^p,\ \langle u, v\rangle = \sum_i u_i v_i.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Expr, Mul, expand, oo
from sympy.core.relational import Ge, Le

from theory.hypotheses import InOrthant
from theory.provers.fixed_dimension import prove_in
from theory.provers.kernel import proved
from theory.scalars import Dot, Norm, VectorScalar
from theory.vectors import Peak, Unit, VectorExpr
from theory.verdicts import Evidence

COST = 14


def treats(statement: Any) -> bool:
    """Weak inequalities between sums over components, with a norm that is no Gram form."""
    if not isinstance(statement, Le | Ge):
        return False
    gap = expand(statement.gts - statement.lts)
    return any(n.p != 2 for n in gap.atoms(Norm)) and is_sum_over_components(gap)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove it in d = 1; hypotheses about vectors are about all components, and left out."""
    given = [g for g in claim.given if _is_about_each_component(g)]
    found = prove_in((1,), replace(claim, given=given, lemmas=(), mutants=()), deadline)
    if found is None:
        return None
    note = "a sum over components: it is enough that each term is >= 0, so that it holds in d = 1"
    return proved("componentwise", "holds for every component", [note, *found.steps])


def _is_about_each_component(g: Any) -> bool:
    """Scalars alone, or an orthant whose vectors are made of their own components only."""
    if isinstance(g, InOrthant):
        return not g.atoms(VectorScalar, Unit, Peak)
    return not _of_all_components(g)


def is_sum_over_components(gap: Expr) -> bool:
    """Whether every term is c ||v||_p^p or c <u, v>, with a c made of scalars.

    >>> from theory.scalars import norm
    >>> from theory.vectors import Vector
    >>> is_sum_over_components(norm(Vector("u"), 3) ** 3), is_sum_over_components(norm(Vector("u")))
    (True, False)
    """
    return all(_is_sum(t) for t in Add.make_args(expand(gap)))


def _is_sum(term: Expr) -> bool:
    moving = [f for f in Mul.make_args(term) if _of_all_components(f)]
    if len(moving) != 1 or moving[0].atoms(Unit, Peak):
        return False
    base, exponent = moving[0].as_base_exp()
    if len(base.atoms(VectorScalar)) != 1:
        return False  # a coefficient of a vector that is made of all components
    if isinstance(base, Dot):
        return bool(exponent == 1)
    return isinstance(base, Norm) and base.p != oo and exponent == base.p


def _of_all_components(e: Any) -> bool:
    """Norms and inner products; sqrt(d) is the norm of the vector of ones."""
    return bool(e.atoms(VectorScalar, VectorExpr))
