"""Run a program in an arithmetic: the natural interval extension of every node."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from numerics.certify.formulas import truth
from numerics.certify.program import Node, Program


def evaluate(program: Program, order: Sequence[int], box: Sequence[Any], a: Any) -> dict[int, Any]:
    """The values of the nodes ``order`` (see ``Program.needed``) on a box."""
    values: dict[int, Any] = {}
    for k in order:
        values[k] = value(program.nodes[k], values, box, a)
    return values


def value(node: Node, values: dict[int, Any], box: Sequence[Any], a: Any) -> Any:
    """One node."""
    x = [values[i] for i in node.inputs]
    match node.op:
        case "variable":
            return box[node.data]
        case "constant":
            return a.constant(node.data)
        case "named":
            return a.named(node.data)
        case "linear":
            return linear(node, x, a)
        case "mul":
            return a.mul(*x)
        case "integer power":
            return a.integer_power(x[0], node.data)
        case "real power":
            return a.real_power(x[0], node.data)
        case "function":
            return a.function(node.data, x[0])
        case "max":
            return a.max(*x)
        case "min":
            return a.min(*x)
        case "norm":
            return a.norm(x)
    assert node.op == "piecewise", node.op
    return a.piecewise(pieces(node, x, values, a))


def linear(node: Node, x: list[Any], a: Any) -> Any:
    """c_0 + sum c_j x_j."""
    constant, factors = node.data
    terms = [a.constant(constant)] if constant else []
    for c, v in zip(factors, x, strict=True):
        terms.append(v if c == 1 else a.neg(v) if c == -1 else a.scale(c, v))
    return reduce(a.add, terms)


def pieces(node: Node, x: list[Any], values: dict[int, Any], a: Any) -> list[tuple[Any, Any, Any]]:
    """The branches with the truth of their conditions."""
    return [(v, *truth(c, values, a)) for v, c in zip(x, node.data, strict=True)]
