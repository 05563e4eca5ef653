r"""Unknown linear maps of R^d: known by their images, their transposes and their bounds.

.. math:: \langle A u, v\rangle = \langle u, A^\top v\rangle, \qquad
          w = (P M P)^+ v \iff P w = w,\; P M w = P v

``linear_map("C")`` is a matrix expression like every other: it is added, multiplied, transposed
and applied with ``@``.  No argument about it uses the dimension, so one about R^d -> R^d also
speaks of maps between two different spaces.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, S
from sympy.core.symbol import Str

from theory.matrices import MatrixSum, Word, collect, identity, matrix
from theory.scalars import VectorScalar
from theory.vectors import VectorExpr, _checked_name, combine, is_zero, vector

KINDS = ("general", "symmetric", "projection")


class LinearMap(Basic):
    """A factor of a Word."""

    @property
    def symmetric(self) -> bool:
        """Whether the map is its own transpose."""
        return False

    @property
    def idempotent(self) -> bool:
        """Whether the map applied twice is the map."""
        return False

    def absorbs(self, other: Basic) -> bool:
        """Whether the product with the other map, on either side, is this map alone."""
        return self.idempotent and self == other

    @property
    def T(self) -> LinearMap:
        """The transpose."""
        return self if self.symmetric else Transposed(self)

    def image(self, v: VectorExpr) -> VectorExpr:
        """The image of v, by linearity a combination of images of atoms."""
        return Image(self, v)

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{{printer.emptyPrinter(self)}}}"


class NamedMap(LinearMap):
    """An unknown map with a name."""

    def __new__(cls, name: Any, kind: Any = "general") -> NamedMap:
        text, kind = _checked_name(name, "linear_map"), str(kind)
        if kind not in KINDS:
            raise ValueError(f"linear_map({text!r}): expected kind in {KINDS}, got {kind!r}")
        return Basic.__new__(cls, Str(text), Str(kind))

    @property
    def kind(self) -> str:
        return str(self.args[1])

    @property
    def symmetric(self) -> bool:
        return self.kind != "general"

    @property
    def idempotent(self) -> bool:
        return self.kind == "projection"

    def image(self, v: VectorExpr) -> VectorExpr:
        """P P v = P v for a projection."""
        if not self.idempotent:
            return Image(self, v)
        return combine((c, b if _lies_in(b, self) else Image(self, b)) for c, b in v.terms())

    def _sympystr(self, printer: Any) -> str:
        return str(self.args[0])

    def _latex(self, printer: Any) -> str:
        return str(self.args[0])


class Transposed(LinearMap):
    """The transpose of a map that is not symmetric."""

    @property
    def T(self) -> LinearMap:
        return self.args[0]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}.T"

    def _latex(self, printer: Any) -> str:
        return rf"{printer._print(self.args[0])}^\top"


class Off(LinearMap):
    """The projection I - v v^T/<v, v> beside a vector; the identity for v = 0."""

    @property
    def symmetric(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True

    def image(self, v: VectorExpr) -> VectorExpr:
        """The vector itself goes to 0, what lies beside it stays."""
        return combine(
            (c, b if _lies_in(b, self) else Image(self, b))
            for c, b in v.terms()
            if b != self.args[0]
        )

    def _sympystr(self, printer: Any) -> str:
        return f"off({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        return rf"P_{{{printer._print(self.args[0])}^\perp}}"


class InverseOn(LinearMap):
    """(P M P)^+ for a symmetric M that is definite on the range of the projection P."""

    def __new__(cls, m: Any, p: Any) -> InverseOn:
        m, p = matrix(m, "inverse_on: M"), matrix(p, "inverse_on: P")
        if m != m.T or p != p.T or p @ p != p:
            raise ValueError("inverse_on: expected a symmetric M and a projection P")
        return Basic.__new__(cls, m, p)

    @property
    def symmetric(self) -> bool:
        return True

    def absorbs(self, other: Basic) -> bool:
        """(P M P)^+ P = (P M P)^+ = P (P M P)^+."""
        return isinstance(other, LinearMap) and as_matrix(other) == self.args[1]

    def image(self, v: VectorExpr) -> VectorExpr:
        """The image of v and of P v are the same."""
        parts = (
            (c, b.inner if isinstance(b, Image) and self.absorbs(b.map) else b)
            for c, b in v.terms()
        )
        p: Any = self.args[1]
        return combine((c, Image(self, b)) for c, b in parts if not is_zero(p @ b))

    def _sympystr(self, printer: Any) -> str:
        m, p = (printer._print(a) for a in self.args)
        return f"inverse({m})" if self.args[1] == identity() else f"inverse_on({m}, {p})"

    def _latex(self, printer: Any) -> str:
        m, p = (printer._print(a) for a in self.args)
        if self.args[1] == identity():
            return rf"\left({m}\right)^{{-1}}"
        return rf"\left[{p}\left({m}\right){p}\right]^+"


def _lies_in(b: VectorExpr, p: LinearMap) -> bool:
    """Whether an atom is an image under the projection p, or an inverse on its range."""
    if not isinstance(b, Image):
        return False
    return b.map == p or (isinstance(b.map, InverseOn) and b.map.args[1] == as_matrix(p))


class Image(VectorExpr):
    """A v for an unknown map A and an atom v."""

    def __new__(cls, m: LinearMap, v: Any) -> VectorExpr:
        v = vector(v, "image")
        if is_zero(v):
            return v
        terms = v.terms()
        if len(terms) > 1 or terms[0][0] != 1:
            return (
                m.image(v)
                if type(m).image is not LinearMap.image
                else combine((c, Basic.__new__(cls, m, b)) for c, b in terms)
            )
        return Basic.__new__(cls, m, v)

    @property
    def map(self) -> LinearMap:
        return self.args[0]  # type: ignore[return-value]

    @property
    def inner(self) -> VectorExpr:
        return self.args[1]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        return "{}({})".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any) -> str:
        return r"{}\left({}\right)".format(*(printer._print(a) for a in self.args))


class OperatorNorm(VectorScalar):
    """||A||, the largest ||A v|| over unit vectors v."""

    is_nonnegative = True
    is_extended_nonnegative = True

    def __new__(cls, m: Any) -> Expr:
        m = matrix(m, "operator_norm")
        if not m.args:
            return S.Zero
        return Basic.__new__(cls, m)

    def _sympystr(self, printer: Any) -> str:
        return f"operator_norm({printer._print(self.args[0])})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\left\|{printer._print(self.args[0])}\right\|"
        return text if exp is None else rf"{text}^{{{exp}}}"


def as_matrix(m: LinearMap) -> MatrixSum:
    """The map as a matrix expression."""
    return collect(((S.One, Word(m)),))


def linear_map(name: str, kind: str = "general") -> MatrixSum:
    """An unknown d x d matrix: "general", "symmetric" or "projection" (P = P^T = P P).

    >>> C, H = linear_map("C"), linear_map("H", "symmetric")
    >>> C.T @ H @ C
    (1)*C.T@H@C
    """
    return as_matrix(NamedMap(name, kind))


def inverse_on(m: MatrixSum, p: MatrixSum) -> MatrixSum:
    """(P M P)^+: the inverse of M compressed to the range of the projection P, 0 beside it.

    It exists where M is definite on that range, which the claim has to assume.
    """
    return as_matrix(InverseOn(m, p))


def inverse(m: MatrixSum) -> MatrixSum:
    """The inverse of a symmetric definite matrix.

    >>> H = linear_map("H", "symmetric")
    >>> inverse(-H).T == inverse(-H)
    True
    """
    return inverse_on(m, identity())


def off(v: VectorExpr) -> MatrixSum:
    """The projection beside a vector.

    >>> from theory.vectors import Vector
    >>> off(Vector("u")) @ (Vector("u") + Vector("w"))
    off(u)(w)
    """
    return as_matrix(Off(vector(v, "off")))


def operator_norm(m: MatrixSum) -> Expr:
    """The Euclidean operator norm, a scalar."""
    return OperatorNorm(m)
