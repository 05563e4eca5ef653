"""Inequalities that only say: g is monotone and one inner expression is at most the other.

.. math:: w_1 \\le w_2,\\ g \\text{ non-decreasing} \\Rightarrow g(w_1) \\le g(w_2); \\qquad
          w \\le z_0,\\ g(z_0) = c \\Rightarrow g(w) \\le c.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Expr, Interval, oo
from sympy.core.relational import Ge, Gt, Le, Lt

from theory.losses import tidy
from theory.provers.kernel import proved
from theory.reasoning import one_variable
from theory.reasoning.composites import INNER, whole_composite
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.turning_points import sign_changes
from theory.verdicts import Evidence

COST = 12


def treats(statement: Any) -> bool:
    """Weak and strict inequalities."""
    return isinstance(statement, Le | Ge | Lt | Gt)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Compare two values of one function, or one value with a constant."""
    goal, given = claim.holds, list(claim.given)
    strict = isinstance(goal, Lt | Gt)
    if defined(goal, given, deadline) is None:
        return None
    found = _two_values(goal.lts, goal.gts, strict, given, deadline)
    return found or _one_value(goal.gts - goal.lts, strict, given, deadline)


def _two_values(
    small: Expr, big: Expr, strict: bool, given: Any, deadline: float
) -> Evidence | None:
    a, b = whole_composite(small), whole_composite(big)
    if a is None or b is None or strict:
        return None
    for form, inner in ((b.form, b.inner), (b.form.xreplace({INNER: -INNER}), -b.inner)):
        if (a.form - form).expand() == 0:
            return _ordered(form, a.inner, inner, given, deadline)
    return None


def _ordered(form: Expr, lower: Expr, upper: Expr, given: Any, deadline: float) -> Evidence | None:
    """g(lower) <= g(upper) where g is monotone on a half-line that holds both."""
    for domain in _half_lines(tidy(form.diff(INNER), INNER)):
        trend = one_variable.monotonicity(form, INNER, domain, deadline)
        if trend is None:
            continue
        order = lower <= upper if trend in ("increasing", "constant") else upper <= lower
        goals = [order, *(domain.contains(w) for w in (lower, upper))]
        arguments = [entailed(given, g, deadline) for g in goals]
        found = [a for a in arguments if a is not None]
        if len(found) == len(goals):
            steps = [f"g(z) = {form} is {trend} on {domain}", f"so it is enough that {order}"]
            steps += [s for a in found for s in a.steps]
            return proved("monotonicity", "two values of one monotone function", steps)
    return None


def _one_value(gap: Expr, strict: bool, given: Any, deadline: float) -> Evidence | None:
    """g(w) >= 0 on a half-line that the hypotheses put w in."""
    found = whole_composite(Add(gap))
    if found is None:
        return None
    for domain in _half_lines(found.form, strict):
        proof = one_variable.prove_nonnegative(
            found.form, INNER, domain, strict=strict, deadline=deadline
        )
        if proof is None:
            continue
        inside = entailed(given, domain.contains(found.inner), deadline)
        if inside is not None:
            steps = [f"g(z) = {found.form} on {domain}", *proof.steps, f"{found.inner} lies there"]
            return proved("monotonicity", "one value of a function", [*steps, *inside.steps])
    return None


def _half_lines(form: Expr, strict: bool = False) -> Iterator[Interval]:
    yield Interval(-oo, oo)
    for point in sign_changes(form, INNER):
        yield Interval(-oo, point)
        yield Interval(point, oo)
        if strict:
            yield Interval.open(-oo, point)
            yield Interval.open(point, oo)
