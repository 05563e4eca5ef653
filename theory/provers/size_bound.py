"""Bounds of the size of a vector or scalar, by the triangle inequality and suprema.

.. math:: \\|\\textstyle\\sum g_k(w_k)\\, b_k\\| \\le \\sum \\sup|g_k|\\,\\|b_k\\|.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs
from sympy.core.relational import Ge, Le

from theory import clock
from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.lipschitz_calculus import normal_form_but_units
from theory.reasoning.sizes import Sizes
from theory.scalars import Norm
from theory.vectors import Signs, Vector
from theory.verdicts import Evidence

COST = 16


def treats(statement: Any) -> bool:
    """Weak inequalities."""
    return isinstance(statement, Le | Ge)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """||v|| <= M <= the claimed bound."""
    small, big = claim.holds.lts, claim.holds.gts
    target = small.vector if isinstance(small, Norm) and small.p == 2 else None
    if isinstance(small, Abs):
        target = small.args[0]
    if target is None or defined(claim.holds, claim.given, deadline) is None:
        return None
    tried: set[Any] = set()
    for v in claim.free_variables:
        if not isinstance(v, Vector) or isinstance(v, Signs) or clock.now() > deadline:
            continue
        size = Sizes(v, claim.given).size(normal_form_but_units(target, claim.given))
        if size in tried:
            continue
        tried.add(size)
        argument = entailed(list(claim.given), size <= big, deadline)
        if argument is not None:
            steps = [f"||{target}|| <= {size}", *argument.steps]
            return proved("size", f"derived bound {size}", steps, argument.data)
    return None
