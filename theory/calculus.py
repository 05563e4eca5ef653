"""Gradients and Hessians with respect to a vector, in every dimension at once.

.. math:: \\nabla f(\\theta) = \\sum_a \\frac{\\partial f}{\\partial a}\\,\\nabla a(\\theta)

over the norms and inner products a in f.  A kink is never crossed silently: the derivative of
|t|, Max, sign or a 1- or oo-norm is refused unless ``kinks="almost everywhere"`` asks for the
formula that holds off the kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sympy import (
    Abs,
    Dummy,
    Expr,
    Heaviside,
    Max,
    Min,
    Piecewise,
    Pow,
    S,
    Symbol,
    oo,
)
from sympy import sign as scalar_sign

from theory.matrices import MatrixSum, collect, diag, identity, outer
from theory.scalars import Dot, Norm, VectorScalar, dot, norm
from theory.vectors import (
    AbsPower,
    Hadamard,
    Peak,
    Sign,
    Signs,
    Unit,
    Vector,
    VectorExpr,
    hadamard,
    ones,
    scalar,
    vector,
    zero,
)

Kinks = Literal["refuse", "almost everywhere"]


class KinkError(ValueError):
    """A derivative was asked for across the kink of ``what``."""

    def __init__(self, what: Any) -> None:
        self.what = what
        super().__init__(
            f"{what} has a kink: say kinks='almost everywhere' to get the formula off the kink"
        )


def _refuse(what: Any, kinks: Kinks) -> None:
    if kinks not in ("refuse", "almost everywhere"):
        raise ValueError(f"kinks={kinks!r}: expected 'refuse' or 'almost everywhere'")
    if kinks == "refuse":
        raise KinkError(what)


def derivative(f: Expr, t: Symbol, kinks: Kinks = "refuse") -> Expr:
    """df/dt of a scalar expression; Max, Min, Abs and sign by their pieces.

    >>> t = Symbol("t", real=True)
    >>> derivative(Max(0, 1 - t), t, kinks="almost everywhere")
    Piecewise((-1, t <= 1), (0, True))
    """
    if not f.has(t):
        return S.Zero
    if isinstance(f, Max | Min):
        _refuse(f, kinks)
        return _selected(f, t, kinks)
    if isinstance(f, Abs):
        _refuse(f, kinks)
        return scalar_sign(f.args[0]) * derivative(f.args[0], t, kinks)
    if isinstance(f, scalar_sign | Heaviside):
        _refuse(f, kinks)
        return S.Zero
    if isinstance(f, Piecewise):
        _refuse(f, kinks)
        return Piecewise(*((derivative(e, t, kinks), c) for e, c in f.args))
    inner = [a for a in f.args if a.has(t)]
    if f == t or not inner:
        return f.diff(t)
    marks = {a: Dummy(f"a{k}", real=True) for k, a in enumerate(dict.fromkeys(inner))}
    outer_form = f.func(*(marks.get(a, a) for a in f.args))
    back = {m: a for a, m in marks.items()}
    return sum(
        (outer_form.diff(m).xreplace(back) * derivative(a, t, kinks) for a, m in marks.items()),
        S.Zero,
    )


def _selected(f: Expr, t: Symbol, kinks: Kinks) -> Expr:
    """The derivative of the active argument of Max or Min (the last one on ties)."""
    *others, last = f.args
    if not others:
        return derivative(last, t, kinks)
    rest = f.func(*others)
    wins = last >= rest if isinstance(f, Max) else last <= rest
    return Piecewise((derivative(last, t, kinks), wins), (derivative(rest, t, kinks), True))


def _depends(obj: Any, theta: Vector) -> bool:
    return theta in obj.atoms(Vector)


def _marked(f: Expr, theta: Vector) -> dict[Expr, Symbol]:
    atoms = [a for a in f.atoms(VectorScalar) if _depends(a, theta)]
    return {
        a: Dummy(f"a{k}", real=True, nonnegative=a.is_nonnegative)
        for k, a in enumerate(sorted(atoms, key=str))
    }


def gradient(f: Any, theta: Vector, kinks: Kinks = "refuse") -> VectorExpr:
    """The gradient of a scalar expression in the vector theta, any dimension.

    >>> t = Vector("theta")
    >>> gradient(norm(t) ** 2 / 2, t)
    theta
    """
    f = scalar(f, "gradient")
    _check_wrt(theta, "gradient")
    marks = _marked(f, theta)
    inside, back = f.xreplace(marks), {m: a for a, m in marks.items()}
    total = zero()
    for atom, mark in marks.items():
        try:
            slope = derivative(inside, mark, kinks).xreplace(back)
        except KinkError as error:
            raise KinkError(error.what.xreplace(back)) from None
        if slope != 0:
            total = total + _scaled_gradient(slope, atom, theta, kinks)
    return total


def _scaled_gradient(slope: Expr, atom: Expr, theta: Vector, kinks: Kinks) -> VectorExpr:
    """slope times the gradient of an atom; n * unit(v) is v where the slope has the factor n."""
    if isinstance(atom, Norm) and atom.p == 2:
        ratio = slope / atom
        divides = any(p.base == atom and p.exp.is_negative for p in ratio.atoms(Pow))
        if slope.has(atom) and not divides:
            return _pullback(atom.vector, ratio * atom.vector, theta, kinks)
    return slope * _atom_gradient(atom, theta, kinks)


def _check_wrt(theta: Any, where: str) -> None:
    if not isinstance(theta, Vector) or isinstance(theta, Signs):
        raise TypeError(f"{where}: expected a Vector to differentiate by, got {theta!r}")


def _atom_gradient(atom: Expr, theta: Vector, kinks: Kinks) -> VectorExpr:
    if isinstance(atom, Dot):
        u, v = atom.args
        return _pullback(u, v, theta, kinks) + _pullback(v, u, theta, kinks)  # type: ignore[arg-type]
    if hasattr(atom, "slopes"):  # (point, gradient there) for each argument of an unknown function
        total = zero()
        for point, g in atom.slopes(theta):
            total = total + _pullback(point, g, theta, kinks)
        return total
    if not isinstance(atom, Norm):
        raise TypeError(f"gradient: no rule for {atom}")
    return _pullback(atom.vector, dual_direction(atom.vector, atom.p, kinks), theta, kinks)


def dual_direction(v: VectorExpr, p: Expr, kinks: Kinks = "refuse") -> VectorExpr:
    """The gradient of ||v||_p with respect to v: the point of the dual ball that attains it.

    .. math:: \\operatorname{sign}(v)\\odot|v|^{p-1} / \\|v\\|_p^{p-1}
    """
    if p == 2:
        return Unit(v)
    if p == 1:
        _refuse(norm(v, 1), kinks)
        return Sign(v)
    if p == oo:
        _refuse(norm(v, oo), kinks)
        return Peak(v)
    return hadamard(AbsPower(v, p - 1), Sign(v)) / norm(v, p) ** (p - 1)


def _pullback(v: VectorExpr, g: VectorExpr, theta: Vector, kinks: Kinks) -> VectorExpr:
    """(dv/dtheta)^T g."""
    if not _depends(v, theta):
        return zero()
    total = zero()
    for c, b in v.terms():
        total = total + c * _atom_pullback(b, g, theta, kinks)
        if _depends(c, theta):
            total = total + dot(b, g) * gradient(c, theta, kinks)
    return total


def _atom_pullback(b: VectorExpr, g: VectorExpr, theta: Vector, kinks: Kinks) -> VectorExpr:
    if b == theta:
        return g
    if not _depends(b, theta):
        return zero()
    return _atom_jacobian(b, theta, kinks).T @ g


def jacobian(v: Any, theta: Vector, kinks: Kinks = "refuse") -> MatrixSum:
    """The matrix dv_i/dtheta_j of a vector expression."""
    v = vector(v, "jacobian")
    _check_wrt(theta, "jacobian")
    total = collect(())
    for c, b in v.terms():
        total = total + c * _atom_jacobian(b, theta, kinks)
        if _depends(c, theta):
            total = total + outer(b, gradient(c, theta, kinks))
    return total


def _atom_jacobian(b: VectorExpr, theta: Vector, kinks: Kinks) -> MatrixSum:
    if b == theta:
        return identity()
    if not _depends(b, theta):
        return collect(())
    return _chained(b, theta, lambda v: jacobian(v, theta, kinks), collect(()), kinks)  # type: ignore[no-any-return]


def _chained(
    b: VectorExpr, wrt: Vector | Symbol, inner: Callable[[VectorExpr], Any], nothing: Any,
    kinks: Kinks,
) -> Any:  # fmt: skip
    """The derivative of an atom from those of its arguments: matrices, or vectors for a scalar."""
    if isinstance(b, Unit):
        return ((identity() - outer(b, b)) / norm(b.inner)) @ inner(b.inner)
    if isinstance(b, Sign | Peak):
        _refuse(b, kinks)
        return nothing
    if isinstance(b, AbsPower):
        return _power_slope(b, kinks) @ inner(b.inner)
    if isinstance(b, Hadamard):
        return _product_rule(b, inner, nothing)
    if isinstance(wrt, Symbol) and hasattr(b, "rate"):
        return b.rate(inner)
    if isinstance(wrt, Vector) and hasattr(b, "chain_rule"):
        return b.chain_rule(wrt, inner)  # atoms of unknown functions bring their own
    raise TypeError(f"derivative by {wrt}: no rule for {b}")


def _power_slope(b: AbsPower, kinks: Kinks) -> MatrixSum:
    r = b.exponent
    if not (r - 1).is_positive:
        _refuse(b, kinks)
    if r == 0:
        return collect(())
    inner = hadamard(AbsPower(b.inner, r - 1), Sign(b.inner)) if r != 1 else Sign(b.inner)
    return diag(r * inner)


def _product_rule(b: Hadamard, inner: Callable[[VectorExpr], Any], nothing: Any) -> Any:
    if (smooth := _smooth_monomial(b)) is not None:
        base, r = smooth
        return diag(r * AbsPower(base, r - 1)) @ inner(base)
    total = nothing
    for k, f in enumerate(b.args):
        rest: VectorExpr = ones()
        for j, other in enumerate(b.args):
            rest = rest if j == k else hadamard(rest, other)
        total = total + diag(rest) @ inner(f)  # type: ignore[arg-type]
    return total


def _smooth_monomial(b: Hadamard) -> tuple[VectorExpr, Expr] | None:
    """sign(v)|v|^r has the derivative r|v|^(r-1), without a kink at 0 when r > 1."""
    kinds = {type(f): f for f in b.args}
    if len(b.args) == 2 and set(kinds) == {Sign, AbsPower}:
        power = kinds[AbsPower]
        if kinds[Sign].args[0] == power.args[0] and (power.args[1] - 1).is_nonnegative:
            return power.args[0], power.args[1]  # type: ignore[return-value]
    return None


def hessian(f: Any, theta: Vector, kinks: Kinks = "refuse") -> MatrixSum:
    """The Hessian of a scalar expression in the vector theta, any dimension.

    >>> t = Vector("theta")
    >>> hessian(norm(t) ** 2 / 2, t)
    (1)*identity()
    """
    return jacobian(gradient(f, theta, kinks), theta, kinks)


def scalar_derivative(atom: VectorScalar, symbol: Symbol) -> Expr:
    """d/ds of a norm or inner product whose vectors contain the scalar s."""
    if symbol not in atom.free_symbols:
        return S.Zero
    if isinstance(atom, Dot):
        u, v = atom.args
        return dot(_slope(u, symbol), v) + dot(u, _slope(v, symbol))
    if hasattr(atom, "rate"):
        return atom.rate(lambda v: _slope(v, symbol))  # type: ignore[no-any-return]
    if not isinstance(atom, Norm):
        raise TypeError(f"derivative of {atom} by {symbol}: no rule")
    direction = dual_direction(atom.args[0], atom.args[1], "refuse")  # type: ignore[arg-type]
    return dot(direction, _slope(atom.args[0], symbol))


def _slope(v: Any, symbol: Symbol) -> VectorExpr:
    """d/ds of a vector expression."""
    total = zero()
    for c, b in v.terms():
        total = total + c.diff(symbol) * b
        if symbol in b.free_symbols:
            total = total + c * _chained(b, symbol, lambda u: _slope(u, symbol), zero(), "refuse")
    return total
