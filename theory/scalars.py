"""Scalars made of vectors: p-norms and inner products, opaque to SymPy, canonical by themselves.

.. math:: \\|c\\,v\\|_p = |c|\\,\\|v\\|_p, \\qquad
          \\langle \\textstyle\\sum c_i a_i, \\sum k_j b_j\\rangle
          = \\sum c_i k_j \\langle a_i, b_j\\rangle.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Basic, Expr, Rational, S, Symbol, oo, sympify

from theory.vectors import (
    AbsPower,
    Hadamard,
    Label,
    Ones,
    Peak,
    Sign,
    Signs,
    Vector,
    VectorExpr,
    factors,
    hadamard,
    is_zero,
    ones,
    split,
    vector,
)


def exponent(p: Any, where: str = "norm") -> Expr:
    """A number p in [1, oo] as an exact SymPy number."""
    value = Rational(str(p)) if isinstance(p, float) and p == p and abs(p) != float("inf") else p
    try:
        value = sympify(value, strict=True)
    except (TypeError, ValueError):
        value = S.NaN
    if not (value == oo or (value.is_number and value.is_real and (value - 1).is_nonnegative)):
        raise ValueError(f"{where}: expected p to be a number >= 1 or oo, got p = {p!r}")
    return value


class VectorScalar(Expr):
    """A real scalar built from vectors; SymPy treats it as an atom."""

    is_commutative = True
    is_extended_real = True
    is_real = True
    is_finite = True

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        from theory.calculus import scalar_derivative

        return scalar_derivative(self, symbol)


class Norm(VectorScalar):
    """||v||_p for a number p in [1, oo]."""

    is_nonnegative = True
    is_extended_nonnegative = True
    is_negative = False
    is_extended_negative = False

    def __new__(cls, v: Any, p: Any = 2) -> Expr:
        v, p = vector(v, "norm"), exponent(p)
        if is_zero(v):
            return S.Zero
        if (pair := split(v)) is not None:
            return Abs(pair[0]) * _norm_of_atom(pair[1], p)
        if v.terms()[0][0].could_extract_minus_sign():
            v = -v
        return Basic.__new__(cls, v, p)

    @property
    def vector(self) -> VectorExpr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def p(self) -> Expr:
        return self.args[1]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        text = printer._print(self.vector)
        return f"norm({text})" if self.p == 2 else f"norm({text}, {self.p})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\left\|{printer._print(self.vector)}\right\|_{{{printer._print(self.p)}}}"
        return text if exp is None else rf"{text}^{{{exp}}}"


def _norm_of_atom(b: VectorExpr, p: Expr) -> Expr:
    """Strip signs, which no norm sees, and read off powers: || |v|^r ||_p = ||v||_{rp}^r."""
    stripped = _without_signs(b)
    if isinstance(stripped, Ones):
        if p == oo:
            return S.One
        root = Basic.__new__(Norm, ones(), S(2))
        return root ** (2 / p)
    if isinstance(stripped, AbsPower):
        r = stripped.exponent
        if r.is_positive and (p == oo or (r * p - 1).is_nonnegative):
            return Norm(stripped.inner, oo if p == oo else r * p) ** r
    return Basic.__new__(Norm, stripped, p)


def _without_signs(b: VectorExpr) -> VectorExpr:
    if isinstance(b, Sign):
        return Basic.__new__(AbsPower, b.inner, S.Zero)
    if not isinstance(b, Hadamard):
        return ones() if isinstance(b, Signs) else b
    kept = [
        f
        for f in b.args
        if not isinstance(f, Signs)
        and not (isinstance(f, Sign) and any(_same_base(f, g) for g in b.args))
    ]
    result: VectorExpr = ones()
    for f in kept:
        result = hadamard(result, f)
    return result


def _same_base(f: VectorExpr, g: Any) -> bool:
    return isinstance(g, AbsPower) and g.inner == f.args[0] and g.exponent.is_positive is True


class Dot(VectorScalar):
    """<u, v>, expanded over sums; <v, v> is ||v||_2^2."""

    def __new__(cls, u: Any, v: Any) -> Expr:
        u, v = vector(u, "dot"), vector(v, "dot")
        return sum(
            (c * k * _dot_of_atoms(a, b) for c, a in u.terms() for k, b in v.terms()), S.Zero
        )

    def _sympystr(self, printer: Any) -> str:
        return "dot({}, {})".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        inner = ", ".join(printer._print(a) for a in self.args)
        text = rf"\left\langle {inner} \right\rangle"
        return text if exp is None else rf"{text}^{{{exp}}}"


def _dot_of_atoms(a: VectorExpr, b: VectorExpr) -> Expr:
    """The sum of the componentwise products, as a norm where it is one."""
    if a == b and not isinstance(a, Signs | Ones | Sign | AbsPower | Hadamard):
        return Norm(a, 2) ** 2
    if Peak in (type(a), type(b)):
        peak, other = (a, b) if isinstance(a, Peak) else (b, a)
        if peak.args[0] == other:
            return Norm(other, oo)
    (_, monomial) = split(hadamard(a, b))  # type: ignore[misc]
    if isinstance(monomial, Ones):
        return Norm(ones()) ** 2
    if isinstance(monomial, AbsPower) and (monomial.exponent - 1).is_nonnegative:
        return Norm(monomial.inner, monomial.exponent) ** monomial.exponent
    parts = factors(monomial)
    if len(parts) == 1:
        pair: tuple[Any, ...] = (ones(), parts[0])
    else:
        rest = parts[1] if len(parts) == 2 else Basic.__new__(Hadamard, *parts[1:])
        pair = (parts[0], rest)
    return Basic.__new__(Dot, *sorted(pair, key=str))


def norm(v: Any, p: Any = 2) -> Expr:
    """The p-norm of a vector; |v| of a scalar is refused.

    >>> from theory.vectors import Vector
    >>> norm(-3 * Vector("theta"))
    3*norm(theta)
    """
    return Norm(v, p)


def dot(u: Any, v: Any) -> Expr:
    """The inner product <u, v>.

    >>> from theory.vectors import Vector, sign
    >>> dot(Vector("theta"), sign(Vector("theta")))
    norm(theta, 1)
    """
    return Dot(u, v)


def variables(*objects: Any) -> tuple[Basic, ...]:
    """Every vector variable and scalar symbol in the objects, sorted by name."""
    found: set[Basic] = set()
    for obj in objects:
        if isinstance(obj, Basic):
            found |= obj.atoms(Symbol) | obj.atoms(Vector)
    return tuple(sorted(found, key=lambda v: (str(v), isinstance(v, Label))))
