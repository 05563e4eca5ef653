"""Rotations: statements that only see lengths and angles hold in every dimension or in one.

.. math:: v_1, \\dots, v_k \\in \\mathbb R^d \\implies \\exists\\, Q:\\ Q v_j \\in
          \\operatorname{span}(e_1, \\dots, e_j), \\quad (Q v_j)_j \\ge 0.

A derivative needs one direction more: off the span of the vectors it is a multiple of the
identity, so one such direction shows them all.
"""

from __future__ import annotations

from typing import Any

from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.statement import Statement, operations_in
from numerics.certificates.decimals.symbols import nodes

# Scalars, relations and the vectors and norms that every orthogonal map respects.
_SCALARS = """Add Mul Pow exp log Abs sign Max Min Piecewise ExprCondPair tanh sinh cosh sin cos
atan erf And Or Not Equality Unequality LessThan GreaterThan StrictLessThan StrictGreaterThan"""
INVARIANT = {*_SCALARS.split(), "Tuple", "VectorSum", "Unit", "Norm", "Dot"}
DERIVATIVES = ("Lipschitz", "Smooth", "Convex")


def check_invariant(statement: Statement) -> None:
    """Refuse a statement that depends on the axes."""
    trees = [statement.holds, *statement.given]
    strange = sorted(operations_in(trees) - INVARIANT)
    if strange:
        raise Rejected("a statement with operations beyond lengths and angles cannot be rotated")
    if any(_is_other_norm(n) for n in nodes(trees)):
        raise Rejected("a statement with norms other than the Euclidean one cannot be rotated")
    if statement.named("signs"):
        raise Rejected("a statement with vectors of signs cannot be rotated")


def _is_other_norm(node: dict[str, Any]) -> bool:
    return node.get("op") == "Norm" and node.get("args", [None])[-1:] != ["2"]


def rotated_dimension(statement: Statement) -> int:
    """The dimension that stands for all."""
    k = len(statement.named("vector"))
    wrt = statement.wrt
    if statement.kind in DERIVATIVES and wrt is not None and wrt.kind == "vector":
        return k + 1
    return max(k, 1)


def last_coordinate(statement: Statement, name: str) -> int:
    """How many coordinates of a vector are free: the j-th vector by name has j."""
    return [v.name for v in statement.named("vector")].index(name) + 1
