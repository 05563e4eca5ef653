"""Matrices of R^{d x d} as canonical sums of rank-one and diagonal terms and products of maps.

.. math:: M = \\sum_k c_k\\, a_k b_k^\\top + \\sum_j g_j \\operatorname{diag}(w_j)
          + \\sum_i m_i\\, A_i B_i \\cdots

Closed under sums, products, transposes and products with vectors; enough for every Hessian here.
The maps A, B, ... are unknown linear maps (``theory.linear_maps``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Expr, S, Tuple

from theory.scalars import dot
from theory.vectors import VectorExpr, combine, hadamard, ones, scalar, vector

Entry = tuple[Expr, Basic]


class Outer(Basic):
    """a b^T for two atoms."""

    def _sympystr(self, printer: Any) -> str:
        return "outer({}, {})".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any) -> str:
        a, b = (printer._print(v) for v in self.args)
        return rf"{a}\,{b}^\top"


class Diag(Basic):
    """The diagonal matrix of an atom; diag(ones()) is the identity."""

    def _sympystr(self, printer: Any) -> str:
        return "identity()" if self.args[0] == ones() else f"diag({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        if self.args[0] == ones():
            return "I"
        return rf"\operatorname{{diag}}({printer._print(self.args[0])})"


class Word(Basic):
    """A product of unknown linear maps and diagonal matrices, applied from right to left."""

    def _sympystr(self, printer: Any) -> str:
        return "@".join(printer._print(m) for m in self.args)

    def _latex(self, printer: Any) -> str:
        return r"\,".join(printer._print(m) for m in self.args)


class MatrixSum(Basic):
    """A canonical sum of multiples of Outer, Diag and Word; build it with outer and diag."""

    def __new__(cls, *pairs: Any) -> MatrixSum:
        return collect((c, m) for c, m in pairs)

    def entries(self) -> tuple[Entry, ...]:
        """Pairs (coefficient, Outer, Diag or Word)."""
        return tuple((pair[0], pair[1]) for pair in self.args)  # type: ignore[index]

    def __add__(self, other: MatrixSum) -> MatrixSum:
        return collect((*self.entries(), *matrix(other, "sum of matrices").entries()))

    def __neg__(self) -> MatrixSum:
        return self * S.NegativeOne

    def __sub__(self, other: MatrixSum) -> MatrixSum:
        return self + (-matrix(other, "difference of matrices"))

    def __mul__(self, other: Any) -> MatrixSum:
        factor = scalar(other, "scalar multiple of a matrix")
        return collect((factor * c, m) for c, m in self.entries())

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> MatrixSum:
        return self * (S.One / scalar(other, "matrix / ..."))

    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, VectorExpr):
            return combine(t for c, m in self.entries() for t in (c * _apply(m, other)).terms())
        other = matrix(other, "product of matrices")
        return collect(
            (c * k * f, part)
            for c, m in self.entries()
            for k, n in other.entries()
            for f, part in _product(m, n)
        )

    @property
    def T(self) -> MatrixSum:
        """The transpose."""
        return collect((c, _transposed(m)) for c, m in self.entries())

    def _sympystr(self, printer: Any) -> str:
        if not self.args:
            return "0*identity()"
        parts = (f"({printer._print(c)})*{printer._print(m)}" for c, m in self.entries())
        return " + ".join(parts)

    def _latex(self, printer: Any) -> str:
        if not self.args:
            return "0"
        return " + ".join(
            rf"\left({printer._print(c)}\right) {printer._print(m)}" for c, m in self.entries()
        )


def matrix(value: Any, where: str) -> MatrixSum:
    """A matrix expression, or one sentence that says what was found instead."""
    if not isinstance(value, MatrixSum):
        raise TypeError(f"{where}: expected a matrix, got {value!r}")
    return value


def collect(entries: Iterable[Entry]) -> MatrixSum:
    """Collect equal basis matrices: the canonical form."""
    collected: dict[Basic, Expr] = {}
    for c, m in entries:
        for k, part in _expanded(m):
            collected[part] = collected.get(part, S.Zero) + c * k
    pairs = sorted((Tuple(c, m) for m, c in collected.items() if c != 0), key=lambda p: str(p[1]))
    return Basic.__new__(MatrixSum, *pairs)


def _expanded(m: Basic) -> tuple[Entry, ...]:
    """Outer and Diag of sums, as substitution can leave them, over their atoms."""
    if isinstance(m, Word):
        return ((S.One, m),)
    if all(len(a.terms()) == 1 and a.terms()[0][0] == 1 for a in m.args):  # type: ignore[attr-defined]
        return ((S.One, m),)
    return (outer(*m.args) if isinstance(m, Outer) else diag(*m.args)).entries()


def outer(u: Any, v: Any) -> MatrixSum:
    """u v^T, expanded over sums."""
    u, v = vector(u, "outer"), vector(v, "outer")
    return collect((c * k, Outer(a, b)) for c, a in u.terms() for k, b in v.terms())


def diag(v: Any) -> MatrixSum:
    """The diagonal matrix with entries v_i."""
    return collect((c, Diag(b)) for c, b in vector(v, "diag").terms())


def identity() -> MatrixSum:
    """The identity matrix of R^d."""
    return diag(ones())


def _apply(m: Basic, v: VectorExpr) -> VectorExpr:
    if isinstance(m, Word):
        for factor in reversed(m.args):
            v = _apply(factor, v) if isinstance(factor, Diag) else factor.image(v)  # type: ignore[attr-defined]
        return v
    a: Any = m.args[0]
    return dot(m.args[1], v) * a if isinstance(m, Outer) else hadamard(a, v)


def _transposed(m: Basic) -> Basic:
    if isinstance(m, Outer):
        return Outer(m.args[1], m.args[0])
    if isinstance(m, Word):
        return Word(*(f if isinstance(f, Diag) else f.T for f in reversed(m.args)))  # type: ignore[attr-defined]
    return m


def _product(m: Basic, n: Basic) -> tuple[Entry, ...]:
    if isinstance(m, Word) or isinstance(n, Word):
        return _word_product(m, n)
    if isinstance(m, Outer) and isinstance(n, Outer):
        return outer(dot(m.args[1], n.args[0]) * m.args[0], n.args[1]).entries()  # type: ignore[operator]
    if isinstance(m, Outer):
        return outer(m.args[0], hadamard(m.args[1], n.args[0])).entries()
    if isinstance(n, Outer):
        return outer(hadamard(m.args[0], n.args[0]), n.args[1]).entries()
    return diag(hadamard(m.args[0], n.args[0])).entries()


def _word_product(m: Basic, n: Basic) -> tuple[Entry, ...]:
    """A product with a Word: rank-one factors swallow it, the identity is left out."""
    if isinstance(n, Outer):
        return outer(_apply(m, n.args[0]), n.args[1]).entries()  # type: ignore[arg-type]
    if isinstance(m, Outer):
        return outer(m.args[0], _apply(_transposed(n), m.args[1])).entries()  # type: ignore[arg-type]
    factors = [f for part in (m, n) for f in (part.args if isinstance(part, Word) else (part,))]
    kept: list[Any] = []
    for f in factors:
        if f == Diag(ones()) or (kept and _absorbs(kept[-1], f)):
            continue
        while kept and _absorbs(f, kept[-1]):
            kept.pop()
        kept.append(f)
    return ((S.One, Word(*kept)),) if kept else identity().entries()


def _absorbs(a: Any, b: Any) -> bool:
    """Whether the product of two maps is the first alone."""
    return hasattr(a, "absorbs") and a.absorbs(b)
