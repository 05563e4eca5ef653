"""A claim in one dimension d, as a claim about its coordinates.

.. math:: \\theta\\in\\mathbb R^d \\to (\\theta_1,\\dots,\\theta_d), \\qquad
          \\text{in } d = 1\\text{: every norm is } |\\theta_1|.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import And, Basic, Eq

from theory.claims import Claim
from theory.coordinates import coordinate, coordinates, in_coordinates, matrix_coordinates
from theory.matrices import MatrixSum
from theory.statements import Convex, Differentiable, Equal, Lipschitz, Smooth
from theory.vectors import Vector, VectorExpr


def in_dimension(claim: Claim, d: int) -> Claim | None:
    """The scalar claim, or None for statements that have no scalar form in d."""
    holds = _statement(claim.holds, d)
    if holds is None:
        return None
    given = [in_coordinates(g, d) for g in claim.given]
    lemmas = [in_coordinates(g, d) for g in claim.lemmas]
    return replace(
        claim, holds=holds, given=given, lemmas=lemmas, dimensions=None, mutants=(), about=()
    )


def _statement(holds: Any, d: int) -> Any:
    if isinstance(holds, Basic):
        return in_coordinates(holds, d)
    if isinstance(holds, Equal):
        pairs = zip(_entries(holds.left, d), _entries(holds.right, d), strict=True)
        return And(*(Eq(a, b) for a, b in pairs))
    if d == 1 and isinstance(holds, Lipschitz | Smooth | Differentiable | Convex):
        return _on_the_line(holds)
    return None


def _entries(side: Any, d: int) -> list[Any]:
    if isinstance(side, MatrixSum):
        return [e for row in matrix_coordinates(side, d) for e in row]
    return list(coordinates(side, d))


def _on_the_line(holds: Any) -> Any:
    wrt = coordinate(holds.wrt, 0) if isinstance(holds.wrt, Vector) else holds.wrt
    f = coordinates(holds.f, 1)[0] if isinstance(holds.f, VectorExpr) else in_coordinates(holds.f, 1)
    if isinstance(holds, Lipschitz):
        constant = None if holds.constant is None else in_coordinates(holds.constant, 1)
        return type(holds)(f, wrt, constant)
    return type(holds)(f, wrt)
