"""Convexity statements, by the convexity calculus."""

from __future__ import annotations

from typing import Any

from theory.provers.kernel import proved
from theory.reasoning.convexity import curvature
from theory.reasoning.definedness import defined
from theory.reasoning.invariants import orthant_rewriting
from theory.statements import Convex
from theory.verdicts import Evidence

COST = 20


def treats(statement: Any) -> bool:
    """Convex."""
    return isinstance(statement, Convex)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Compose atoms of known curvature."""
    f = claim.holds.f.xreplace(orthant_rewriting(claim.given))
    argument = defined(f, claim.given, deadline)
    found = curvature(f, claim.holds.wrt, claim.given)
    if argument is None or found is None or found.kind not in ("convex", "affine"):
        return None
    steps = found.steps or (f"{f} does not bend in {claim.holds.wrt}",)
    return proved("convexity-calculus", f"{found.kind} by composition", steps)
