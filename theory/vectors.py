"""Vectors of R^d for every d: canonical linear combinations of componentwise atoms.

.. math:: v = \\sum_k c_k b_k,

where the c_k are SymPy scalars and the b_k atoms: a variable, a vector of signs, the all-ones
vector, a direction ``unit(v)``, or a componentwise monomial such as sign(v) or |v|^r.
Equal combinations are the same object, so ``theta + x - x == theta``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Abs, Basic, Expr, S, Symbol, Tuple, sympify
from sympy import sign as scalar_sign
from sympy.core.symbol import Str
from sympy.core.sympify import SympifyError

Term = tuple[Expr, "VectorExpr"]


class Label(Symbol):
    """A number of {-1, 1}: ``Label("y")**2`` is 1.

    >>> y = Label("y")
    >>> y**2, abs(y), 1 / y
    (1, 1, y)
    """

    def __new__(cls, name: str) -> Label:
        return Symbol.__new__(cls, _checked_name(name, "Label"), integer=True, nonzero=True)

    def _eval_power(self, exponent: Expr) -> Expr | None:
        if exponent.is_even:
            return S.One
        return self if exponent.is_odd else None

    def _eval_Abs(self) -> Expr:
        return S.One

    def __reduce__(self) -> Any:
        return (Label, (self.name,))


def _checked_name(name: Any, kind: str) -> str:
    text = name.name if isinstance(name, Str) else name
    if not isinstance(text, str) or not text.isidentifier():
        raise ValueError(f"{kind}({name!r}): expected a name such as 'theta'")
    return text


def scalar(value: Any, where: str) -> Expr:
    """A SymPy scalar, or one sentence that says what was found instead."""
    if isinstance(value, VectorExpr):
        raise TypeError(f"{where}: expected a scalar, got the vector {value}")
    try:
        result = sympify(value, strict=True)
    except SympifyError:
        result = None
    if not isinstance(result, Expr):
        raise TypeError(f"{where}: expected a scalar, got {value!r}")
    return result


def sign_of(c: Expr) -> Expr:
    """sign(c), with sign(y) = y for a label y."""
    result: Expr = S.One
    for f in c.as_ordered_factors():
        result *= f if isinstance(f, Label) else scalar_sign(f)
    return result


def vector(value: Any, where: str) -> VectorExpr:
    """A vector expression, or one sentence that says what was found instead."""
    if not isinstance(value, VectorExpr):
        raise TypeError(f"{where}: expected a vector, got {value!r}")
    return value


class VectorExpr(Basic):
    """Anything with d components; closed under sums and scalar multiples."""

    def terms(self) -> tuple[Term, ...]:
        """Pairs (coefficient, atom) whose combination is this vector."""
        return ((S.One, self),)

    def __add__(self, other: Any) -> VectorExpr:
        if not isinstance(other, VectorExpr):
            raise TypeError(f"{self} + {other!r}: expected a vector, got a scalar")
        return combine((*self.terms(), *other.terms()))

    def __radd__(self, other: Any) -> VectorExpr:
        raise TypeError(f"{other!r} + {self}: expected a vector, got a scalar")

    def __sub__(self, other: Any) -> VectorExpr:
        return self + (-vector(other, f"{self} - ..."))

    def __rsub__(self, other: Any) -> VectorExpr:
        raise TypeError(f"{other!r} - {self}: expected a vector, got a scalar")

    def __neg__(self) -> VectorExpr:
        return self * S.NegativeOne

    def __mul__(self, other: Any) -> VectorExpr:
        if isinstance(other, VectorExpr):
            raise TypeError(f"({self})*({other}): expected dot(u, v) or hadamard(u, v)")
        factor = scalar(other, f"scalar multiple of {self}")
        return combine((factor * c, b) for c, b in self.terms())

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> VectorExpr:
        return self * (S.One / scalar(other, f"{self} / ..."))

    def _refuse_order(self, other: Any) -> Any:
        raise TypeError(f"{self} is a vector and has no order: compare norms, dots or use Equal")

    __lt__ = __le__ = __gt__ = __ge__ = _refuse_order

    def __abs__(self) -> VectorExpr:
        return absolute(self)


class Vector(VectorExpr):
    """A vector variable of R^d."""

    def __new__(cls, name: Any) -> Vector:
        return Basic.__new__(cls, Str(_checked_name(name, cls.__name__)))

    @property
    def name(self) -> str:
        return str(self.args[0])

    def _sympystr(self, printer: Any) -> str:
        return self.name

    def _latex(self, printer: Any) -> str:
        return printer._print(Symbol(self.name))


class Signs(Vector):
    """A vector variable of {-1, 1}^d."""


class Ones(VectorExpr):
    """The all-ones vector; its squared norm is the dimension."""

    def _sympystr(self, printer: Any) -> str:
        return "ones()"

    def _latex(self, printer: Any) -> str:
        return r"\mathbf{1}"


class VectorSum(VectorExpr):
    """A canonical linear combination; build it with ``+`` and ``*``."""

    def __new__(cls, *pairs: Any) -> VectorExpr:
        return combine((c, b) for c, b in pairs)

    def terms(self) -> tuple[Term, ...]:
        return tuple((pair[0], pair[1]) for pair in self.args)  # type: ignore[index]

    def _sympystr(self, printer: Any) -> str:
        if not self.args:
            return "0*ones()"
        return " + ".join(_shown(printer, c, b, "*") for c, b in self.terms()).replace("+ -", "- ")

    def _latex(self, printer: Any) -> str:
        if not self.args:
            return r"\mathbf{0}"
        return " + ".join(_shown(printer, c, b, r" \, ") for c, b in self.terms()).replace(
            "+ -", "- "
        )


def _shown(printer: Any, c: Expr, b: VectorExpr, times: str) -> str:
    if c == 1:
        return printer._print(b)
    if c == -1:
        return "-" + printer._print(b)
    text = printer._print(c)
    return (f"({text})" if c.is_Add else text) + times + printer._print(b)


def combine(terms: Iterable[Term]) -> VectorExpr:
    """Collect equal atoms: the canonical form of a linear combination."""
    collected: dict[VectorExpr, Expr] = {}
    for c, b in terms:
        for inner, atom in b.terms():
            collected[atom] = collected.get(atom, S.Zero) + c * inner
    pairs = sorted(
        (Tuple(c, b) for b, c in collected.items() if c != 0), key=lambda pair: str(pair[1])
    )
    if len(pairs) == 1 and pairs[0][0] == 1:
        return pairs[0][1]
    return Basic.__new__(VectorSum, *pairs)


def zero() -> VectorExpr:
    """The zero vector."""
    return combine(())


def is_zero(v: VectorExpr) -> bool:
    """Whether the canonical form has no terms."""
    return isinstance(v, VectorSum) and not v.args


def split(v: VectorExpr) -> Term | None:
    """(c, b) when v = c*b is a multiple of one atom, else None."""
    terms = v.terms()
    return terms[0] if len(terms) == 1 else None


class _OfVector(VectorExpr):
    """An atom made of one vector."""

    word = ""
    macro = ""

    @property
    def inner(self) -> VectorExpr:
        return self.args[0]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.word}({printer._print(self.inner)})"

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{{self.macro or self.word}}}({printer._print(self.inner)})"


class Unit(_OfVector):
    """The direction v/||v||_2; undefined at v = 0."""

    word = "unit"

    def __new__(cls, v: Any) -> VectorExpr:
        return _scaled(cls, vector(v, "unit"), sign_of, keep_general=True)


class Sign(_OfVector):
    """Componentwise sign, with sign(0) = 0."""

    word = "sign"

    def __new__(cls, v: Any) -> VectorExpr:
        return _scaled(cls, vector(v, "sign"), sign_of)


class Peak(_OfVector):
    """The mean of sign(v_i) e_i over the components of largest |v_i|: a subgradient of ||v||_oo."""

    word = "peak"

    def __new__(cls, v: Any) -> VectorExpr:
        return _scaled(cls, vector(v, "peak"), sign_of)


class AbsPower(_OfVector):
    """Componentwise |v|^r; r = 0 is the indicator of v_i != 0, r < 0 is undefined at zeros."""

    word = "absolute"

    def __new__(cls, v: Any, r: Any = 1) -> VectorExpr:
        r = scalar(r, "power of absolute")
        return _scaled(cls, vector(v, "absolute"), lambda c: Abs(c) ** r, r)

    @property
    def exponent(self) -> Expr:
        return self.args[1]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        base = f"absolute({printer._print(self.inner)})"
        return base if self.exponent == 1 else f"{base}^({self.exponent})"

    def _latex(self, printer: Any) -> str:
        return rf"|{printer._print(self.inner)}|^{{{printer._print(self.exponent)}}}"


def _scaled(
    cls: type, v: VectorExpr, homogeneous: Any, *rest: Any, keep_general: bool = False
) -> VectorExpr:
    """f(c b) = homogeneous(c) f(b), normalised to the leading sign for longer sums."""
    if is_zero(v):
        if keep_general:
            return Basic.__new__(cls, v, *rest)
        return zero()
    if (pair := split(v)) is not None:
        c, b = pair
        if isinstance(b, Signs | Ones) and cls is not Unit and cls is not Peak:
            return homogeneous(c) * (b if cls is Sign else Ones())
        known = c.is_nonzero or isinstance(c, Label)
        if c != 1 and (known or not keep_general):
            return homogeneous(c) * _scaled(cls, b, homogeneous, *rest, keep_general=keep_general)
    elif v.terms()[0][0].could_extract_minus_sign():
        return homogeneous(S.NegativeOne) * Basic.__new__(cls, -v, *rest)
    return Basic.__new__(cls, v, *rest)


class Hadamard(VectorExpr):
    """A componentwise monomial: the product of two or more atoms."""

    def __new__(cls, *factors: Any) -> VectorExpr:
        result: VectorExpr = Ones()
        for factor in factors:
            result = hadamard(result, factor)
        return result

    def _sympystr(self, printer: Any) -> str:
        return "hadamard(" + ", ".join(printer._print(f) for f in self.args) + ")"

    def _latex(self, printer: Any) -> str:
        return r" \odot ".join(printer._print(f) for f in self.args)


def hadamard(u: Any, v: Any) -> VectorExpr:
    """The componentwise product (u_i v_i), expanded over sums.

    >>> hadamard(Signs("s"), Signs("s"))
    ones()
    """
    u, v = vector(u, "hadamard"), vector(v, "hadamard")
    return combine((c * k, _product(a, b)) for c, a in u.terms() for k, b in v.terms())


def factors(atom: VectorExpr) -> tuple[VectorExpr, ...]:
    """The componentwise factors of an atom."""
    return atom.args if isinstance(atom, Hadamard) else (atom,)  # type: ignore[return-value]


def _powers(atoms: Iterable[VectorExpr]) -> Iterator[tuple[VectorExpr, Expr, int]]:
    """Each factor as |b|^r sign(b)^parity: (b, r, number of signs)."""
    for f in atoms:
        if isinstance(f, Sign):
            yield f.inner, S.Zero, 1
        elif isinstance(f, AbsPower):
            yield f.inner, f.exponent, 2 if f.exponent == 0 else 0
        else:
            yield f, S.One, 1


def _product(a: VectorExpr, b: VectorExpr) -> VectorExpr:
    """Multiply two atoms, merging powers of the same base (never across a negative power)."""
    merged: dict[VectorExpr, tuple[Expr, int]] = {}
    loose: list[VectorExpr] = []
    for f in (*factors(a), *factors(b)):
        base, r, signs = next(_powers((f,)))
        if isinstance(f, Ones):
            continue
        if r.is_negative:
            loose.append(f)
            continue
        old_r, old_signs = merged.get(base, (S.Zero, 0))
        merged[base] = (old_r + r, old_signs + signs)
    for base, (r, signs) in merged.items():
        loose.extend(_monomial(base, r, signs))
    ordered = sorted(loose, key=str)
    if not ordered:
        return Ones()
    return ordered[0] if len(ordered) == 1 else Basic.__new__(Hadamard, *ordered)


def _monomial(base: VectorExpr, r: Expr, signs: int) -> list[VectorExpr]:
    odd = signs % 2 == 1
    if isinstance(base, Signs):
        return [base] if odd else []
    if r == 1 and odd:
        return [base]
    if r == 0:
        if odd:
            return [Basic.__new__(Sign, base)]
        return [Basic.__new__(AbsPower, base, r)] if signs else []
    power = Basic.__new__(AbsPower, base, r)
    return [power, Basic.__new__(Sign, base)] if odd else [power]


def unit(v: Any) -> VectorExpr:
    """The direction v/||v||_2."""
    return Unit(v)


def sign(v: Any) -> Any:
    """Componentwise sign of a vector; SymPy's sign of a scalar."""
    return Sign(v) if isinstance(v, VectorExpr) else sign_of(scalar(v, "sign"))


def absolute(v: Any) -> Any:
    """Componentwise absolute value of a vector; SymPy's Abs of a scalar."""
    return AbsPower(v, 1) if isinstance(v, VectorExpr) else Abs(v)


def ones() -> Ones:
    """The all-ones vector."""
    return Basic.__new__(Ones)
