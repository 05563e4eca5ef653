"""Loewner inequalities written with a direction: <h, M h> >= 0 for every h, in every dimension.

.. math:: M = M_1 + \\sum_g g\\, M_g, \\quad M_g \\preceq 0,\\ g \\le \\bar g
          \\ \\Rightarrow\\ M \\succeq M_1 + \\sum_g \\bar g\\, M_g

with the transcendental factors g (a slope phi'(u), a curvature phi''(u)) bounded by a lemma or by
their supremum; what is left is rational, in the plane of two vectors.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs as ScalarAbs
from sympy import Add, Expr, Mul, S, exp, expand, factor_terms, log
from sympy.core.relational import Ge, Le

from theory.provers.kernel import proved
from theory.provers.lemmas import with_lemmas
from theory.reasoning import one_variable
from theory.reasoning.composites import INNER, whole_composite
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.reasoning.invariants import label_cases, normal_form
from theory.reasoning.quadratic_forms import (
    ALPHA,
    conditions,
    expand_outside,
    frame,
    quadratic_form,
)
from theory.scalars import norm
from theory.vectors import Signs, Vector
from theory.verdicts import Evidence

COST = 17


def treats(statement: Any) -> bool:
    """Weak inequalities."""
    return isinstance(statement, Le | Ge)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Bound the transcendental factors, then reduce to a 2 x 2 matrix."""
    gap = normal_form(claim.holds.gts - claim.holds.lts, claim.given)
    directions = [h for h in claim.free_variables if _is_direction(h, claim, gap)]
    if not directions or defined(claim.holds, claim.given, deadline) is None:
        return None
    for h in directions:
        steps = _for_direction(gap, h, claim, deadline)
        if steps is not None:
            detail = f"positive semidefinite in {h}, in every dimension"
            return proved("quadratic-form", detail, steps)
    return None


def _is_direction(h: Any, claim: Any, gap: Expr) -> bool:
    if not isinstance(h, Vector) or isinstance(h, Signs):
        return False
    if any(h in g.atoms(Vector) for g in (*claim.given, *claim.lemmas)):
        return False
    return quadratic_form(gap, h) is not None


def _for_direction(gap: Expr, h: Vector, claim: Any, deadline: float) -> list[str] | None:
    upper, steps = _bounds_from_lemmas(claim, deadline)
    for case in label_cases(gap, *claim.given, *upper, *upper.values()):
        given = [g.xreplace(case) for g in claim.given]
        bounds = {g.xreplace(case): b.xreplace(case) for g, b in upper.items()}
        found = _without_factors(gap.xreplace(case), h, bounds, given, deadline)
        if found is None:
            return None
        rational, notes = found
        argument = _semidefinite(rational, h, given, deadline)
        if argument is None:
            return None
        steps += [*notes, *argument]
    return steps


def _bounds_from_lemmas(claim: Any, deadline: float) -> tuple[dict[Expr, Expr], list[str]]:
    """g <= bound for every lemma that one of the strategies proves."""
    facts, steps = with_lemmas(claim, deadline)
    bounds = {f.lts: f.gts for f in facts if isinstance(f, Le | Ge) and f in claim.lemmas}
    return bounds, ["a quadratic form in the plane of its vectors", *steps]


def _without_factors(
    gap: Expr, h: Vector, bounds: dict[Expr, Expr], given: Any, deadline: float
) -> tuple[Expr, list[str]] | None:
    """Replace every transcendental factor by a bound on the side where its matrix allows it."""
    total: Expr = S.Zero
    notes: list[str] = []
    for g, bound in bounds.items():
        part = _by_factor(gap).get(g)
        if part is not None and _semidefinite(-part, h, given, deadline):
            gap += (bound - g) * part
            notes.append(f"{g} is at most {bound} by a lemma")
    for g, part in _by_factor(gap).items():
        if g == 1:
            total += part
            continue
        side = "above" if _semidefinite(-part, h, given, deadline) else "below"
        if side == "below" and _semidefinite(part, h, given, deadline) is None:
            return None
        bound = _bound(g, side)
        if bound is None:
            return None
        notes.append(f"{g} is bounded {side} by {bound}")
        total += bound * part
    return total, notes


def _by_factor(gap: Expr) -> dict[Expr, Expr]:
    parts: dict[Expr, Expr] = {}
    for term in Add.make_args(expand_outside(gap)):
        factors = Mul.make_args(term)
        g = Mul(*(f for f in factors if f.atoms(exp, log)))
        parts[g] = parts.get(g, S.Zero) + Mul(*(f for f in factors if not f.atoms(exp, log)))
    return parts


def _bound(g: Expr, side: str) -> Expr | None:
    found = whole_composite(g)
    if found is None:
        return None
    search = one_variable.supremum if side == "above" else one_variable.infimum
    extremum = search(found.form, INNER, S.Reals)
    return extremum.value if extremum is not None and extremum.value.is_finite else None


def _semidefinite(e: Expr, h: Vector, given: Any, deadline: float) -> list[str] | None:
    """The conditions in the plane of the vectors of the form, each entailed."""
    form = quadratic_form(e, h)
    moves = frame(form.vectors) if form is not None else None
    if e == 0:
        return ["the form is 0"]
    if form is None or moves is None:
        return None
    if form.vectors and entailed(given, norm(form.vectors[0]) > 0, deadline) is None:
        return None
    facts = [g.xreplace(moves) for g in given] + _plane(form.vectors)
    steps: list[str] = []
    for condition in conditions(form):
        for case, value in absolute_cases(_tidy(condition.xreplace(moves))):
            argument = entailed([*facts, *case], value >= 0, deadline)
            if argument is None:
                return None
            steps += [f"show {value >= 0}", *(f"when {c}" for c in case), *argument.steps]
    return steps


def absolute_cases(e: Expr) -> list[tuple[list[Any], Expr]]:
    """|a| = a where a >= 0 and -a where a <= 0: each case with its hypothesis."""
    cases: list[tuple[list[Any], Expr]] = [([], e)]
    for a in sorted(e.atoms(ScalarAbs), key=str)[:2]:
        inner = a.args[0]
        cases = [
            ([*facts, side * inner >= 0], expand(value.xreplace({a: side * inner})))
            for facts, value in cases
            for side in (1, -1)
        ]
    return cases


def _tidy(e: Expr) -> Expr:
    """|n a - n b| = n |a - b| for n >= 0, then everything multiplied out."""
    return expand(e.replace(ScalarAbs, lambda a: ScalarAbs(factor_terms(a))))


def _plane(vectors: Any) -> list[Any]:
    if len(vectors) < 2:
        return []
    return [norm(vectors[1]) >= ALPHA, norm(vectors[1]) >= -ALPHA]
