"""Transcendental factors as unknowns: g(w) becomes a number between inf g and sup g.

.. math:: \\phi''(m)\\,t^2 + \\frac{\\epsilon}{r}\\,s(-m) \\to P\\,t^2 + \\frac{\\epsilon}{r}\\,S,
          \\qquad 0 < P \\le \\tfrac14,\\ 0 < S < 1.

What lemmas say about the factors is kept; everything else about them is forgotten, so what is
proved this way holds for every value in the range.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, And, Dummy, Expr, Mul, Or, S, exp, expand, log
from sympy.core.relational import Ge, Gt, Le, Lt
from sympy.logic.boolalg import Boolean

from theory.losses import tidy
from theory.reasoning import one_variable
from theory.reasoning.composites import INNER, Composite, whole_composite
from theory.reasoning.quadratic_forms import expand_outside
from theory.reasoning.slopes import continuous
from theory.reasoning.values import value_at
from theory.scalars import variables


class Factors:
    """One unknown for each transcendental factor."""

    def __init__(self) -> None:
        self.marks: dict[Expr, Dummy] = {}

    def relation(self, r: Any) -> Any:
        """The inequality with its factors replaced, gap >= 0 or gap > 0."""
        if not isinstance(r, Le | Ge | Lt | Gt):
            return r
        gap = Add(*(self._term(t) for t in Add.make_args(expand_outside(r.gts - r.lts))))
        return gap > 0 if isinstance(r, Lt | Gt) else gap >= 0

    def _term(self, term: Expr) -> Expr:
        factors = Mul.make_args(term)
        g = Mul(*(f for f in factors if f.atoms(exp, log) and variables(f)))
        rest = Mul(*(f for f in factors if not (f.atoms(exp, log) and variables(f))))
        return term if g == 1 else rest * self.marks.setdefault(g, Dummy("g", real=True))

    def ranges(self) -> list[Boolean]:
        """inf g <= g <= sup g, strict where not attained."""
        facts: list[Boolean] = []
        seen: list[tuple[Composite, Dummy]] = []
        for g, mark in self.marks.items():
            found = whole_composite(g)
            if found is None:
                continue
            facts += [f for other, m in seen for f in _mean_value(found, mark, other, m)]
            at_zero = value_at(found.form, INNER, 0)
            if at_zero is not None:
                facts += _mean_value(found, mark, Composite(S.One, found.form, S.Zero), at_zero)
            seen.append((found, mark))
            top = one_variable.supremum(found.form, INNER, S.Reals)
            low = one_variable.infimum(found.form, INNER, S.Reals)
            if top is not None and top.value.is_finite:
                facts.append(mark <= top.value if top.attained else mark < top.value)
            if low is not None and low.value.is_finite:
                facts.append(mark >= low.value if low.attained else mark > low.value)
        return facts


def _mean_value(a: Composite, x: Dummy, b: Composite, y: Expr) -> list[Boolean]:
    """g(w) - g(w') lies between inf g' and sup g' times w - w', for a g without jumps."""
    if a.form != b.form or not continuous(a.form, INNER, S.Reals):
        return []
    slope = tidy(a.form.diff(INNER), INNER)
    top = one_variable.supremum(slope, INNER, S.Reals)
    low = one_variable.infimum(slope, INNER, S.Reals)
    if top is None or low is None or not (top.value.is_finite and low.value.is_finite):
        return []
    gap = expand(a.inner - b.inner)
    forward = And(gap >= 0, x - y <= top.value * gap, x - y >= low.value * gap)
    backward = And(gap <= 0, x - y >= top.value * gap, x - y <= low.value * gap)
    return [Or(forward, backward)]
