"""Losses of the margin, l = phi(m): any SymPy expression in one symbol.

.. math:: \\text{logistic: } \\phi(m) = \\log(1 + e^{-m}), \\qquad \\phi'(m) = -1/(1 + e^m).

Nothing about phi is declared: monotonicity and convexity are proved from the expression.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Dummy, Expr, Max, S, Symbol, cancel, exp, factor, log
from sympy.polys.polyerrors import PolynomialError

from theory.calculus import derivative
from theory.vectors import scalar

MARGIN = Symbol("m", real=True)


@dataclass(frozen=True, init=False)
class MarginLoss:
    """phi of the margin; ``loss(m)`` is the expression at m.

    >>> squared = MarginLoss("squared", (1 - MARGIN) ** 2)
    >>> squared(0)
    1
    """

    name: str
    phi: Expr

    def __init__(self, name: str, phi: Expr | Callable[[Symbol], Expr]) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"MarginLoss({name!r}, ...): expected a name")
        body = phi(MARGIN) if callable(phi) and not isinstance(phi, Expr) else phi
        body = scalar(body, f"MarginLoss {name!r}")
        symbols = body.free_symbols
        if len(symbols) != 1:
            raise ValueError(
                f"MarginLoss {name!r}: expected an expression in one symbol, got {body} "
                f"with {len(symbols)} symbols"
            )
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "phi", body.xreplace({symbols.pop(): MARGIN}))

    def __call__(self, m: Any) -> Expr:
        return self.phi.subs(MARGIN, scalar(m, f"margin of {self.name}"))

    def derivative(self, order: int = 1) -> Expr:
        """The derivative of phi, off its kinks, as an expression in ``MARGIN``."""
        return _derivative(self.phi, order)

    def slope(self, m: Any, order: int = 1) -> Expr:
        """The derivative of phi at m."""
        return self.derivative(order).subs(MARGIN, scalar(m, f"margin of {self.name}"))

    def monotonicity(self) -> str | None:
        """'decreasing', 'increasing', 'constant' (weak senses, proved) or None."""
        return _shape(self.phi, "monotonicity")

    def convexity(self) -> str | None:
        """'convex', 'concave', 'affine' (proved) or None."""
        return _shape(self.phi, "convexity")


@cache
def _shape(phi: Expr, which: str) -> str | None:
    from theory.reasoning import one_variable

    return getattr(one_variable, which)(phi, MARGIN, S.Reals)


@cache
def _derivative(phi: Expr, order: int) -> Expr:
    if order == 0:
        return phi
    return tidy(derivative(_derivative(phi, order - 1), MARGIN, "almost everywhere"), MARGIN)


def tidy(f: Expr, m: Symbol) -> Expr:
    """A rational function of exp(k m) in lowest terms, by exact cancellation; else f itself."""
    t = Dummy("t", positive=True)
    inside = f.replace(
        lambda e: isinstance(e, exp) and (e.args[0] / m).is_Integer,
        lambda e: t ** (e.args[0] / m),
    )
    if inside.has(m) or not inside.is_rational_function(t):
        return f
    try:
        return factor(cancel(inside)).subs(t, exp(m))
    except PolynomialError:
        return f


logistic = MarginLoss("logistic", log(1 + exp(-MARGIN)))
exponential = MarginLoss("exponential", exp(-MARGIN))
hinge = MarginLoss("hinge", Max(0, 1 - MARGIN))
squared_hinge = MarginLoss("squared hinge", Max(0, 1 - MARGIN) ** 2)
