"""Which hypotheses a derivative test may use: those that leave a convex set of ``wrt``.

.. math:: \\|A\\theta + b\\|_p \\le R, \\qquad \\langle a, \\theta\\rangle \\le c, \\qquad
          s \\odot \\theta > 0.

A bound of the derivative gives a Lipschitz constant only along segments inside the set.  Leaving
a hypothesis out is sound: the statement is then shown on a larger set.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from theory.hypotheses import InOrthant
from theory.scalars import Dot, Norm, variables
from theory.vectors import VectorExpr


def usable(g: Any, wrt: Any) -> bool:
    """Whether the hypothesis is free of wrt or convex in it."""
    if wrt not in variables(g):
        return True
    if isinstance(g, sp.And):
        return all(usable(part, wrt) for part in g.args)
    if isinstance(g, InOrthant):
        return g.vector == wrt and wrt not in variables(g.signs)
    if not isinstance(g, Relational) or g.rel_op not in ("<=", "<", ">=", ">"):
        return False
    small, large = (g.lhs, g.rhs) if g.rel_op in ("<=", "<") else (g.rhs, g.lhs)
    if affine(small, wrt) and affine(large, wrt):
        return True
    if wrt in variables(large):
        return False
    if isinstance(small, Norm):
        return affine_vector(small.vector, wrt)
    return isinstance(small, sp.Abs) and affine(small.args[0], wrt)


def affine(f: Any, wrt: Any) -> bool:
    """Whether a scalar is affine in wrt, by its form."""
    if f == wrt or wrt not in variables(f):
        return True
    if f.is_Add:
        return all(affine(a, wrt) for a in f.args)
    if f.is_Mul:
        varying = [a for a in f.args if wrt in variables(a)]
        return len(varying) == 1 and affine(varying[0], wrt)
    if isinstance(f, Dot):
        varying = [a for a in f.args if wrt in variables(a)]
        return len(varying) == 1 and affine_vector(varying[0], wrt)
    return False


def affine_vector(v: VectorExpr, wrt: Any) -> bool:
    """Whether a vector is affine in wrt, by its form."""
    for c, b in v.terms():
        inside, outside = wrt in variables(b), wrt in variables(c)
        if (inside and (outside or b != wrt)) or (outside and not affine(c, wrt)):
            return False
    return True
