"""Statements that see only inner products: a few coordinates stand for every dimension.

.. math:: v_j = (v_{j1}, \\dots, v_{jj}, 0, \\dots, 0), \\quad v_{jj} \\ge 0
          \\qquad (j = 1, \\dots, k) \\quad\\text{after a rotation (QR).}

k vectors span at most k dimensions, so a relation in dimension k covers every d.  A derivative
keeps that span and is a scalar off it, so k + 1 dimensions show all of it.
"""

from __future__ import annotations

from flint import fmpq

from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.statement import PAIRS, Statement
from numerics.certificates.arb.syntax import SCALAR, VECTOR, Node, nodes

_ALLOWED = frozenset(("vector", "VectorSum", "Unit"))
_FORBIDDEN = frozenset(("InOrthant", "ZeroComponent", "TiedPeak", "PeakSlope"))


def vector_operations(statement: Statement) -> bool:
    """Whether the dimension can matter at all."""
    found = nodes(*statement.roots)
    return any(n.sort == VECTOR or n.op in _FORBIDDEN or n.op == "Norm" for n in found)


def check_invariant(statement: Statement) -> None:
    """Refuse whatever a rotation of all vectors could change."""
    for node in nodes(*statement.roots):
        if not _invariant(node):
            raise Rejected(f"the operation {node.op} is not invariant under rotations")


def _invariant(node: Node) -> bool:
    if node.op == "Norm":
        return node.args[1].data == fmpq(2)
    if node.sort == VECTOR:
        return node.op in _ALLOWED
    return node.op not in _FORBIDDEN and node.sort != "matrix"


def reduced_dimension(statement: Statement) -> int:
    """The dimension that stands for all of them."""
    k = len(statement.named("vector"))
    wrt = statement.parts.get("wrt")
    derivative = statement.kind in PAIRS and wrt is not None and wrt.sort != SCALAR
    return max(k + 1 if derivative else k, 1)


def free_coordinates(statement: Statement, rotated: bool, dimension: int) -> dict[str, int]:
    """How many leading coordinates of each vector vary."""
    names = statement.named("vector")
    return {n: j + 1 if rotated else dimension for j, n in enumerate(names)}
