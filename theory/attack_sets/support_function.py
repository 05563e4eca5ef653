"""Any convex attack set K, by its support function.

.. math:: h_K(t) = \\max_{\\delta\\in K} \\langle t, \\delta\\rangle, \\qquad
          \\delta^*(t) = \\nabla h_K(t).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sympy import Basic, Dummy, Expr, Max, Min, expand, factor_terms
from sympy.core.symbol import Str

from theory.calculus import gradient
from theory.scalars import Norm, norm
from theory.vectors import Vector, VectorExpr, scalar, vector

# The bound variable of every support function: claims may not use names with primes.
PROBE = Basic.__new__(Vector, Str("t''"))


class AttackSet:
    """A compact convex set of perturbations, ``AttackSet(support=lambda t: ...)``.

    >>> from theory.scalars import norm
    >>> AttackSet(support=lambda t: norm(t) + norm(t, 1)).support(Vector("theta"))
    norm(theta, 1) + norm(theta)
    """

    def __init__(self, support: Callable[[Vector], Expr]) -> None:
        if not callable(support):
            raise TypeError(f"AttackSet: expected support=lambda t: ..., got {support!r}")
        self._form = scalar(support(PROBE), "AttackSet: support function")
        _check_homogeneous(self._form)
        _check_convex(self._form)

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
        return f"attack set with support function {shown(self._form)}"

    __repr__ = __str__


def shown(form: Expr) -> Expr:
    """The support function as a user writes it, of t."""
    return form.xreplace({PROBE: Vector("t")})


def substitute(obj: Any, values: dict[Any, Any]) -> Any:
    """Replace variables and restore the canonical forms."""
    return obj.xreplace(values)


@lru_cache(maxsize=256)
def _check_convex(form: Expr) -> None:
    """A support function is convex: concave ones, and those with a witness, are refused."""
    from theory.attack_sets.subadditivity import witness
    from theory.reasoning.convexity import curvature

    shape = curvature(form, PROBE)
    if shape is not None and shape.kind == "concave":
        raise ValueError(
            f"AttackSet: expected a convex support function, got the concave h(t) = {shown(form)}"
        )
    found = witness(form, PROBE) if shape is None else None
    if found is not None:
        u, v = found
        raise ValueError(
            f"AttackSet: expected a convex support function, got h(t) = {shown(form)} with "
            f"h(u + v) > h(u) + h(v) at u = {u}, v = {v}"
        )


def _check_homogeneous(form: Expr) -> None:
    """h(k t) = k h(t) for k > 0, which every support function satisfies."""
    k = Dummy("k", positive=True)
    if expand(_without_factor(form.xreplace({PROBE: k * PROBE}), k) - k * form) != 0:
        raise ValueError(
            f"AttackSet: expected a support function, h(k*t) = k*h(t) for k > 0, got h(t) = "
            f"{shown(form)}"
        )


def _without_factor(e: Expr, k: Dummy) -> Expr:
    """The same value for k > 0, with k pulled out of norms, roots, maxima and minima."""
    rules = {n: k * norm(1 / k * n.args[0], n.args[1]) for n in e.atoms(Norm) if n.has(k)}
    return factor_terms(e.xreplace(rules)).replace(
        lambda m: isinstance(m, Max | Min) and m.has(k) and all(a.has(k) or a == 0 for a in m.args),
        lambda m: k * m.func(*(expand(a / k) for a in m.args)),
    )
