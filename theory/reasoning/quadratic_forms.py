"""Quadratic forms in one vector h, with coefficients made of at most two other vectors.

.. math:: c_0\\|h\\|^2 + \\sum_{ij} c_{ij}\\langle h,b_i\\rangle\\langle h,b_j\\rangle \\ge 0
          \\ \\forall h \\iff c_0\\ge0 \\text{ and } \\begin{pmatrix} M_{11} & M_{12}\\\\
          M_{12} & M_{22}\\end{pmatrix}\\succeq 0

in the orthonormal frame of the plane of b_1 and b_2 (the first condition is needed from d = 3 on,
and implied by nothing less).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add, Dummy, Expr, Mul, Pow, S, exp, expand, log

from theory.reasoning.composites import depends
from theory.scalars import Dot, dot, norm
from theory.vectors import Vector, VectorExpr

ALPHA = Dummy("along", real=True)


@dataclass(frozen=True)
class QuadraticForm:
    """c0 ||h||^2 + the sum of c[i, j] <h, b_i><h, b_j> over i <= j."""

    c0: Expr
    c: dict[tuple[VectorExpr, VectorExpr], Expr]
    vectors: tuple[VectorExpr, ...]


def quadratic_form(e: Expr, h: Vector) -> QuadraticForm | None:
    """Read a scalar as a quadratic form in h, or None."""
    c0: Expr = S.Zero
    c: dict[tuple[VectorExpr, VectorExpr], Expr] = {}
    for term in Add.make_args(expand_outside(e)):
        factor = Mul(*(f for f in Mul.make_args(term) if not depends(f, h)))
        rest = Mul(*(f for f in Mul.make_args(term) if depends(f, h)))
        if rest == norm(h) ** 2:
            c0 += factor
            continue
        pair = _pair(rest, h)
        if pair is None:
            return None
        c[pair] = c.get(pair, S.Zero) + factor
    vectors = sorted({b for pair in c for b in pair}, key=str)
    return QuadraticForm(c0, c, tuple(vectors))


def expand_outside(e: Expr) -> Expr:
    """Multiply out everything but transcendental factors, which stay as they are."""
    powers = {p for p in e.atoms(Pow) if p.exp.is_negative and p.atoms(exp, log)}
    marks: dict[Expr, Expr] = {p: Dummy("p") for p in powers}
    inside = e.xreplace(marks)
    marks |= {f: Dummy("f") for f in inside.atoms(exp, log)}
    back = {m: f for f, m in marks.items()}
    return expand(inside.xreplace(marks)).xreplace(back)


def _pair(rest: Expr, h: Vector) -> tuple[VectorExpr, VectorExpr] | None:
    if rest.is_Pow and isinstance(rest.base, Dot) and rest.exp == 2:
        dots = [rest.base, rest.base]
    else:
        dots = list(Mul.make_args(rest))
    partners = [_partner(d, h) for d in dots]
    if len(partners) != 2 or None in partners:
        return None
    a, b = sorted(partners, key=str)
    return a, b  # type: ignore[return-value]


def _partner(d: Any, h: Vector) -> VectorExpr | None:
    if not isinstance(d, Dot) or h not in d.args:
        return None
    other = d.args[0] if d.args[1] == h else d.args[1]
    return None if depends(other, h) else other  # type: ignore[return-value]


def frame(vectors: tuple[VectorExpr, ...]) -> dict[Any, Any] | None:
    """<b_1, b_2> = ||b_1|| along, with |along| <= ||b_2||: coordinates of the plane."""
    if len(vectors) < 2:
        return {}
    if len(vectors) > 2:
        return None
    first, second = vectors
    return {dot(first, second): norm(first) * ALPHA}


def conditions(form: QuadraticForm) -> list[Expr]:
    """Expressions whose non-negativity makes the form non-negative, for every d."""
    if not form.vectors:
        return [form.c0]
    first = form.vectors[0]
    n = norm(first)
    pure = form.c.get((first, first), S.Zero)
    if len(form.vectors) == 1:
        return [form.c0, form.c0 + pure * n**2]
    across = norm(form.vectors[1]) ** 2 - ALPHA**2
    second = form.vectors[1]
    mixed, other = form.c.get((first, second), S.Zero), form.c.get((second, second), S.Zero)
    m11 = form.c0 + pure * n**2 + mixed * n * ALPHA + other * ALPHA**2
    m12 = (mixed * n + 2 * other * ALPHA) / 2  # times the component across
    m22 = form.c0 + other * across
    return [form.c0, m11, m22, m11 * m22 - m12**2 * across]
