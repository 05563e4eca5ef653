"""Hypotheses that no SymPy relation expresses: a vector lies in an open orthant."""

from __future__ import annotations

from typing import Any

from sympy import Basic
from sympy.logic.boolalg import Boolean

from theory.vectors import VectorExpr, vector


class InOrthant(Boolean):
    """s_i v_i > 0 for every i."""

    def __new__(cls, v: Any, s: Any) -> InOrthant:
        return Basic.__new__(cls, vector(v, "in_orthant"), vector(s, "in_orthant"))

    @property
    def vector(self) -> VectorExpr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def signs(self) -> VectorExpr:
        return self.args[1]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        return "in_orthant({}, {})".format(*(printer._print(a) for a in self.args))

    def _latex(self, printer: Any) -> str:
        v, s = (printer._print(a) for a in self.args)
        return rf"{s} \odot {v} > 0"


def in_orthant(v: Any, s: Any) -> InOrthant:
    """The hypothesis s_i v_i > 0 for all i.

    >>> from theory.vectors import Signs, Vector
    >>> in_orthant(Vector("theta"), Signs("s"))
    in_orthant(theta, s)
    """
    return InOrthant(v, s)
