"""Claims about d = 1 alone: every norm is an absolute value, so they are about one number.

.. math:: d = 1: \\quad \\|v\\|_p = |v_1| = \\|v\\|_2 \\text{ for every } p
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from theory import clock
from theory.provers.fixed_dimension import prove_in
from theory.provers.kernel import proved
from theory.scalars import Norm, norm
from theory.statements import mapped
from theory.verdicts import Evidence, Status

COST = 5


def treats(statement: Any) -> bool:
    """Every statement, when the claim is about d = 1 alone."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the claim about coordinates, or with the 2-norm in the place of every norm."""
    if claim.dimensions != (1,):
        return None
    now = clock.now()
    return prove_in((1,), claim, now + (deadline - now) / 2) or _with_one_norm(claim, deadline)


def _with_one_norm(claim: Any, deadline: float) -> Evidence | None:
    from theory.provers import prove as prove_any

    holds = mapped(claim.holds, _as_2_norms)
    if holds == claim.holds:
        return None
    given = tuple(mapped(g, _as_2_norms) for g in claim.given)
    question = replace(claim, holds=holds, given=given, dimensions=None, mutants=())
    found = [e for e in prove_any(question, deadline) if e.status is Status.PROVED]
    if not found:
        return None
    steps = ("d = 1: every norm is the 2-norm", *found[0].steps)
    return proved("line", "proved with the 2-norm, which every norm is", steps, found[0].data)


def _as_2_norms(obj: Any) -> Any:
    if not hasattr(obj, "replace"):
        return obj
    return obj.replace(lambda e: isinstance(e, Norm) and e.p != 2, lambda e: norm(e.vector))
