"""Bounds of the size of an expression, by the triangle inequality and suprema.

.. math:: \\|\\textstyle\\sum g_k(w_k)\\,b_k\\| \\le \\sum \\sup|g_k|\\,\\|b_k\\|, \\qquad
          |g(w)| \\le |g(0)| + \\sup|g'|\\,|w|.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Add, Expr, Interval, Max, Min, Mul, Pow, S, exp, oo
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.calculus import derivative
from theory.losses import tidy
from theory.reasoning import one_variable
from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.dual_directions import DualDirection, DualityMap
from theory.reasoning.invariants import primed
from theory.reasoning.slopes import continuous, hull_of, largest, range_of, steepest
from theory.reasoning.values import value_at
from theory.scalars import Dot, Norm, norm
from theory.vectors import Ones, Peak, Sign, Signs, Unit, VectorExpr, combine, ones


class Sizes:
    """Sizes and slopes of expressions in ``wrt`` over the domain that ``given`` cuts out."""

    def __init__(self, wrt: Any, given: tuple[Any, ...] = ()) -> None:
        self.wrt = wrt
        self.given = given
        self.other = primed(wrt)

    def steepest(self, form: Expr, inner: Expr) -> Expr | None:
        """sup |g'| over the values of the inner expression."""
        found = steepest(form, INNER, self._range(inner))
        return self._steepest_at_an_end(form, inner) if found is None else found

    def largest(self, form: Expr, inner: Expr) -> Expr | None:
        """sup |g| over the values of the inner expression."""
        found = largest(form, INNER, self._range(inner))
        return self._at_an_end(Abs(form), form, inner) if found is None else found

    def _steepest_at_an_end(self, form: Expr, inner: Expr) -> Expr | None:
        """|g'| at a bound of z that a hypothesis states, where |g'| is monotone."""
        slope = Abs(tidy(derivative(form, INNER, "almost everywhere"), INNER))
        return self._at_an_end(slope, form, inner)

    def _at_an_end(self, size: Expr, form: Expr, inner: Expr) -> Expr | None:
        """A size of g at a bound of z that a hypothesis states, where it is monotone."""
        half_line = Interval.open(0, oo)
        for g in self.given:
            if not isinstance(g, Ge | Gt | Le | Lt) or inner not in (g.lhs, g.rhs):
                continue
            low, high = g.lts, g.gts
            end, wanted = (low, "decreasing") if high == inner else (high, "increasing")
            if depends(end, self.wrt) or not low.is_nonnegative or not end.is_positive:
                continue
            if not continuous(form, INNER, half_line if high == inner else S.Reals):
                continue  # a norm may be 0, so the whole neighbourhood of 0 counts
            if one_variable.monotonicity(size, INNER, half_line) == wanted:
                return size.xreplace({INNER: end})
        return None

    def _range(self, inner: Expr) -> Interval:
        if inner == self.wrt:
            return hull_of(self.wrt, self.given)
        return range_of(inner, self.given)

    def size(self, e: Any, prime: bool = False) -> Expr:
        """M with ||e|| <= M at the first or second point of the pair."""
        m = self._vector_size(e) if isinstance(e, VectorExpr) else self._scalar_size(e)
        return m.xreplace({self.wrt: self.other}) if prime else m

    def _scalar_size(self, e: Expr) -> Expr:
        if not depends(e, self.wrt):
            return Abs(e)
        if e.is_nonnegative and _made_of_norms(e):
            return e
        if isinstance(e, Dot):
            return norm(e.args[0]) * norm(e.args[1])
        found = composite(e, self.wrt)
        if found is not None and found.inner != e:
            top = self._largest_value(found.form, found.inner)
            if top is None:
                top = self._growth(found.form, found.inner)
            if top is not None:
                return Abs(found.factor) * top
        if e.is_Add:
            return Add(*(self._scalar_size(a) for a in e.args))
        if e.is_Mul:
            return Mul(*(self._scalar_size(a) for a in e.args))
        if isinstance(e, exp) and (top := self.upper_value(e.args[0])) is not None:
            return exp(top)
        return Abs(e)

    def _growth(self, form: Expr, inner: Expr) -> Expr | None:
        """|g(w)| <= |g(0)| + sup|g'| |w|, the slopes being those from 0 to the range of w."""
        found = self._range(inner)
        way = Interval(Min(found.start, 0), Max(found.end, 0))
        slope, at_zero = steepest(form, INNER, way), value_at(form, INNER, 0)
        if slope is None or at_zero is None:
            return None
        return Abs(at_zero) + slope * self._scalar_size(inner)

    def _largest_value(self, form: Expr, inner: Expr) -> Expr | None:
        return largest(form, INNER, self._range(inner))

    def _vector_size(self, v: VectorExpr) -> Expr:
        constant, moving = [], S.Zero
        for c, b in v.terms():
            if depends(c, self.wrt) or depends(b, self.wrt):
                moving += self._scalar_size(c) * _atom_size(b)
            else:
                constant.append((c, b))
        return moving + norm(combine(constant))

    def upper_value(self, w: Expr) -> Expr | None:
        """An upper bound of a scalar over the domain, from norms bounded in ``given``."""
        total = Add(*(self._scalar_size(a) for a in Add.make_args(w) if not _nonpositive(a)))
        bounds = {
            g.lhs: g.rhs
            for g in self.given
            if getattr(g, "rel_op", "") in ("<=", "<") and isinstance(g.lhs, Norm)
        }
        if not _grows_with_norms(total):
            return None  # a larger norm must not make the bound smaller
        total = total.xreplace(bounds)
        return None if depends(total, self.wrt) else total


def _atom_size(b: VectorExpr) -> Expr:
    if isinstance(b, DualityMap):
        return norm(b.inner, b.q)
    if isinstance(b, Unit | Peak | DualDirection):
        return S.One
    if isinstance(b, Signs | Ones | Sign):
        return norm(ones())
    return norm(b)


def _made_of_norms(e: Expr) -> bool:
    return not e.atoms(Dot) and not e.atoms(exp)


def _nonpositive(a: Expr) -> bool:
    return a.is_nonpositive is True


def _grows_with_norms(e: Expr) -> bool:
    """Whether e is built from norms by sums, products and positive powers alone."""
    if not e.atoms(Norm):
        return e.is_nonnegative is True
    if isinstance(e, Norm):
        return True
    if isinstance(e, Pow):
        return bool(e.exp.is_number and e.exp.is_positive) and _grows_with_norms(e.base)
    return (e.is_Add or e.is_Mul) and all(_grows_with_norms(a) for a in e.args)
