"""Any statement in LaTeX: what SymPy prints, and the kinds that only this package has.

>>> from theory import Lipschitz, Vector, norm
>>> latex(Lipschitz(norm(Vector("u")), wrt=Vector("u"), constant=1))
'\\\\operatorname{Lip}_{u}\\\\left(\\\\left\\\\|u\\\\right\\\\|_{2}\\\\right) \\\\leq 1'
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import sympy

from theory.statements import Convex, Differentiable, Equal, Lipschitz, Maximizes, Not, Smooth


@singledispatch
def latex(statement: Any) -> str:
    """LaTeX, without dollar signs; the plain text where a new kind of statement has none."""
    return str(sympy.latex(statement))


@latex.register
def _(statement: Equal) -> str:
    return f"{latex(statement.left)} = {latex(statement.right)}"


@latex.register
def _(statement: Lipschitz) -> str:
    value, wrt = latex(statement.f), latex(statement.wrt)
    return rf"\operatorname{{Lip}}_{{{wrt}}}\left({value}\right) {_bound(statement.constant)}"


@latex.register
def _(statement: Smooth) -> str:
    value, wrt = latex(statement.f), latex(statement.wrt)
    gradient = rf"\nabla_{{{wrt}}}\left({value}\right)"
    return rf"\operatorname{{Lip}}_{{{wrt}}}\left({gradient}\right) {_bound(statement.constant)}"


def _bound(constant: Any) -> str:
    return r"< \infty" if constant is None else rf"\leq {latex(constant)}"


@latex.register
def _(statement: Differentiable) -> str:
    wrt = latex(statement.wrt)
    return rf"{wrt} \mapsto {latex(statement.f)} \text{{ is differentiable}}"


@latex.register
def _(statement: Convex) -> str:
    return rf"{latex(statement.wrt)} \mapsto {latex(statement.f)} \text{{ is convex}}"


@latex.register
def _(statement: Maximizes) -> str:
    point, wrt = latex(statement.point), latex(statement.wrt)
    over = rf"\text{{{statement.over}}}"
    value = latex(statement.objective)
    return rf"{point} \in \operatorname*{{arg\,max}}_{{{wrt} \in {over}}} \left({value}\right)"


@latex.register
def _(statement: Not) -> str:
    return rf"\neg \left({latex(statement.statement)}\right)"
