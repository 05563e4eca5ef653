"""A claim in one dimension d, as a claim about its coordinates.

.. math:: \\theta\\in\\mathbb R^d \\to (\\theta_1,\\dots,\\theta_d), \\qquad
          \\text{in } d = 1\\text{: every norm is } |\\theta_1|.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Abs, And, Basic, Eq, S, Symbol, sign

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
    is_vector = isinstance(holds.f, VectorExpr)
    f = coordinates(holds.f, 1)[0] if is_vector else in_coordinates(holds.f, 1)
    if isinstance(holds, Lipschitz):
        constant = None if holds.constant is None else in_coordinates(holds.constant, 1)
        return type(holds)(f, wrt, constant)
    return type(holds)(f, wrt)


def by_signs(claim: Claim) -> list[tuple[str, Claim]]:
    """A relation on the line, split by the signs of what stands in absolute values."""
    if not isinstance(claim.holds, Basic):
        return [("", claim)]
    inside = {v for o in (claim.holds, *claim.given) for a in o.atoms(Abs, sign) for v in a.args}
    moving = sorted((v for v in inside if isinstance(v, Symbol)), key=str)
    cases: list[dict[Any, Any]] = [{}]
    for v in moving[:4]:
        size = Symbol(v.name.replace("[1]", ""), positive=True)  # theta, for its one component
        cases = [{**case, v: side} for case in cases for side in (size, -size, S.Zero)]
    parts = [(case, _substituted(claim, case)) for case in cases]
    return [
        ("".join(f", {v} = {s}" for v, s in case.items()), part)
        for case, part in parts
        if not any(g is S.false for g in part.given)
    ]


def _substituted(claim: Claim, case: dict[Any, Any]) -> Claim:
    return replace(
        claim,
        holds=claim.holds.xreplace(case),
        given=[g.xreplace(case) for g in claim.given],
        lemmas=[g.xreplace(case) for g in claim.lemmas],
    )
