"""One-variable facts about composites g(w): range, order, Lipschitz bounds, tangents.

.. math:: g(w) \\le \\sup g, \\quad |g(a) - g(b)| \\le \\sup|g'|\\,|a-b|, \\quad
          g(a) \\ge g(b) + g'(b)(a-b) \\text{ for convex } g.

g runs over the maximal subterms that depend on one expression w through exp, log and hyperbolic
functions, such as log(1 + exp(-u)). Every constant is proved by ``theory.reasoning.one_variable``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Dummy,
    Expr,
    Ge,
    Gt,
    Interval,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    cosh,
    exp,
    log,
    oo,
    sign,
    sinh,
    tanh,
)

from theory import clock
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    Formula,
    Literal,
    every,
)
from theory.reasoning.inequalities.opaque import Opaque, combination, linear_form, same_order
from theory.reasoning.inequalities.purify import UnsupportedExpression

Z = Dummy("z", real=True)  # a dummy: the variables of a claim may have any name
_SMOOTH = (exp, log, tanh, sinh, cosh)
_KINKED = (Abs, Max, Min, sign, Piecewise)
_MOST = 6


@dataclass(frozen=True)
class Composite:
    """``term`` equals ``form`` at Z = ``inner``."""

    term: Expr
    form: Expr
    inner: Expr


@dataclass(frozen=True)
class Shape:
    """What is proved about g on an interval; None where nothing is."""

    lower: tuple[Expr, bool] | None  # (infimum, attained)
    upper: tuple[Expr, bool] | None
    order: str | None
    bend: str | None
    slope: Expr | None  # a Lipschitz constant


def composites(statements: Iterable[Basic]) -> list[Composite]:
    """The maximal one-variable composites that are more than one exp or log."""
    found: dict[Expr, Composite] = {}
    for statement in statements:
        for composite in _visit(statement):
            found.setdefault(composite.term, composite)
    return list(found.values())[:_MOST]


def _visit(e: Basic) -> Iterator[Composite]:
    if not e.has(*_SMOOTH):
        return
    if isinstance(e, Expr) and (made := _composite(e)):
        yield made
    elif isinstance(e, Add | Mul):
        yield from _visit_groups(e)
    else:
        for arg in e.args:
            yield from _visit(arg)


def _visit_groups(e: Expr) -> Iterator[Composite]:
    """Summands or factors with the same inner expression belong together."""
    groups: dict[Any, list[Expr]] = {}
    for arg in e.args:
        if arg.has(*_SMOOTH):
            groups.setdefault(_inner(arg), []).append(arg)
    for inner, args in groups.items():
        made = _composite(e.func(*args)) if inner is not None and len(args) > 1 else None
        if made:
            yield made
        else:
            for arg in args:
                yield from _visit(arg)


def _innermost(e: Basic) -> Iterator[Expr]:
    """Transcendental nodes whose argument is algebraic."""
    if isinstance(e, _SMOOTH) and not e.args[0].has(*_SMOOTH):
        yield e
    else:
        for arg in e.args:
            yield from _innermost(arg)


def _inner(e: Expr) -> Expr | None:
    """w when every innermost argument is c*w + d with rational c, d."""
    forms = []
    for node in _innermost(e):
        form = linear_form(node.args[0])
        forms.append({m: c for m, c in form.items() if m != 1})
    if not forms or not all(forms) or any(combination([forms[0]], f) is None for f in forms):
        return None
    first = next(iter(forms[0].values()))
    return Add(*(c / abs(first) * m for m, c in forms[0].items()))


def _composite(e: Expr) -> Composite | None:
    _, e = e.as_coeff_Mul(rational=True)
    core = e.base if isinstance(e, Pow) else e
    inner = None if isinstance(core, exp | log) and core in _innermost(e) else _inner(e)
    if inner is None or e.has(*_KINKED):
        return None
    replaced = {}
    for node in _innermost(e):
        form = linear_form(node.args[0])
        (c,) = combination([linear_form(inner)], {m: k for m, k in form.items() if m != 1}) or (0,)
        slope = Rational(int(c.numerator), int(c.denominator))
        replaced[node] = node.func(slope * Z + form.get(S.One, 0))
    form_in_z = e.xreplace(replaced)
    if isinstance(inner, Symbol):
        form_in_z = form_in_z.xreplace({inner: Z})
    return Composite(e, form_in_z, inner) if form_in_z.free_symbols == {Z} else None


# -- facts -----------------------------------------------------------------------------------------


def composite_facts(
    opaque: Opaque, facts: Sequence[Basic], found: Sequence[Composite], deadline: float
) -> Iterator[tuple[Formula, Formula]]:
    """(where, fact) for every composite and every pair of the same function."""
    for c in found:
        if clock.now() > deadline:
            return
        try:
            domain = domain_of(c.inner, facts)
            yield from _own_facts(opaque, c, shape(c.form, domain), domain)
        except UnsupportedExpression:
            continue
    for a, b in itertools.combinations(found, 2):
        if clock.now() > deadline:
            return
        for first, second in _aligned(a, b):
            try:
                yield from _pair_facts(opaque, first, second)
            except UnsupportedExpression:
                continue


def _aligned(a: Composite, b: Composite) -> Iterator[tuple[Composite, Composite]]:
    """The pair as two values of one function, if need be after a change of sign of w."""
    mirrored = Composite(b.term, b.form.xreplace({Z: -Z}), -b.inner)
    if a.form == b.form:
        yield a, b
    elif a.form == mirrored.form:
        yield a, mirrored


def _own_facts(
    opaque: Opaque, c: Composite, s: Shape, domain: Any
) -> Iterator[tuple[Formula, Formula]]:
    (g, where), (w, where_w) = opaque.term(c.term), opaque.term(c.inner)
    where, at = every((where, where_w)), _touching_point(domain)
    if s.lower:
        yield where, Literal(g - opaque.term(s.lower[0])[0], AT_LEAST if s.lower[1] else ABOVE)
    if s.upper:
        yield where, Literal(opaque.term(s.upper[0])[0] - g, AT_LEAST if s.upper[1] else ABOVE)
    if s.bend in ("convex", "concave"):
        way = 1 if s.bend == "convex" else -1
        value, slope = (opaque.term(f.subs(Z, at))[0] for f in (c.form, c.form.diff(Z)))
        yield where, Literal(way * (g - value - slope * (w - at)), AT_LEAST)


def _touching_point(domain: Any) -> Expr:
    """0, or the finite end of a domain without 0: where a tangent is taken."""
    if S.Zero in domain:
        return S.Zero
    return domain.inf if domain.inf.is_finite else domain.sup


def _pair_facts(opaque: Opaque, a: Composite, b: Composite) -> Iterator[tuple[Formula, Formula]]:
    s = shape(a.form, S.Reals)
    (g, where_g), (h, where_h) = opaque.term(a.term), opaque.term(b.term)
    (u, where_u), (w, where_w) = opaque.term(a.inner), opaque.term(b.inner)
    where = every((where_g, where_h, where_u, where_w))
    way = {"increasing": 1, "decreasing": -1}.get(s.order or "")
    if way:
        yield where, Literal(way * (g - h) * (u - w), AT_LEAST)
        yield from ((where, fact) for fact in same_order(u - w, way * (g - h)))
    if s.slope is not None:
        slope = opaque.term(s.slope)[0]
        yield where, Literal((slope * (u - w)) ** 2 - (g - h) ** 2, AT_LEAST)
    if s.bend in ("convex", "concave"):
        yield from _tangents(opaque, a, b, 1 if s.bend == "convex" else -1, where)
        yield from _tangents(opaque, b, a, 1 if s.bend == "convex" else -1, where)


def _tangents(
    opaque: Opaque, a: Composite, b: Composite, way: int, where: Formula
) -> Iterator[tuple[Formula, Formula]]:
    """g(a) >= g(b) + g'(b) (a - b) when g' is rational in exponentials that occur."""
    derivative = b.form.diff(Z)
    if derivative.has(log):
        return
    (g, _), (h, _), (u, _), (w, _) = (opaque.term(e) for e in (a.term, b.term, a.inner, b.inner))
    slope, defined = opaque.term(derivative.xreplace({Z: b.inner}))
    yield every((where, defined)), Literal(way * (g - h - slope * (u - w)), AT_LEAST)


def domain_of(w: Expr, facts: Iterable[Basic]) -> Any:
    """The interval to which signs and facts of the form w <= rational confine w."""
    low, high = -oo, oo
    if w.is_nonnegative:
        low = S.Zero
    if w.is_nonpositive:
        high = S.Zero
    form = linear_form(w)
    for fact in facts:
        if isinstance(fact, Ge | Gt | Le | Lt):
            difference = fact.lhs - fact.rhs if isinstance(fact, Ge | Gt) else fact.rhs - fact.lhs
            own = linear_form(difference)
            multiple = combination([form], {m: c for m, c in own.items() if m != 1})
            if multiple and multiple[0]:
                c = Rational(int(multiple[0].numerator), int(multiple[0].denominator))
                bound = -own.get(S.One, S.Zero) / c
                low, high = (Max(low, bound), high) if c > 0 else (low, Min(high, bound))
    return S.Reals if (low, high) == (-oo, oo) or low >= high else Interval(low, high)


@lru_cache(maxsize=256)
def shape(form: Expr, domain: Any) -> Shape:
    """Range, order, bend and slope of g, each proved or None."""
    from theory.reasoning import one_variable

    limit = clock.now() + 5.0
    if not _defined_on(form, domain, limit):
        return Shape(None, None, None, None, None)
    slope = form.diff(Z)
    tops = [one_variable.supremum(f, Z, domain, limit) for f in (form, slope, -slope)]
    bottom = one_variable.infimum(form, Z, domain, limit)
    return Shape(
        _finite(bottom),
        _finite(tops[0]),
        one_variable.monotonicity(form, Z, domain, limit),
        one_variable.convexity(form, Z, domain, limit),
        _lipschitz(tops[1], tops[2]),
    )


def _finite(bound: Any) -> tuple[Expr, bool] | None:
    return None if bound is None or not bound.value.is_finite else (bound.value, bound.attained)


def _lipschitz(up: Any, down: Any) -> Expr | None:
    """The larger of sup g' and sup -g', both finite."""
    if _finite(up) is None or _finite(down) is None:
        return None
    larger = Max(up.value, down.value)
    return None if larger.has(Max) else larger


def _defined_on(form: Expr, domain: Any, deadline: float) -> bool:
    """Denominators of one sign and positive logarithm arguments on the whole domain."""
    from theory.reasoning import one_variable

    def positive(e: Expr) -> bool:
        return e.is_positive or (
            one_variable.prove_nonnegative(e, Z, domain, True, deadline) is not None
        )

    for node in form.atoms(Pow, log):
        inside = node.args[0]
        if isinstance(node, log):
            if not positive(inside):
                return False
        elif node.exp.is_Integer:
            if node.exp.is_negative and not (positive(inside) or positive(-inside)):
                return False
        elif not positive(inside):
            return False
    return True


__all__ = ["Composite", "Shape", "composite_facts", "composites", "shape"]
