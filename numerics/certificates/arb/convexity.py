"""Hypotheses whose set is convex in one variable, the others fixed.

.. math:: \\{\\theta : \\|A\\theta + b\\|_p \\le r\\}, \\quad
          \\{\\theta : \\langle a, \\theta\\rangle + b \\ge 0\\}, \\quad
          \\{\\theta : s_i\\theta_i > 0\\}

A statement about pairs needs the whole segment between two points; only such hypotheses, and
those that do not mention the variable, may bound the domain or close a leaf.
"""

from __future__ import annotations

from numerics.certificates.arb.statement import PAIRS, Statement
from numerics.certificates.arb.syntax import Node, conjuncts, constant


def affine(node: Node, wrt: str) -> bool:
    """Whether a scalar or vector is affine in wrt."""
    if wrt not in node.names:
        return True
    if node.op in ("symbol", "vector"):
        return True
    if node.op in ("Add", "VectorSum"):
        return all(affine(a, wrt) for a in node.args)
    if node.op in ("Mul", "Dot", "Tuple", "Hadamard"):
        moving = [a for a in node.args if wrt in a.names]
        return len(moving) == 1 and affine(moving[0], wrt)
    return False


def convex(node: Node, wrt: str) -> bool:
    """Whether a scalar is convex in wrt: norms of affine vectors and what they build."""
    if affine(node, wrt):
        return True
    if node.op in ("Norm", "Abs"):
        return affine(node.args[0], wrt)
    if node.op in ("Add", "Max"):
        return all(convex(a, wrt) for a in node.args)
    if node.op == "Mul":
        moving = [a for a in node.args if wrt in a.names]
        numbers = [constant(a) for a in node.args if wrt not in a.names]
        return len(moving) == 1 and convex(moving[0], wrt) and all(_nonnegative(n) for n in numbers)
    if node.op == "Pow" and constant(node.args[1]) == 2:
        return node.args[0].op in ("Norm", "Abs", "symbol") and convex(node.args[0], wrt)
    return False


def _nonnegative(number: object) -> bool:
    return number is not None and number >= 0  # type: ignore[operator]


def convex_set(condition: Node, wrt: str) -> bool:
    """Whether the set of a hypothesis is convex in wrt."""
    if wrt not in condition.names:
        return True
    if condition.op == "InOrthant":
        v, s = condition.args
        return affine(v, wrt) and wrt not in s.names
    if condition.op not in ("LessThan", "StrictLessThan", "GreaterThan", "StrictGreaterThan"):
        return condition.op == "Equality" and all(affine(a, wrt) for a in condition.args)
    small, large = condition.args
    if condition.op.startswith(("Greater", "StrictGreater")):
        small, large = large, small
    return convex(small, wrt) and affine(large, wrt)


def usable(statement: Statement, index: int) -> list[Node]:
    """The parts of a hypothesis that may be used: all, or the convex ones for pairs."""
    parts = conjuncts(statement.given[index])
    if statement.kind not in PAIRS:
        return parts
    assert statement.wrt is not None
    return [c for c in parts if convex_set(c, statement.wrt)]
