"""A claim in one dimension d, as a claim about its coordinates.

.. math:: \\theta\\in\\mathbb R^d \\to (\\theta_1,\\dots,\\theta_d), \\qquad
          \\text{in } d = 1\\text{: every norm is } |\\theta_1|.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Abs, And, Basic, Eq, S, Symbol, sign

from theory.claims import Claim
from theory.coordinates import (
    Coordinate,
    coordinate,
    coordinates,
    in_coordinates,
    matrix_coordinates,
)
from theory.matrices import MatrixSum
from theory.reasoning.composites import depends
from theory.reasoning.entailment import entailed
from theory.scalars import variables
from theory.statements import Convex, Differentiable, Equal, Lipschitz, Smooth, substitute
from theory.vectors import Label, Vector, VectorExpr


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


def by_signs(claim: Claim, deadline: float | None = None) -> list[tuple[str, Claim]]:
    """A relation on the line, split by the signs of what stands in absolute values."""
    if not isinstance(claim.holds, Basic):
        return _by_sides(claim, deadline) or [("", claim)]
    inside = {v for o in (claim.holds, *claim.given) for a in o.atoms(Abs, sign) for v in a.args}
    moving = sorted((v for v in inside if isinstance(v, Symbol)), key=str)
    return _possible(claim, _signs_of(moving[:4]))


def _signs_of(symbols: list[Any]) -> list[dict[Any, Any]]:
    """v = size, -size or 0, for each of the symbols; labels are -1 or 1."""
    cases: list[dict[Any, Any]] = [{}]
    for v in symbols:
        size = Symbol(v.name.replace("[1]", ""), positive=True)  # theta, for its one component
        sides = (S.One, S.NegativeOne) if isinstance(v, Label) else (size, -size, S.Zero)
        cases = [{**case, v: side} for case in cases for side in sides]
    return cases


def _possible(claim: Claim, cases: list[dict[Any, Any]]) -> list[tuple[str, Claim]]:
    """The claim in each case that does not make a hypothesis false."""
    parts = [(case, _substituted(claim, case)) for case in cases]
    return [
        ("".join(f", {v} = {s}" for v, s in case.items()), part)
        for case, part in parts
        if not any(g is S.false for g in part.given)
    ]


def _by_sides(claim: Claim, deadline: float | None) -> list[tuple[str, Claim]] | None:
    """A statement on the line whose domain keeps the variable, or each segment, on one side of 0.

    A Lipschitz statement is about pairs, so all of the domain must lie on one side.
    """
    holds: Any = claim.holds
    about = [v for g in claim.given if depends(g, holds.wrt) for v in variables(g)]
    if not isinstance(holds.wrt, Coordinate) or not about:
        return None
    others = {v for v in about if v != holds.wrt and isinstance(v, Coordinate | Label)}
    parts: list[tuple[str, Claim]] = []
    for note, part in _possible(claim, _signs_of(sorted(others, key=str)[:3])):
        sides = _sides(part, deadline)
        if not sides:
            return None
        parts += [(f"{note}, {holds.wrt} of sign {s}", _mirrored(part, s)) for s in sides]
    return parts


def _sides(claim: Claim, deadline: float | None) -> list[int]:
    """The signs that the variable can have, where each can be treated alone; else none."""
    given, wrt = list(claim.given), claim.holds.wrt
    for side in (1, -1):
        if entailed(given, side * wrt > 0, deadline) is not None:
            return [side]
    local = isinstance(claim.holds, Differentiable)  # Convex too: on every segment
    return [1, -1] if local and entailed(given, Abs(wrt) > 0, deadline) is not None else []


def _mirrored(claim: Claim, side: int) -> Claim:
    """The claim about t = side * wrt > 0; distances and segments stay what they are."""
    holds: Any = claim.holds
    size = Symbol(holds.wrt.name.replace("[1]", ""), positive=True)
    rule = {holds.wrt: side * size}
    rest = (holds.constant,) if isinstance(holds, Lipschitz) else ()
    return replace(
        claim,
        holds=type(holds)(holds.f.xreplace(rule), size, *rest),
        given=[h for g in claim.given if (h := g.xreplace(rule)) is not S.true],
        lemmas=[g.xreplace(rule) for g in claim.lemmas],
    )


def _substituted(claim: Claim, case: dict[Any, Any]) -> Claim:
    return replace(
        claim,
        holds=substitute(claim.holds, case),
        given=[g.xreplace(case) for g in claim.given],
        lemmas=[g.xreplace(case) for g in claim.lemmas],
    )
