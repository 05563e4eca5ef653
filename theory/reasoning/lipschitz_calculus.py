"""Lipschitz constants by composition, for every pair of a domain, convex or not.

.. math:: \\|cV - c'V'\\| \\le |c - c'|\\,\\|V\\| + |c'|\\,\\|V - V'\\|, \\qquad
          \\Bigl\\|\\frac{v}{\\|v\\|} - \\frac{v'}{\\|v'\\|}\\Bigr\\|
          \\le \\frac{2\\|v - v'\\|}{\\|v\\| + \\|v'\\|}\\ \\text{(Dunkl and Williams)}.

A rule never needs the segment between the points, so no rule needs a convex domain.  The constant
that comes out may depend on the pair; whether it is at most the claimed one is a question about
scalars, which ``theory.reasoning.inequalities`` answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Max,
    Min,
    Mul,
    Pow,
    S,
    Symbol,
    exp,
    expand_mul,
    factor_terms,
    oo,
)

from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.dual_directions import (
    DualDirection,
    DualityMap,
    rate_divisors,
    with_dual_directions,
)
from theory.reasoning.invariants import orthant_rewriting, primed
from theory.reasoning.radial import RadialField, larger, radial_field, tangential
from theory.reasoning.sizes import Sizes
from theory.scalars import Dot, Norm, norm
from theory.vectors import (
    AbsPower,
    Hadamard,
    Sign,
    Unit,
    Vector,
    VectorExpr,
    combine,
    ones,
)

LIMIT = 6


@dataclass(frozen=True)
class Bound:
    """A bound that holds for every pair, and the rules that gave it."""

    value: Expr
    steps: tuple[str, ...] = ()


class LipschitzCalculus:
    """Rates and sizes of expressions in ``wrt``, under the hypotheses ``given``."""

    def __init__(self, wrt: Any, given: tuple[Any, ...] = ()) -> None:
        self.wrt = wrt
        self.given = given
        self.other = primed(wrt)
        self.sizes = Sizes(wrt, given)

    def rates(self, e: Any) -> list[Bound]:
        """Alternatives L with ||e(theta) - e(theta')|| <= L ||theta - theta'||."""
        forms = dict.fromkeys((normal_form_but_units(e, self.given), e))
        if isinstance(self.wrt, Symbol) and isinstance(e, Add):
            forms = dict.fromkeys((factor_terms(e), *forms))
        found = [
            b
            for form in forms
            for b in (self._vector(form) if isinstance(form, VectorExpr) else self._scalar(form))
        ]
        return list({b.value: b for b in found}.values())[:LIMIT]

    # scalars ------------------------------------------------------------------------------

    def _scalar(self, e: Expr) -> list[Bound]:
        if not depends(e, self.wrt):
            return [Bound(S.Zero)]
        if e == self.wrt:
            return [Bound(S.One)]
        if isinstance(e, Norm):
            return self._norm(e)
        if isinstance(e, Dot):
            return self._dot(e)
        found = self._composite(e)
        if e.is_Add:
            found += self._sum(e)
        elif e.is_Mul:
            found += self._scalar_product(e)
        elif isinstance(e, Max | Min):
            found += _largest([self._scalar(a) for a in e.args])
        elif isinstance(e, Abs):
            found += self._scalar(e.args[0])
        elif isinstance(e, Pow):
            found += self._power(e)
        elif isinstance(e, exp):
            found += self._exponential(e)
        return found[:LIMIT]

    def _sum(self, e: Expr) -> list[Bound]:
        rate = _rate_of_line(e, self.wrt)
        if rate is not None:
            return [Bound(rate, (f"{e} is affine in {self.wrt} with slope of size {rate}",))]
        linear, rest = self.linear_part(e)
        weighted = self._weighted(linear, rest)
        parts = [self._scalar(a) for a in Add.make_args(rest) if a != 0]
        if linear is not None:
            note = f"<{linear}, {self.wrt}> has rate {norm(linear)}"
            parts.append([Bound(norm(linear), (note,))])
        return weighted + _added(parts)

    def _weighted(self, linear: VectorExpr | None, rest: Expr) -> list[Bound]:
        """<a, theta> + c ||theta||_1 moves by at most sum_i (|a_i| + |c|) |theta_i - theta'_i|."""
        if not isinstance(self.wrt, Vector) or linear is None:
            return []
        c = rest.coeff(norm(self.wrt, 1))
        if c == 0 or depends(c, self.wrt) or depends(rest - c * norm(self.wrt, 1), self.wrt):
            return []
        weights = AbsPower(linear, 1) + Abs(c) * ones()
        note = f"componentwise: |{linear}| + |{c}| 1 weighs each |{self.wrt}_i - {self.wrt}'_i|"
        return [Bound(norm(weights), (note,))]

    def linear_part(self, e: Expr) -> tuple[VectorExpr | None, Expr]:
        """<a, theta> + rest: all linear terms as one inner product."""
        if not isinstance(self.wrt, Vector):
            return None, e
        direction, rest = [], []
        for term in Add.make_args(e):
            c, d = term.as_independent(Dot, as_Add=False)
            other = linear_partner(d, self.wrt)
            if other is not None and not depends(c, self.wrt):
                direction += [(c * k, b) for k, b in other.terms()]
            else:
                rest.append(term)
        return (combine(direction) if direction else None), Add(*rest)

    def _norm(self, e: Norm) -> list[Bound]:
        stretch = S.One if e.p == oo or e.p >= 2 else norm(ones()) ** (2 / e.p - 1)
        note = f"| ||v||_{e.p} - ||v'||_{e.p} | <= {stretch}*||v - v'|| for v = {e.vector}"
        return [Bound(stretch * b.value, (*b.steps, note)) for b in self._vector(e.vector)]

    def _dot(self, e: Dot) -> list[Bound]:
        u, v = e.args
        if linear_partner(e, self.wrt) is not None:
            other = linear_partner(e, self.wrt)
            return [Bound(norm(other), (f"<{other}, {self.wrt}> has rate {norm(other)}",))]
        return self._product(u, v, "inner product")

    def _scalar_product(self, e: Expr) -> list[Bound]:
        constant, rest = e.as_independent(*_dependent_factors(e, self.wrt), as_Add=False)
        factors = [f for f in Mul.make_args(rest) if depends(f, self.wrt)]
        if len(factors) == 1:
            return _scaled(Abs(constant), self._scalar(factors[0]))
        head, tail = factors[0], Mul(*factors[1:])
        return _scaled(Abs(constant), self._product(head, tail, "product"))

    def _product(self, a: Any, b: Any, what: str) -> list[Bound]:
        """|ab - a'b'| <= rate(a) |b| + |a'| rate(b), and the same with the points exchanged."""
        found = []
        for ra, rb in product(self.rates(a), self.rates(b)):
            for here in (False, True):
                value = (
                    ra.value * self.sizes.size(b, here) + self.sizes.size(a, not here) * rb.value
                )
                note = f"{what} rule on {a} and {b}: rate {value}"
                found.append(Bound(value, (*ra.steps, *rb.steps, note)))
        return found

    def _power(self, e: Pow) -> list[Bound]:
        """w^-1 and w^k by w^k - w'^k = (w - w')(...), exact for the pair."""
        w, k = e.args
        inner, inner2 = self.sizes.size(w, False), self.sizes.size(w, True)
        if not k.is_Integer or not (w.is_nonnegative or k.is_positive):
            return []
        if k.is_negative:
            w2 = w.xreplace({self.wrt: self.other})
            value = Add(*(w ** (-i) * w2 ** (k + i - 1) for i in range(1, -k + 1)))
        else:
            value = Add(*(inner**i * inner2 ** (k - 1 - i) for i in range(int(k))))
        return [Bound(value * b.value, (*b.steps, f"power {e}: {value}")) for b in self._scalar(w)]

    def _exponential(self, e: Expr) -> list[Bound]:
        w = e.args[0]
        top = self.sizes.upper_value(w)
        if top is None:
            return []
        note = f"|exp(w) - exp(w')| <= exp({top}) |w - w'| as w <= {top}"
        return _scaled(exp(top), self._scalar(w), note)

    def _composite(self, e: Expr) -> list[Bound]:
        found = composite(e, self.wrt)
        if found is None or found.inner == e:
            return []
        steepest = self.sizes.steepest(found.form, found.inner)
        if steepest is None or steepest == 0:
            return [Bound(S.Zero)] if steepest == 0 else []
        note = f"g(z) = {found.form} has slope at most {steepest} over z = {found.inner}"
        return _scaled(Abs(found.factor) * steepest, self._scalar(found.inner), note)

    # vectors ------------------------------------------------------------------------------

    def _vector(self, v: VectorExpr) -> list[Bound]:
        groups: dict[Expr, list[Any]] = {}
        for c, b in with_dual_directions(v).terms():
            constant, moving = _split_coefficient(c, self.wrt)
            groups.setdefault(moving, []).append((constant, b))
        parts = [self._group(f, combine(terms)) for f, terms in groups.items()]
        whole = self._radial(v) if len(groups) > 1 else []
        return (whole + _added(parts))[:LIMIT]

    def _group(self, factor: Expr, v: VectorExpr) -> list[Bound]:
        if factor == 1:
            return self._constant_coefficients(v)
        if not depends(v, self.wrt):
            return _scaled(norm(v), self._scalar(factor))
        return self._radial(factor * v) + self._product(factor, v, "product")

    def _radial(self, v: VectorExpr) -> list[Bound]:
        """The rule for radial fields, where the vector is one."""
        field = radial_field(v, self.wrt)
        return self.radial(field) if field is not None else []

    def radial(self, field: RadialField) -> list[Bound]:
        """The larger one of the radial and the tangential stretch, over all radii or the pair's."""
        radius = norm(field.inner)
        there = radius.xreplace({self.wrt: self.other})
        if field.form == INNER:
            return _scaled(Abs(field.factor), self._vector(field.inner))
        note = f"radial field g(r) w/r with g(z) = {field.form}, w = {field.inner}: its stretches"
        slope = self.sizes.steepest(field.form, radius)
        turn = self.sizes.largest(field.stretch, radius)
        stretches = []
        if slope is not None and turn is not None:
            stretches.append((slope, turn))
        r = Dummy("r", real=True, nonnegative=True)
        line = LipschitzCalculus(r)
        for b in line.rates(field.form.xreplace({INNER: r}))[:2]:
            slope = b.value.xreplace({r: radius, line.other: there})
            stretches.append((slope, tangential(field, radius, there)))
        return [
            Bound(Abs(field.factor) * larger(a, t) * b.value, (*b.steps, f"{note} {a} and {t}"))
            for a, t in stretches
            for b in self._vector(field.inner)
        ]

    def _constant_coefficients(self, v: VectorExpr) -> list[Bound]:
        moving = [(c, b) for c, b in v.terms() if depends(b, self.wrt)]
        return _added([_scaled(Abs(c), self._atom(b)) for c, b in moving])

    def _atom(self, b: VectorExpr) -> list[Bound]:
        if b == self.wrt:
            return [Bound(S.One)]
        if isinstance(b, Unit):
            return self._direction(b.inner)
        if isinstance(b, DualityMap):
            note = f"{b} has rate {b.q - 1}, from the {b.q}-norm to its dual and so in the 2-norm"
            return _scaled(b.q - 1, self._vector(b.inner), note)
        if isinstance(b, DualDirection):
            return self._dual_direction(b)
        if isinstance(b, AbsPower) and b.exponent == 1:
            return self._vector(b.inner)
        if isinstance(b, AbsPower | Hadamard):
            return self._componentwise(b)
        return []

    def _direction(self, v: VectorExpr) -> list[Bound]:
        there = v.xreplace({self.wrt: self.other})
        value = 2 / (norm(v) + norm(there))
        note = f"||unit(v) - unit(v')|| <= 2||v - v'||/(||v|| + ||v'||), Dunkl-Williams, v = {v}"
        return [Bound(value * b.value, (*b.steps, note)) for b in self._vector(v)]

    def _dual_direction(self, b: DualDirection) -> list[Bound]:
        found = []
        for n in rate_divisors(b, b.inner.xreplace({self.wrt: self.other})):
            note = f"||J(v) - J(v')|| <= {b.q} ||v - v'||/{n} for J = {b}"
            found += _scaled(b.q / n, self._vector(b.inner), note)
        return found

    def _componentwise(self, b: VectorExpr) -> list[Bound]:
        """sign(v)|v|^r or |v|^r with r > 1: slope r max(|v|_oo, |v'|_oo)^(r-1); w*v: ||w||_oo."""
        parts = b.args if isinstance(b, Hadamard) else (b,)
        powers = [f for f in parts if isinstance(f, AbsPower)]
        signs = [f for f in parts if isinstance(f, Sign)]
        if len(powers) == 1 and len(powers) + len(signs) == len(parts):
            v, r = powers[0].inner, powers[0].exponent
            if (r - 1).is_nonnegative and all(s.inner == v for s in signs):
                top = norm(v, oo) + norm(v.xreplace({self.wrt: self.other}), oo)
                note = f"|v|^{r} componentwise: slope {r}*max(||v||_oo, ||v'||_oo)^{r - 1}"
                return [
                    Bound(r * top ** (r - 1) * k.value, (*k.steps, note)) for k in self._vector(v)
                ]
        moving = [f for f in parts if depends(f, self.wrt)]
        if isinstance(b, Hadamard) and len(moving) == 1:
            rest: Any = combine([(S.One, Hadamard(*(f for f in parts if f != moving[0])))])
            return _scaled(norm(rest, oo), self._atom(moving[0]))
        return []


def normal_form_but_units(e: Any, given: Any) -> Any:
    """Orthants used; directions kept, since they have their own rule."""
    return e.xreplace(orthant_rewriting(given))


def _rate_of_line(e: Expr, wrt: Any) -> Expr | None:
    """|c| for e = c z + b in the scalar z: all terms of z in one coefficient."""
    if not isinstance(wrt, Symbol):
        return None
    e = expand_mul(e)
    slope = e.coeff(wrt, 1)
    rest = expand_mul(e - slope * wrt)
    return None if depends(slope, wrt) or depends(rest, wrt) else Abs(slope)


def _dependent_factors(e: Expr, wrt: Any) -> list[Expr]:
    return [f for f in Mul.make_args(e) if depends(f, wrt)]


def _split_coefficient(c: Expr, wrt: Any) -> tuple[Expr, Expr]:
    factors = Mul.make_args(c)
    return (
        Mul(*(f for f in factors if not depends(f, wrt))),
        Mul(*(f for f in factors if depends(f, wrt))),
    )


def linear_partner(d: Any, wrt: Any) -> VectorExpr | None:
    """a when d is <a, theta> with a free of theta, the monomial taken apart if need be."""
    from theory.vectors import factors

    if not isinstance(d, Dot):
        return None
    parts = [f for a in d.args for f in factors(a)]  # type: ignore[arg-type]
    if parts.count(wrt) != 1:
        return None
    others = [f for f in parts if f != wrt]
    if any(depends(f, wrt) for f in others):
        return None
    return Hadamard(*others)


def _scaled(factor: Expr, bounds: list[Bound], *notes: str) -> list[Bound]:
    return [Bound(factor * b.value, (*b.steps, *notes)) for b in bounds]


def _added(parts: list[list[Bound]]) -> list[Bound]:
    return [
        Bound(Add(*(b.value for b in combo)), tuple(s for b in combo for s in b.steps))
        for combo in product(*parts)
    ][:LIMIT]


def _largest(parts: list[list[Bound]]) -> list[Bound]:
    return [
        Bound(Max(*(b.value for b in combo)), tuple(s for b in combo for s in b.steps))
        for combo in product(*parts)
    ][:LIMIT]
