"""Any convex attack set K, by its support function.

.. math:: h_K(t) = \\max_{\\delta\\in K} \\langle t, \\delta\\rangle, \\qquad
          \\delta^*(t) = \\nabla h_K(t).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Dummy, Expr, Max, Min, expand, factor_terms

from theory.calculus import gradient
from theory.vectors import Vector, VectorExpr, scalar, vector

PROBE = Vector("support_direction")


class AttackSet:
    """A compact convex set of perturbations, ``AttackSet(support=lambda t: ...)``.

    >>> from theory.scalars import norm
    >>> AttackSet(support=lambda t: norm(t) + norm(t, 1)).support(PROBE)
    norm(support_direction, 1) + norm(support_direction)
    """

    def __init__(self, support: Callable[[Vector], Expr]) -> None:
        if not callable(support):
            raise TypeError(f"AttackSet: expected support=lambda t: ..., got {support!r}")
        self._form = scalar(support(PROBE), "AttackSet: support function")
        _check_homogeneous(self._form)
        _check_not_concave(self._form)

    def support(self, t: VectorExpr) -> Expr:
        """h_K(t)."""
        return substitute(self._form, {PROBE: vector(t, "support")})

    def maximiser(self, t: VectorExpr) -> VectorExpr:
        """A point of K that maximises <t, .>: the gradient of h_K, where it has one."""
        direction = gradient(self._form, PROBE, "almost everywhere")
        return substitute(direction, {PROBE: vector(t, "maximiser")})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttackSet) and self._form == other._form

    def __hash__(self) -> int:
        return hash((AttackSet, self._form))

    def __str__(self) -> str:
        return f"attack set with support function {self._form}"

    __repr__ = __str__


def substitute(obj: Any, values: dict[Any, Any]) -> Any:
    """Replace variables and restore the canonical forms."""
    return obj.xreplace(values)


def _check_not_concave(form: Expr) -> None:
    """A support function is convex; one that is concave and not linear is refused."""
    from theory.reasoning.convexity import curvature

    shape = curvature(form, PROBE)
    if shape is not None and shape.kind == "concave":
        raise ValueError(
            f"AttackSet: expected a convex support function, got the concave h(t) = "
            f"{form.xreplace({PROBE: Vector('t')})}"
        )


def _check_homogeneous(form: Expr) -> None:
    """h(k t) = k h(t) for k > 0, which every support function satisfies."""
    k = Dummy("k", positive=True)
    if expand(_without_factor(form.xreplace({PROBE: k * PROBE}), k) - k * form) != 0:
        raise ValueError(
            f"AttackSet: expected a support function, h(k*t) = k*h(t) for k > 0, got h(t) = "
            f"{form.xreplace({PROBE: Vector('t')})}"
        )


def _without_factor(e: Expr, k: Dummy) -> Expr:
    """The same value for k > 0, with k pulled out of roots, maxima and minima."""
    return factor_terms(e).replace(
        lambda m: isinstance(m, Max | Min),
        lambda m: k * m.func(*(expand(a / k) for a in m.args)),
    )
