"""Convexity by composition, in the spirit of disciplined convex programming.

.. math:: g \\text{ convex and non-increasing},\\ w \\text{ concave} \\Rightarrow g\\circ w
          \\text{ convex}.

Facts about one-variable functions g are proved, not declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Abs, Add, Expr, Interval, Max, Min, Mul

from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.slopes import hull_of, range_of
from theory.scalars import Dot, Norm
from theory.vectors import AbsPower, VectorExpr, factors

FLIP = {"convex": "concave", "concave": "convex", "affine": "affine"}


@dataclass(frozen=True)
class Curvature:
    """'convex', 'concave' or 'affine', with the rules that gave it."""

    kind: str
    steps: tuple[str, ...] = ()


def curvature(e: Expr, wrt: Any, given: tuple[Any, ...] = ()) -> Curvature | None:
    """The curvature of a scalar expression in ``wrt`` on convex domains, or None.

    >>> from theory.scalars import norm
    >>> from theory.vectors import Vector
    >>> curvature(norm(Vector("theta")) ** 2, Vector("theta")).kind
    'convex'
    """
    if not depends(e, wrt) or e == wrt:
        return Curvature("affine")
    if isinstance(e, Norm):
        return _of_norm(e, wrt)
    if isinstance(e, Dot):
        return _of_dot(e, wrt)
    if e.is_Add:
        return joined([curvature(a, wrt, given) for a in Add.make_args(e)], f"sum {e}")
    if isinstance(e, Max | Min):
        return _of_extremum(e, wrt, given)
    if isinstance(e, Abs) and (c := curvature(e.args[0], wrt, given)) and c.kind == "affine":
        return Curvature("convex", (*c.steps, f"{e}: absolute value of an affine function"))
    found = _of_multiple(e, wrt, given) or _of_composite(e, wrt, given)
    if found is None:
        from theory.reasoning.convex_rules import of_exponentials, of_power_sum

        found = of_exponentials(e, wrt, given) or of_power_sum(e, wrt, given)
    return found


def affine(v: VectorExpr, wrt: Any) -> bool:
    """Whether every component of the vector is affine in ``wrt``."""
    return all(_affine_term(c, b, wrt) for c, b in v.terms())


def _affine_term(c: Expr, b: VectorExpr, wrt: Any) -> bool:
    if depends(c, wrt):
        shape = curvature(c, wrt)
        return not depends(b, wrt) and shape is not None and shape.kind == "affine"
    moving = [f for f in factors(b) if depends(f, wrt)]
    return not moving or moving == [wrt]


def _of_norm(n: Norm, wrt: Any) -> Curvature | None:
    if affine(n.vector, wrt):
        return Curvature("convex", (f"{n}: norm of an affine function",))
    return None


def _of_dot(d: Dot, wrt: Any) -> Curvature | None:
    u, v = d.args
    parts = [f for a in (u, v) for f in factors(a)]  # type: ignore[arg-type]
    moving = [f for f in parts if depends(f, wrt)]
    if moving == [wrt]:
        return Curvature("affine", (f"{d}: linear in {wrt}",))
    if len(moving) == 1 and isinstance(moving[0], AbsPower) and moving[0].inner == wrt:
        others = [f for f in parts if f not in moving]
        if (moving[0].exponent - 1).is_nonnegative and all(_nonnegative(f) for f in others):
            return Curvature("convex", (f"{d}: non-negative weights of |{wrt}_i|^r",))
    return None


def _nonnegative(f: VectorExpr) -> bool:
    from theory.vectors import Ones

    return isinstance(f, Ones | AbsPower)


def joined(kinds: list[Curvature | None], what: str) -> Curvature | None:
    if any(k is None for k in kinds):
        return None
    known = [k for k in kinds if k is not None]
    distinct = {k.kind for k in known} - {"affine"}
    if len(distinct) > 1:
        return None
    kind = distinct.pop() if distinct else "affine"
    return Curvature(kind, (*(s for k in known for s in k.steps), f"{what}: {kind}"))


def _of_extremum(e: Expr, wrt: Any, given: tuple[Any, ...]) -> Curvature | None:
    wanted = "convex" if isinstance(e, Max) else "concave"
    found = joined([curvature(a, wrt, given) for a in e.args], f"{e}")
    if found is None and isinstance(e, Max):
        from theory.reasoning.convex_rules import of_two_ends

        return of_two_ends(e, wrt, given)
    if found is None or found.kind not in (wanted, "affine"):
        return None
    return Curvature(wanted, found.steps)


def _of_multiple(e: Expr, wrt: Any, given: tuple[Any, ...]) -> Curvature | None:
    if not e.is_Mul:
        return None
    fixed = Mul(*(f for f in Mul.make_args(e) if not depends(f, wrt)))
    moving = Mul(*(f for f in Mul.make_args(e) if depends(f, wrt)))
    inner = curvature(moving, wrt, given) if fixed != 1 else None
    if inner is None:
        return None
    if inner.kind == "affine" or fixed.is_nonnegative:
        return inner
    if fixed.is_nonpositive:
        return Curvature(FLIP[inner.kind], (*inner.steps, f"times {fixed} <= 0"))
    return None


def _of_composite(e: Expr, wrt: Any, given: tuple[Any, ...]) -> Curvature | None:
    found = composite(e, wrt)
    if found is None or found.inner == e:
        return None
    inner = curvature(found.inner, wrt, given)
    if inner is None:
        return None
    shape, trend = _shape(found.form, _range(found.inner, wrt, given))
    kind = _compose(shape, trend, inner.kind)
    if kind is None:
        return None
    note = f"g(z) = {found.form} is {shape}, {trend or 'not monotone'}; z = {found.inner}: {kind}"
    return _of_sign(found.factor, Curvature(kind, (*inner.steps, note)))


def _of_sign(factor: Expr, c: Curvature) -> Curvature | None:
    if factor.is_nonnegative:
        return c
    if factor.is_nonpositive:
        return Curvature(FLIP[c.kind], (*c.steps, f"times {factor} <= 0"))
    return None


def _range(inner: Expr, wrt: Any, given: tuple[Any, ...]) -> Interval:
    return hull_of(wrt, given) if inner == wrt else range_of(inner, given)


def _shape(form: Expr, domain: Interval) -> tuple[str | None, str | None]:
    from theory.reasoning import one_variable

    return (
        one_variable.convexity(form, INNER, domain),
        one_variable.monotonicity(form, INNER, domain),
    )


def _compose(shape: str | None, trend: str | None, inner: str) -> str | None:
    """The curvature of g(w) from the shape and trend of g and the curvature of w."""
    if shape is None:
        return None
    if inner == "affine":
        return shape
    same = inner if trend in ("increasing", "constant") else FLIP[inner]
    if trend is None:
        return None
    return same if shape in ("affine", same) else None
