"""Differentiability statements, by the conditions under which every atom is differentiable."""

from __future__ import annotations

from typing import Any

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.differentiability import requirements
from theory.reasoning.entailment import entailed
from theory.reasoning.invariants import orthant_rewriting
from theory.statements import Convex, Differentiable
from theory.verdicts import Evidence

COST = 20


def treats(statement: Any) -> bool:
    """Differentiable."""
    return isinstance(statement, Differentiable) and not isinstance(statement, Convex)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Show that the hypotheses keep every atom off its kinks."""
    steps = differentiable(claim.holds.f, claim.holds.wrt, claim.given, deadline)
    if steps is None:
        return None
    return proved("differentiability-calculus", "every atom is off its kinks", steps)


def differentiable(f: Any, wrt: Any, given: Any, deadline: float) -> list[str] | None:
    """The argument that f has a gradient at every point of ``given``."""
    smooth = f.xreplace(orthant_rewriting(given))
    needed = requirements(smooth, wrt, tuple(given))
    if needed is None or defined(smooth, given, deadline) is None:
        return None
    steps = [f"{smooth} is built from differentiable functions"]
    for requirement in needed:
        argument = entailed(list(given), requirement.condition, deadline)
        if argument is None:
            return None
        steps += [f"{requirement.reason}: {requirement.condition}", *argument.steps]
    return steps
