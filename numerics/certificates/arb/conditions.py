"""Conditions on a tape: Booleans of the signs of slots.

.. math:: a \\le b \\mapsto (\\text{"ge"}, b - a), \\qquad
          s \\odot v > 0 \\mapsto \\textstyle\\bigwedge_i (\\text{"gt"}, s_i v_i)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from numerics.certificates.arb.syntax import RELATIONS, Node
from numerics.certificates.arb.tape import ZERO, Condition

if TYPE_CHECKING:
    from numerics.certificates.arb.language import Compiler


def _truth(compiler: Compiler, node: Node) -> Condition:
    return ("truth", node.data)


def _relation(compiler: Compiler, node: Node) -> Condition:
    a, b = (compiler.scalar(side) for side in node.args)
    return compiler.tape.relation(RELATIONS[node.op], a, b)


def _joined(compiler: Compiler, node: Node) -> Condition:
    return (node.op.lower(), tuple(compiler.condition(a) for a in node.args))


def _not(compiler: Compiler, node: Node) -> Condition:
    return ("not", (compiler.condition(node.args[0]),))


def _in_orthant(compiler: Compiler, node: Node) -> Condition:
    v, s = (compiler.vector(a) for a in node.args)
    products = [compiler.tape.product(pair) for pair in zip(v, s, strict=True)]
    nothing = compiler.tape.const(ZERO)
    return ("and", tuple(compiler.tape.relation("gt", a, nothing) for a in products))


def _zero_component(compiler: Compiler, node: Node) -> Condition:
    nothing = compiler.tape.const(ZERO)
    parts = [compiler.tape.relation("eq", c, nothing) for c in compiler.vector(node.args[0])]
    return ("or", tuple(parts))


def _tied_peak(compiler: Compiler, node: Node) -> Condition:
    sizes = [compiler.tape.absolute(c) for c in compiler.vector(node.args[0])]
    top = compiler.tape.maximum(sizes)
    parts = [compiler.tape.relation("eq", top, compiler.tape.const(ZERO))]
    highest = [compiler.tape.relation("eq", s, top) for s in sizes]
    for k, a in enumerate(highest):
        parts += [("and", (a, b)) for b in highest[k + 1 :]]
    return ("or", tuple(parts))


CONDITIONS: dict[str, Callable[[Compiler, Node], Condition]] = {
    "truth": _truth,
    **{name: _relation for name in RELATIONS},
    "And": _joined,
    "Or": _joined,
    "Not": _not,
    "InOrthant": _in_orthant,
    "ZeroComponent": _zero_component,
    "TiedPeak": _tied_peak,
}
