r"""Bounded functions as named reals: sine, cosine, arc tangent, error function.

.. math:: \sin^2 w + \cos^2 w = 1,\ |\sin w| \le |w|,\ 1 - \cos w \le \tfrac12 w^2, \qquad
          |\arctan w| < \tfrac\pi2,\ |\operatorname{erf} w| < 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, S, atan, cos, pi, sin

from theory.reasoning.inequalities.formulas import ABOVE, AT_LEAST, EQUAL, TRUE, Literal
from theory.reasoning.inequalities.purify import Term

if TYPE_CHECKING:
    from theory.reasoning.inequalities.opaque import Opaque


def trigonometric(names: Opaque, e: Expr) -> Term:
    """sin(w) or cos(w), with what ties the two to each other and to w."""
    w, defined = names.term(e.args[0])
    new = (cos, e.args[0]) not in names.names
    c, s = (names.name((f, e.args[0]), f.__name__, str(f(e.args[0]))) for f in (cos, sin))
    if new:
        names.define(TRUE, Literal(c**2 + s**2 - 1, EQUAL))
    if new and names.elementary:
        for fact in (w**2 - s**2, w**2 - 2 + 2 * c):
            names.define(defined, Literal(fact, AT_LEAST))
    return (c if isinstance(e, cos) else s), defined


def saturating(names: Opaque, e: Expr) -> Term:
    """atan(w) or erf(w): bounded, of the sign of w; |atan(w)| <= |w|."""
    w, defined = names.term(e.args[0])
    new = e not in names.names
    a = names.name(e, type(e).__name__, str(e))
    if new:
        top = names.term(pi / 2)[0] if isinstance(e, atan) else S.One
        facts = [Literal(top - a, ABOVE), Literal(top + a, ABOVE), Literal(a * w, AT_LEAST)]
        if isinstance(e, atan):
            facts.append(Literal(w**2 - a**2, AT_LEAST))
        for fact in facts:
            names.define(defined, fact)
    return a, defined
