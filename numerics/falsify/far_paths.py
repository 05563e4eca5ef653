"""Ratios that grow without bound far out, at a fixed distance of the two points.

With z = 1/t, a component D(z) of the difference has limit infinity if D' stays above a positive
number (or below a negative one) on [z0, oo), which outward-rounded ranges prove.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from numerics.falsify.repairs import Point
from theory.enclosure import Range, range_of
from theory.enclosure import Unsupported as NotEnclosed

Z = sp.Dummy("z", positive=True)
STARTS = (1, 10, 100)


def far_limit(
    f: Sequence[sp.Expr],
    given: Any,
    first: Sequence[sp.Symbol],
    point: Point,
    ends: tuple[tuple[Any, ...], tuple[Any, ...]],
    t: sp.Symbol,
) -> bool:
    """Whether the ratio certainly has limit infinity as t -> 0+."""
    paths = [
        {**point, **dict(zip(first, (_far_out(e, t) for e in end), strict=True))} for end in ends
    ]
    for start in STARTS:
        shifted = [{s: sp.sympify(v).subs(Z, Z + start) for s, v in path.items()} for path in paths]
        if not all(_holds(given, path) for path in shifted):
            continue
        if any(_grows(c, shifted) for c in f):
            return True
    return False


def _far_out(e: Any, t: sp.Symbol) -> sp.Expr:
    return sp.expand(sp.sympify(e).subs(t, 1 / Z))


def _grows(f: sp.Expr, paths: list[dict]) -> bool:
    plain = [_without_kinks(f.xreplace(path)) for path in paths]
    if plain[0] is None or plain[1] is None:
        return False
    slope = sp.diff(plain[0] - plain[1], Z)
    for form in (slope, _grouped(slope)):
        found = _range(form)
        if found is not None and (found.lo > 1e-9 or found.hi < -1e-9):
            return True
    return False


def _grouped(f: sp.Expr) -> sp.Expr:
    """Terms with the same function of z collected, so that their constants cancel exactly."""
    parts: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(f)):
        constant, part = term.as_independent(Z, as_Add=False)
        parts[part] = parts.get(part, sp.S.Zero) + constant
    return sp.Add(*(c * p for p, c in parts.items()))


def _range(f: sp.Expr) -> Range | None:
    try:
        return range_of(f, {Z: Range(0, None)})
    except NotEnclosed:
        return None


def _side(f: sp.Expr) -> int | None:
    """The sign of f on all of [0, oo); None where it is not one sign for certain."""
    f = sp.expand(f)
    if f == 0:
        return 0
    found = _range(f)
    if found is None:
        return None
    return 1 if found.lo > 0 else -1 if found.hi < 0 else None


def _without_kinks(f: sp.Expr) -> sp.Expr | None:
    """f with |.|, Max and sqrt of squares resolved on the whole ray."""
    lost: list[bool] = []

    def settle(e: Any) -> Any:
        if isinstance(e, sp.Abs | sp.sign):
            side = _side(e.args[0])
            if side is None:
                lost.append(True)
                return e
            return sp.Integer(side) if isinstance(e, sp.sign) else side * e.args[0]
        return _settled_choice(e, lost)

    kinds = sp.Abs, sp.sign, sp.Max, sp.Min, sp.Piecewise
    result = _without_roots(_without_roots(f).replace(lambda e: isinstance(e, kinds), settle))
    return None if lost or result.has(*kinds) else result


def _settled_choice(e: Any, lost: list[bool]) -> Any:
    if isinstance(e, sp.Piecewise):
        for value, condition in e.args:
            truth = condition if condition in (sp.true, sp.false) else _truth(condition)
            if truth == sp.true or truth is True:
                return value
            if truth is None:
                break
        lost.append(True)
        return e
    side = 1 if isinstance(e, sp.Max) else -1
    best = e.args[0]
    for a in e.args[1:]:
        order = _side(a - best)
        if order is None:
            lost.append(True)
            return e
        best = a if side * order > 0 else best
    return best


def _truth(condition: Any) -> bool | None:
    side = _side(condition.lhs - condition.rhs) if hasattr(condition, "lhs") else None
    if side is None:
        return None
    return {"<": side < 0, "<=": side <= 0, ">": side > 0, ">=": side >= 0,
            "==": side == 0, "!=": side != 0}[condition.rel_op]  # fmt: skip


def _without_roots(f: sp.Expr) -> sp.Expr:
    def is_root(e: Any) -> bool:
        return e.is_Pow and not e.exp.is_Integer and e.base.has(Z) and e.base is not sp.E

    return f.replace(is_root, _root)


def _root(e: sp.Pow) -> sp.Expr:
    """(c (z + k)^n)^r as c^r (z + k)^(n r): a vector on a ray has a polynomial length."""
    factored = sp.factor(sp.expand(e.base))
    return sp.expand(sp.powdenest(factored**e.exp, force=False))


def _holds(given: Any, path: dict) -> bool:
    formula = given.xreplace(path)
    parts = formula.args if isinstance(formula, sp.And) else (formula,)
    for g in parts:
        if g == sp.true:
            continue
        if g == sp.false or isinstance(g, sp.Or | sp.Not):
            return False
        plain = _without_kinks(g.lhs - g.rhs)
        side = None if plain is None else _side(plain)
        wanted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "==": (0,), "!=": (1, -1)}
        if side not in wanted[g.rel_op]:
            return False
    return True
