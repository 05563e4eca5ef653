"""Where a convex combination of norms has no gradient.

.. math:: \\|v\\|_p,\\ 1<p<\\infty: v = 0; \\qquad \\|v\\|_1: \\text{some } v_i = 0; \\qquad
          \\|v\\|_\\infty: v = 0 \\text{ or } |v_i| = |v_j| = \\max_k |v_k|.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Eq, Expr, Max, Min, Or, false, oo
from sympy.logic.boolalg import Boolean

from theory.scalars import Norm, norm
from theory.vectors import VectorExpr, vector


class ZeroComponent(Boolean):
    """v_i = 0 for some i."""

    def __new__(cls, v: Any) -> ZeroComponent:
        return Basic.__new__(cls, vector(v, "ZeroComponent"))

    def _sympystr(self, printer: Any) -> str:
        return f"zero_component({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        return rf"\exists i:\ ({printer._print(self.args[0])})_i = 0"


class TiedPeak(Boolean):
    """v = 0, or two components share the largest |v_i|."""

    def __new__(cls, v: Any) -> TiedPeak:
        return Basic.__new__(cls, vector(v, "TiedPeak"))

    def _sympystr(self, printer: Any) -> str:
        return f"tied_peak({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        v = printer._print(self.args[0])
        return rf"{v} = 0 \lor \exists i\ne j:\ |{v}|_i = |{v}|_j = \|{v}\|_\infty"


def kink_set(f: Expr) -> Boolean:
    """The kinks of a sum of norms and linear terms; a superset where Max or Min occurs.

    >>> from theory.vectors import Vector
    >>> kink_set(norm(Vector("theta")))
    Eq(norm(theta), 0)
    """
    parts: list[Boolean] = [_kinks_of_norm(n) for n in f.atoms(Norm)]
    for m in f.atoms(Max, Min):
        parts += [Eq(a, b) for k, a in enumerate(m.args) for b in m.args[k + 1 :]]
    return Or(*parts) if parts else false


def _kinks_of_norm(n: Norm) -> Boolean:
    v: VectorExpr = n.vector
    if n.p == 1:
        return ZeroComponent(v)
    return TiedPeak(v) if n.p == oo else Eq(norm(v), 0)
