r"""The Jacobian of a maximiser from its differentiated optimality system.

.. math:: (I-P)D = 0, \quad P M D = P B, \quad P M P \succeq c P,\ c > 0
          \quad\Rightarrow\quad D = (P M P)^+ P B

for D = D delta*(theta): a linear system, solved by the algebra of words.  P is the identity for an
interior maximiser, off(delta*) on a sphere, the free coordinates on a face of a box.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Basic, S, Tuple

from theory.general.inner_maximum import Slope
from theory.linear_maps import Image, InverseOn, LinearMap, as_matrix
from theory.loewner_order import LoewnerLe
from theory.matrices import MatrixSum, Word, identity
from theory.statements import Equal, parts
from theory.vectors import VectorExpr, is_zero


def with_map(obj: Any, old: LinearMap, new: MatrixSum) -> Any:
    """An expression with an unknown map replaced by a matrix expression."""
    if isinstance(obj, MatrixSum):
        total: MatrixSum = identity() * 0
        for c, m in obj.entries():
            total = total + with_map(c, old, new) * _entry(m, old, new)
        return total
    if isinstance(obj, Image) and obj.map in (old, old.T):
        return (new if obj.map == old else new.T) @ with_map(obj.inner, old, new)
    if not isinstance(obj, Basic) or not obj.args or not obj.has(old, old.T):
        return obj
    return obj.func(*(with_map(a, old, new) for a in obj.args))


def _entry(m: Basic, old: LinearMap, new: MatrixSum) -> MatrixSum:
    if not isinstance(m, Word):
        inner = m.func(*(with_map(a, old, new) for a in m.args))
        return MatrixSum(Tuple(S.One, inner))
    product = identity()
    for f in m.args:
        factor = {old: new, old.T: new.T}.get(f)  # type: ignore[call-overload]
        product = product @ (factor if factor is not None else MatrixSum(Tuple(S.One, Word(f))))
    return product


def solved(claim: Any) -> Iterator[tuple[LinearMap, MatrixSum, list[str]]]:
    """(D, its formula, the argument) for every Jacobian that the hypotheses determine."""
    stated = [p for s in (claim.holds, *claim.given) for p in parts(s) if isinstance(p, Basic)]
    slopes = sorted({m for p in stated for m in p.atoms(Slope)}, key=str)
    inverses = sorted({m for p in stated for m in p.atoms(InverseOn)}, key=str)
    for d in slopes:
        for inverse in inverses:
            found = _solution(d, inverse, claim.given)
            if found is not None:
                yield d, found[0], found[1]
                break


def _solution(d: LinearMap, inverse: InverseOn, given: Any) -> tuple[MatrixSum, list[str]] | None:
    m, p = inverse.args
    where = _definite(m, p, given)
    if where is None or not _stays(d, p, given):
        return None
    for equation in _equations(d, given):
        for sign in (1, -1):
            rest = p @ (m @ as_matrix(d) + sign * equation)  # type: ignore[operator]
            rest = _in_range(rest, d, p)
            if not rest.atoms(Slope):
                formula = as_matrix(inverse) @ rest
                steps = [
                    f"differentiated: {equation} = 0",
                    f"{where}: {m} can be inverted on the range of {p}",
                    f"{as_matrix(d)} stays there, so it is {formula}",
                ]
                return formula, steps
    return None


def _definite(m: Any, p: Any, given: Any) -> LoewnerLe | None:
    """A hypothesis c P <= P M P, or c I <= M, with c > 0."""
    for h in given:
        if isinstance(h, LoewnerLe):
            for c, part in h.left.entries():
                bounded = h.left == c * p or h.left == c * identity()
                above = h.right in (m, p @ m @ p)
                if bounded and above and c.is_positive and len(h.left.entries()) == 1 and part:
                    return h
    return None


def _stays(d: LinearMap, p: Any, given: Any) -> bool:
    """Whether the hypotheses say P D = D."""
    if p == identity():
        return True
    beside = as_matrix(d) - p @ as_matrix(d)
    for h in given:
        if isinstance(h, Equal):
            difference = h.left - h.right
            if isinstance(difference, MatrixSum) and difference in (beside, -beside):
                return True
            if isinstance(difference, VectorExpr) and _says_beside(difference, d, p):
                return True
    return False


def _says_beside(difference: VectorExpr, d: LinearMap, p: Any) -> bool:
    """D^T v = 0 for the vector v that P leaves out."""
    terms = difference.terms()
    if len(terms) != 1 or terms[0][0].is_nonzero is not True:
        return False
    image = terms[0][1]
    return isinstance(image, Image) and image.map == d.T and is_zero(p @ image.inner)


def _equations(d: LinearMap, given: Any) -> Iterator[MatrixSum]:
    for h in given:
        if isinstance(h, Equal) and isinstance(h.left, MatrixSum):
            difference = h.left - h.right
            if difference.has(d):
                yield difference


def _in_range(matrix: MatrixSum, d: LinearMap, p: Any) -> MatrixSum:
    """With P D for D, so that products of D with P on its left cancel."""
    if p == identity():
        return matrix
    return with_map(matrix, d, p @ as_matrix(d))
