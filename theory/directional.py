"""One-sided derivatives and jumps at kinks, for every dimension.

.. math:: f'(\\theta; h) = \\lim_{t\\downarrow 0} \\frac{f(\\theta + t h) - f(\\theta)}{t},
          \\qquad \\nabla f(\\theta; h) = \\lim_{t\\downarrow 0} \\nabla f(\\theta + t h).

The first is, as a function of h, the support function of the subdifferential; the difference of
the second at h and -h is the jump of the gradient across the kink in direction h.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Dummy, Expr, Max, Piecewise, S, oo

from theory.calculus import derivative, dual_direction
from theory.reasoning.composites import depends
from theory.reasoning.convexity import affine
from theory.scalars import Dot, Norm, VectorScalar, dot, norm
from theory.vectors import AbsPower, Peak, Sign, Vector, VectorExpr, hadamard, ones, unit


class PeakSlope(VectorScalar):
    """max of sign(v_i) h_i over the components of largest |v_i|: the slope of ||v||_oo off 0."""

    def __new__(cls, v: VectorExpr, h: VectorExpr) -> PeakSlope:
        return Basic.__new__(cls, v, h)

    def _sympystr(self, printer: Any) -> str:
        return "peak_slope({}, {})".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any) -> str:
        v, h = (printer._print(a) for a in self.args)
        return rf"\max_{{i:\,|{v}|_i = \|{v}\|_\infty}} \operatorname{{sign}}({v}_i)\,{h}_i"

    def at(self, v: tuple[Expr, ...], h: tuple[Expr, ...]) -> Expr:
        """The value for explicit components."""
        top = Max(*(abs(c) for c in v))
        slopes = (
            Piecewise((k * _signum(c), abs(c) >= top), (-oo, True))
            for c, k in zip(v, h, strict=True)
        )
        return Max(*slopes)


def _signum(c: Expr) -> Expr:
    from sympy import sign

    return sign(c)


def zeros_of(v: VectorExpr) -> VectorExpr:
    """The indicator of v_i = 0, as a vector."""
    return ones() - AbsPower(v, 0)


def norm_slope(v: VectorExpr, h: VectorExpr, p: Expr) -> Expr:
    """The one-sided derivative of ||v||_p in direction h.

    >>> v, h = Vector("v"), Vector("h")
    >>> norm_slope(v, h, S.One)
    dot(h, sign(v)) + norm(h - hadamard(absolute(v)^(0), h), 1)
    """
    if p == 1:
        return dot(Sign(v), h) + norm(hadamard(zeros_of(v), h), 1)
    off_zero = PeakSlope(v, h) if p == oo else dot(dual_direction(v, p), h)
    return Piecewise((off_zero, norm(v) > 0), (norm(h, p), True))


def directional_derivative(f: Expr, theta: Vector, h: VectorExpr) -> Expr:
    """f'(theta; h) for a smooth function of norms and inner products of affine vectors."""
    total: Expr = S.Zero
    for atom, slope in _outer_slopes(f, theta):
        total += slope * _atom_slope(atom, theta, h)
    return total


def _outer_slopes(f: Expr, theta: Vector) -> list[tuple[Expr, Expr]]:
    atoms = sorted((a for a in f.atoms(VectorScalar) if depends(a, theta)), key=str)
    marks = {a: Dummy(f"a{k}", real=True) for k, a in enumerate(atoms)}
    inside, back = f.xreplace(marks), {m: a for a, m in marks.items()}
    return [(a, derivative(inside, m, "refuse").xreplace(back)) for a, m in marks.items()]


def _moved(v: VectorExpr, theta: Vector, h: VectorExpr) -> VectorExpr:
    """v(theta + h) - v(theta) of an affine vector expression."""
    if not affine(v, theta):
        raise ValueError(f"directional derivative: expected {v} to be affine in {theta}")
    return v.xreplace({theta: theta + h}) - v


def _atom_slope(atom: Expr, theta: Vector, h: VectorExpr) -> Expr:
    if isinstance(atom, Dot):
        u, v = atom.args
        return dot(_moved(u, theta, h), v) + dot(u, _moved(v, theta, h))  # type: ignore[arg-type]
    assert isinstance(atom, Norm)
    return norm_slope(atom.vector, _moved(atom.vector, theta, h), atom.p)


def gradient_jump(f: Expr, theta: Vector, h: VectorExpr) -> dict[Norm, VectorExpr]:
    """For each norm in f: the jump of its part of the gradient across its kink, direction h.

    .. math:: \\nabla f(\\theta; h) - \\nabla f(\\theta; -h)
    """
    jumps: dict[Norm, VectorExpr] = {}
    for atom, slope in _outer_slopes(f, theta):
        if isinstance(atom, Norm) and atom.vector == theta:
            jumps[atom] = slope * _norm_jump(atom, h)
    return jumps


def _norm_jump(n: Norm, h: VectorExpr) -> VectorExpr:
    """1-norm: the zero components flip; oo-norm at a tie: the peak moves; else only at 0."""
    if n.p == 1:
        return hadamard(zeros_of(n.vector), Sign(h)) * 2
    if n.p == oo:
        return tie_peak(n.vector, h) - tie_peak(n.vector, -h)
    if n.p == 2:
        return unit(h) * 2
    return dual_direction(h, n.p) * 2


def tie_peak(v: VectorExpr, h: VectorExpr) -> VectorExpr:
    """The peak of v + t h for small t > 0, left symbolic at a tie."""
    t = Dummy("t", positive=True)
    return Peak(v + t * h)
