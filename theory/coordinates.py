"""Any statement in one dimension d: vectors become lists of plain SymPy scalars.

.. math:: \\theta \\mapsto (\\theta_1, \\dots, \\theta_d), \\qquad
          \\|v\\|_p \\mapsto (\\textstyle\\sum_i |v_i|^p)^{1/p}.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Abs, And, Basic, Eq, Expr, Max, Piecewise, S, Symbol, oo, sqrt
from sympy import sign as scalar_sign

from theory.hypotheses import InOrthant
from theory.matrices import Diag, MatrixSum
from theory.scalars import Dot, Norm, VectorScalar
from theory.vectors import (
    AbsPower,
    Hadamard,
    Label,
    Ones,
    Peak,
    Sign,
    Signs,
    Unit,
    Vector,
    VectorExpr,
)


def coordinate(v: Vector, i: int) -> Symbol:
    """The i-th component (from 0) of a vector variable, printed from 1: ``theta[1]``."""
    name = f"{v.name}[{i + 1}]"
    if isinstance(v, Signs):
        return SignCoordinate(name)
    return Coordinate(name)


class Coordinate(Symbol):
    """A component of a vector: never equal to a symbol of the user, whatever its name."""

    def __new__(cls, name: str) -> Coordinate:
        return Symbol.__new__(cls, name, real=True)

    def __reduce__(self) -> Any:
        return (Coordinate, (self.name,))


class SignCoordinate(Label):
    """A component of a vector of signs."""

    def __new__(cls, name: str) -> SignCoordinate:
        return Symbol.__new__(cls, name, integer=True, nonzero=True)

    def __reduce__(self) -> Any:
        return (SignCoordinate, (self.name,))


@lru_cache(maxsize=4096)
def coordinates(v: VectorExpr, d: int) -> tuple[Expr, ...]:
    """The d components of a vector expression as scalars in coordinate symbols."""
    if isinstance(v, Vector):
        return tuple(coordinate(v, i) for i in range(d))
    if isinstance(v, Ones):
        return (S.One,) * d
    if isinstance(v, Hadamard):
        return tuple(
            _product(parts) for parts in zip(*(coordinates(f, d) for f in v.args), strict=True)
        )
    if isinstance(v, Sign | AbsPower | Unit | Peak):
        return _ATOMS[type(v)](v, coordinates(v.inner, d))
    rows = [(in_coordinates(c, d), coordinates(b, d)) for c, b in v.terms()]
    return tuple(sum((c * b[i] for c, b in rows), S.Zero) for i in range(d))


def _product(parts: tuple[Expr, ...]) -> Expr:
    result: Expr = S.One
    for p in parts:
        result *= p
    return result


def _power(v: Any, inner: tuple[Expr, ...]) -> tuple[Expr, ...]:
    if v.exponent == 0:
        return tuple(Abs(scalar_sign(c)) for c in inner)
    return tuple(absolute_power(c, v.exponent) for c in inner)


def _peak(v: Any, inner: tuple[Expr, ...]) -> tuple[Expr, ...]:
    top = Max(*(Abs(c) for c in inner))
    ties = sum((Piecewise((1, Eq(Abs(c), top)), (0, True)) for c in inner), S.Zero)
    if len(inner) == 1:
        return (scalar_sign(inner[0]),)
    return tuple(Piecewise((scalar_sign(c) / ties, Eq(Abs(c), top)), (0, True)) for c in inner)


_ATOMS: dict[type, Any] = {
    Sign: lambda v, inner: tuple(scalar_sign(c) for c in inner),
    AbsPower: _power,
    Unit: lambda v, inner: tuple(c / p_norm(inner, S(2)) for c in inner),
    Peak: _peak,
}


def absolute_power(c: Expr, r: Expr) -> Expr:
    """|c|^r without an absolute value where r is even."""
    return c**r if r.is_even else Abs(c) ** r


def p_norm(components: tuple[Expr, ...], p: Expr) -> Expr:
    """||c||_p of explicit components."""
    if p == oo:
        return Max(*(Abs(c) for c in components))
    if len(components) == 1 or p == 1:
        return sum((Abs(c) for c in components), S.Zero)
    total = sum((absolute_power(c, p) for c in components), S.Zero)
    return sqrt(total) if p == 2 else total ** (1 / p)


@lru_cache(maxsize=4096)
def in_coordinates(obj: Any, d: int) -> Any:
    """A scalar expression or condition with every norm, dot and orthant written out."""
    if isinstance(obj, Norm):
        return p_norm(coordinates(obj.vector, d), obj.p)
    if isinstance(obj, Dot):
        u, v = (coordinates(a, d) for a in obj.args)  # type: ignore[arg-type]
        return sum((a * b for a, b in zip(u, v, strict=True)), S.Zero)
    if isinstance(obj, VectorScalar) and hasattr(obj, "at"):
        return obj.at(*(coordinates(a, d) for a in obj.args))
    if isinstance(obj, InOrthant):
        v, s = (coordinates(a, d) for a in obj.args)  # type: ignore[arg-type]
        return And(*(a * b > 0 for a, b in zip(v, s, strict=True)))
    if not isinstance(obj, Basic) or not obj.args or not obj.atoms(VectorScalar, InOrthant):
        return obj
    return obj.func(*(in_coordinates(a, d) for a in obj.args))


def matrix_coordinates(m: MatrixSum, d: int) -> tuple[tuple[Expr, ...], ...]:
    """The d x d entries of a matrix expression."""
    rows = [[S.Zero] * d for _ in range(d)]
    for c, part in m.entries():
        factor = in_coordinates(c, d)
        a = coordinates(part.args[0], d)  # type: ignore[arg-type]
        b = a if isinstance(part, Diag) else coordinates(part.args[1], d)  # type: ignore[arg-type]
        for i in range(d):
            for j in range(d):
                if isinstance(part, Diag):
                    rows[i][j] += factor * a[i] if i == j else S.Zero
                else:
                    rows[i][j] += factor * a[i] * b[j]
    return tuple(tuple(row) for row in rows)
