"""Contradictory hypotheses: nothing satisfies them, so the statement says nothing."""

from __future__ import annotations

from typing import Any

from sympy import S, Symbol, ceiling, floor
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.provers import about_dimension
from theory.reasoning.entailment import contradiction
from theory.reasoning.one_variable import prove_nonnegative
from theory.reasoning.slopes import hull_of
from theory.scalars import VectorScalar
from theory.vectors import Label
from theory.verdicts import Evidence, Status


def vacuous(claim: Any, deadline: float) -> Evidence | None:
    """A proof that the hypotheses contradict each other in every dimension claimed."""
    if any(g is S.false for g in claim.given):
        return Evidence("evaluation", Status.VACUOUS, "a hypothesis is false as written")
    if not claim.given:
        return None
    if (symbol := _without_integers(claim)) is not None:
        detail = "the hypotheses contradict each other"
        steps = (f"no integer {symbol} meets the hypotheses about {symbol} alone",)
        return Evidence("integers", Status.VACUOUS, detail, steps=steps)
    if (excluded := _excluded(claim, deadline)) is not None:
        hypothesis, interval, why = excluded
        detail = f"{hypothesis} holds nowhere in {interval}"
        return Evidence("one-variable", Status.VACUOUS, detail, steps=why)
    sizes = about_dimension(claim.dimensions) if claim.dimensions else []
    argument = contradiction([*claim.given, *sizes], deadline)
    if argument is None:
        return None
    return Evidence(
        "invariants",
        Status.VACUOUS,
        "the hypotheses contradict each other",
        steps=argument.steps,
        data=argument.data,
    )


def _excluded(claim: Any, deadline: float) -> tuple[Any, Any, tuple[str, ...]] | None:
    """A hypothesis about one number that fails wherever the others allow, and why."""
    for g in claim.given:
        if not isinstance(g, Ge | Gt | Le | Lt) or len(g.free_symbols) != 1:
            continue
        (z,) = g.free_symbols
        if not isinstance(z, Symbol) or isinstance(z, Label) or g.atoms(VectorScalar):
            continue
        hull = hull_of(z, [h for h in claim.given if h is not g])
        strict = isinstance(g, Ge | Le)  # lts > gts everywhere; lts >= gts for a strict one
        found = prove_nonnegative(g.lts - g.gts, z, hull, strict=strict, deadline=deadline)
        if found is not None:
            return g, hull, found.steps
    return None


def _without_integers(claim: Any) -> Any:
    """An integer symbol whose own hypotheses leave an interval without integers, or None."""
    for z in claim.free_variables:
        if isinstance(z, Symbol) and not isinstance(z, Label) and z.is_integer:
            hull = hull_of(z, claim.given)
            low, high = ceiling(hull.start), floor(hull.end)
            first = low + 1 if hull.left_open and low == hull.start else low
            last = high - 1 if hull.right_open and high == hull.end else high
            if (first > last) == True:  # noqa: E712 - a SymPy truth value
                return z
    return None
